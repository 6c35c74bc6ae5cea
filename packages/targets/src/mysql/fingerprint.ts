/** What the schema is made of: for each kind of object how it is called, what it comes and goes with, and its line. */
interface Part {
  readonly object: string;
  readonly parent: string | null;
  readonly line: string;
  readonly from: string;
}

const ON_TABLE = "CONCAT('table ', TABLE_NAME)";
const OURS = "TABLE_NAME NOT LIKE '\\_eden\\_%'";

const PARTS: readonly Part[] = [
  {
    object: ON_TABLE,
    parent: null,
    line: "CONCAT_WS(' ', 'table', TABLE_NAME, TABLE_TYPE, ENGINE, ROW_FORMAT, TABLE_COLLATION)",
    from: `TABLES WHERE TABLE_SCHEMA = DATABASE() AND ${OURS}`,
  },
  {
    object: "CONCAT('column ', TABLE_NAME, '.', COLUMN_NAME)",
    parent: ON_TABLE,
    line: `CONCAT_WS(' ', 'column', TABLE_NAME, COLUMN_NAME, ORDINAL_POSITION, COLUMN_TYPE, IS_NULLABLE,
          COALESCE(COLUMN_DEFAULT, '-'), COLLATION_NAME, EXTRA, GENERATION_EXPRESSION)`,
    from: `COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND ${OURS}`,
  },
  {
    object: "CONCAT('index ', INDEX_NAME, ' of ', TABLE_NAME)",
    parent: ON_TABLE,
    line: `CONCAT_WS(' ', 'index', TABLE_NAME, INDEX_NAME, NON_UNIQUE, SEQ_IN_INDEX, COLUMN_NAME, SUB_PART, INDEX_TYPE)`,
    from: `STATISTICS WHERE TABLE_SCHEMA = DATABASE() AND ${OURS}`,
  },
  {
    object: "CONCAT('foreign key ', CONSTRAINT_NAME, ' of ', TABLE_NAME)",
    parent: ON_TABLE,
    line: "CONCAT_WS(' ', 'key', TABLE_NAME, CONSTRAINT_NAME, COLUMN_NAME, REFERENCED_TABLE_NAME, REFERENCED_COLUMN_NAME)",
    from: 'KEY_COLUMN_USAGE WHERE TABLE_SCHEMA = DATABASE() AND REFERENCED_TABLE_NAME IS NOT NULL',
  },
  {
    object: "CONCAT('foreign key ', CONSTRAINT_NAME, ' of ', TABLE_NAME)",
    parent: ON_TABLE,
    line: "CONCAT_WS(' ', 'reference', TABLE_NAME, CONSTRAINT_NAME, UPDATE_RULE, DELETE_RULE)",
    from: 'REFERENTIAL_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = DATABASE()',
  },
  {
    object: "CONCAT('check ', CONSTRAINT_NAME, ' of ', TABLE_NAME)",
    parent: ON_TABLE,
    line: "CONCAT_WS(' ', 'check', TABLE_NAME, CONSTRAINT_NAME, CHECK_CLAUSE)",
    from: 'CHECK_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = DATABASE()',
  },
  {
    object: "CONCAT('trigger ', TRIGGER_NAME, ' of ', EVENT_OBJECT_TABLE)",
    parent: "CONCAT('table ', EVENT_OBJECT_TABLE)",
    line: `CONCAT_WS(' ', 'trigger', TRIGGER_NAME, EVENT_OBJECT_TABLE, ACTION_TIMING, EVENT_MANIPULATION, ACTION_ORDER,
          MD5(ACTION_STATEMENT))`,
    from: 'TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE()',
  },
  {
    object: "CONCAT(LOWER(ROUTINE_TYPE), ' ', ROUTINE_NAME)",
    parent: null,
    line: "CONCAT_WS(' ', 'routine', ROUTINE_TYPE, ROUTINE_NAME, DTD_IDENTIFIER, SECURITY_TYPE, MD5(ROUTINE_DEFINITION))",
    from: 'ROUTINES WHERE ROUTINE_SCHEMA = DATABASE()',
  },
  {
    object: ON_TABLE,
    parent: null,
    line: "CONCAT_WS(' ', 'view', TABLE_NAME, SECURITY_TYPE, MD5(VIEW_DEFINITION))",
    from: 'VIEWS WHERE TABLE_SCHEMA = DATABASE()',
  },
];

const LINES = PARTS.map(({ line, from }) => `SELECT ${line} AS line FROM information_schema.${from}`);

/**
 * A quarter of the digests of all lines, in any order: no list of them has to fit into a variable of the server. Added up,
 * so that two equal lines are not as none.
 */
const QUARTER = (from: number) => `SUM(CAST(CONV(SUBSTRING(digest, ${from}, 16), 16, 10) AS UNSIGNED))`;

/** One row: a digest of the schema without our tables, and without what rows and counters change. */
export const FINGERPRINT = `SELECT SHA2(CONCAT_WS('-', COUNT(*), ${[1, 17, 33, 49].map(QUARTER).join(', ')}), 256) AS fingerprint
  FROM (SELECT SHA2(line, 256) AS digest FROM (${LINES.join(' UNION ALL ')}) AS line) AS digests`;

const OBJECTS = PARTS.map(
  ({ object, parent, line, from }) =>
    `SELECT ${object} AS object, ${parent ?? 'NULL'} AS parent, ${line} AS line FROM information_schema.${from}`,
);

/** Rows: each line with its object, in their order. */
export const SCHEMA_LINES = `SELECT object, parent, line FROM (${OBJECTS.join(' UNION ALL ')}) AS part ORDER BY object, line`;
