/** A rule of squawk 2.66.0, with a text that breaks it: what we say of that text, or why we say nothing. */
interface SquawkRule {
  readonly name: string;
  readonly text: string;
  readonly ours: string | null;
  readonly why?: string;
}

const found = (name: string, ours: string, text: string): SquawkRule => ({ name, text, ours });
const absent = (name: string, text: string, why: string): SquawkRule => ({ name, text, ours: null, why });

const TASTE = 'a matter of style: nothing is locked, lost or broken by it';
const WHOLE_RUN =
  'a run is atomic, and its steps outside the transaction are taken up from their rows: nothing runs twice';
const OURS_ALONE =
  'transactions are begun and ended by the service alone; what a text says of them is refused or joined';

export const SQUAWK_RULES: readonly SquawkRule[] = [
  found('adding-field-with-default', 'volatile-default', 'ALTER TABLE t ADD COLUMN c uuid DEFAULT gen_random_uuid()'),
  found(
    'adding-foreign-key-constraint',
    'foreign-key-scans-tables',
    'ALTER TABLE t ADD CONSTRAINT c FOREIGN KEY (a) REFERENCES u (id)',
  ),
  found('adding-not-nullable-field', 'set-not-null-scans', 'ALTER TABLE t ALTER COLUMN c SET NOT NULL'),
  found('adding-required-field', 'add-required-column', 'ALTER TABLE t ADD COLUMN c int NOT NULL'),
  found(
    'adding-serial-primary-key-field',
    'unique-constraint-blocks',
    'ALTER TABLE t ADD COLUMN id serial PRIMARY KEY',
  ),
  found(
    'ban-alter-domain-with-add-constraint',
    'domain-constraint',
    'ALTER DOMAIN d ADD CONSTRAINT c CHECK (value > 0)',
  ),
  found('ban-create-domain-with-constraint', 'domain-constraint', 'CREATE DOMAIN d AS int CHECK (value > 0)'),
  found('ban-drop-column', 'drop-column', 'ALTER TABLE t DROP COLUMN c'),
  found('ban-drop-database', 'drop-database', 'DROP DATABASE d'),
  found('ban-drop-not-null', 'drop-not-null', 'ALTER TABLE t ALTER COLUMN c DROP NOT NULL'),
  found('ban-drop-table', 'drop-table', 'DROP TABLE t'),
  found('ban-truncate-cascade', 'cascade', 'TRUNCATE t CASCADE'),
  found('changing-column-type', 'change-column-type', 'ALTER TABLE t ALTER COLUMN c TYPE bigint'),
  found('constraint-missing-not-valid', 'constraint-scans-table', 'ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0)'),
  found('disallowed-unique-constraint', 'unique-constraint-blocks', 'ALTER TABLE t ADD CONSTRAINT c UNIQUE (a)'),
  found('prefer-repack', 'cluster-or-vacuum-full', 'VACUUM FULL t'),
  found('renaming-column', 'rename-column', 'ALTER TABLE t RENAME COLUMN a TO b'),
  found('renaming-table', 'rename-table', 'ALTER TABLE t RENAME TO u'),
  found('require-concurrent-index-creation', 'index-blocks-writes', 'CREATE INDEX i ON t (a)'),
  found('require-concurrent-index-deletion', 'drop-index', 'DROP INDEX i'),
  found('require-concurrent-partition-detach', 'detach-partition-blocks', 'ALTER TABLE t DETACH PARTITION p'),
  found('require-concurrent-reindex', 'reindex-blocks', 'REINDEX TABLE t'),
  absent('ban-char-field', 'CREATE TABLE t (c char(3))', TASTE),
  absent('prefer-bigint-over-int', 'CREATE TABLE t (c int)', TASTE),
  absent('prefer-bigint-over-smallint', 'CREATE TABLE t (c smallint)', TASTE),
  absent('prefer-identity', 'CREATE TABLE t (c bigserial)', TASTE),
  absent('prefer-text-field', 'CREATE TABLE t (c varchar(9))', TASTE),
  absent('prefer-timestamp-tz', 'CREATE TABLE t (c timestamp)', TASTE),
  absent('require-enum-value-ordering', "ALTER TYPE e ADD VALUE 'x'", TASTE),
  absent('require-table-schema', 'CREATE TABLE t (c bigint)', TASTE),
  absent('prefer-robust-stmts', 'CREATE TABLE t (c bigint)', WHOLE_RUN),
  absent(
    'ban-concurrent-index-creation-in-transaction',
    'BEGIN; CREATE INDEX CONCURRENTLY i ON t (a); COMMIT',
    OURS_ALONE,
  ),
  absent('ban-uncommitted-transaction', 'BEGIN; SELECT 1', OURS_ALONE),
  absent('transaction-nesting', 'BEGIN; BEGIN; COMMIT', OURS_ALONE),
  absent(
    'require-lock-timeout',
    'DROP TABLE t',
    'each statement of a run has a lock timeout, the migration’s or the template’s',
  ),
  absent('require-statement-timeout', 'DROP TABLE t', 'each statement of a run has its template’s time limit'),
  absent(
    'ban-duplicate-column-assignments',
    'UPDATE t SET a = 1, a = 2 WHERE id = 1',
    'the server refuses it, and the run changes nothing',
  ),
  absent(
    'identifier-too-long',
    `CREATE TABLE ${'t'.repeat(64)} (c bigint)`,
    'the parser cuts the name as the server does, which says so: its notice is an event of the run',
  ),
];
