import type { Node, RangeVar } from 'libpg-query';
import { lookups, type WrittenName } from '../../names.js';
import type { Match, StatementRule } from '../../rule.js';
import { USED_BY_API } from '../../used-by-api.js';
import { alterations, nameInList, relationKind, tableLookups, writtenName } from '../nodes.js';

export const usedByApi: StatementRule<Node> = {
  ...USED_BY_API,
  examples: {
    dangerous: [
      'DROP TABLE orders',
      'ALTER TABLE orders DROP COLUMN state',
      'ALTER TABLE orders RENAME state TO status',
      'ALTER TABLE orders RENAME TO purchases',
      'ALTER TABLE orders SET SCHEMA archive',
      'ALTER VIEW monthly RENAME TO totals',
      'DROP MATERIALIZED VIEW monthly',
      'CREATE TEMPORARY TABLE monthly (id bigint);\nDROP VIEW monthly',
    ],
    safe: [
      'ALTER TABLE orders ADD COLUMN status text',
      'CREATE TABLE orders (id bigint);\nDROP TABLE orders',
      'ALTER TABLE orders RENAME TO purchases;\nCREATE VIEW orders AS SELECT * FROM purchases',
      'ALTER TABLE orders RENAME TO orders_old;\nCREATE TABLE orders (id bigint);\nDROP TABLE orders_old',
      'CREATE TABLE orders_new (id bigint);\nALTER TABLE orders RENAME TO orders_old;\nALTER TABLE orders_new RENAME TO orders',
      'DROP VIEW monthly;\nCREATE VIEW monthly AS SELECT 1 AS total',
      'ALTER TABLE orders SET SCHEMA archive;\nCREATE VIEW orders AS SELECT * FROM archive.orders',
    ],
  },
  find(node) {
    if ('DropStmt' in node) return dropped(node);
    if ('RenameStmt' in node) return renamed(node);
    if ('AlterObjectSchemaStmt' in node) {
      const { objectType, relation } = node.AlterObjectSchemaStmt;
      return renamedRelation(objectType, relation);
    }
    const table = 'AlterTableStmt' in node ? node.AlterTableStmt.relation : undefined;
    return alterations(node)
      .filter(({ subtype }) => subtype === 'AT_DropColumn')
      .flatMap(({ name }) => columnGone(table, name));
  },
};

function dropped({ DropStmt: { removeType, objects } }: Extract<Node, { DropStmt: unknown }>): readonly Match[] {
  const kind = relationKind(removeType);
  return kind === undefined ? [] : (objects ?? []).map((item) => relationGone(kind, nameInList(item)));
}

function renamed({ RenameStmt: statement }: Extract<Node, { RenameStmt: unknown }>): readonly Match[] {
  const { renameType, relation, relationType, subname } = statement;
  if (renameType !== 'OBJECT_COLUMN') return renamedRelation(renameType, relation);
  return relationType === 'OBJECT_TABLE' ? columnGone(relation, subname) : [];
}

function renamedRelation(type: string | undefined, relation: RangeVar | undefined): readonly Match[] {
  const kind = relationKind(type);
  return kind === undefined || relation === undefined ? [] : [relationGone(kind, writtenName(relation))];
}

/** Whoever reads it by its name is content with what has the name then. */
function relationGone(kind: string, written: WrittenName): Match {
  const { name } = written;
  return {
    unless: lookups(kind, written),
    unlessEver: lookups('named', written),
    gone: { table: name.toLowerCase(), column: null },
  };
}

function columnGone(relation: RangeVar | undefined, column: string | undefined): readonly Match[] {
  if (relation === undefined || column === undefined) return [];
  const gone = { table: writtenName(relation).name.toLowerCase(), column: column.toLowerCase() };
  return [{ unless: tableLookups(relation), gone }];
}
