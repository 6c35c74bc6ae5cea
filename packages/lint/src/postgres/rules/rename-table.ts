import type { Node, RangeVar } from 'libpg-query';
import { lookups } from '../../names.js';
import type { StatementRule } from '../../rule.js';
import { tableLookups, writtenName } from '../nodes.js';

export const renameTable: StatementRule<Node> = {
  name: 'rename-table',
  severity: 'danger',
  title: 'What names the table by its old name fails from the commit on',
  reason:
    'Processes that were released before the migration know the old name only; so do later SQL files and reports.',
  safer: 'Leave a view of the old name behind, in the same migration, until nothing uses it any more',
  examples: {
    dangerous: ['ALTER TABLE orders RENAME TO purchases', 'ALTER TABLE orders SET SCHEMA archive'],
    safe: [
      'CREATE TABLE a (id bigint);\nALTER TABLE a RENAME TO b',
      'ALTER TABLE orders RENAME TO purchases;\nCREATE VIEW orders AS SELECT * FROM purchases',
      'ALTER TABLE orders SET SCHEMA archive;\nCREATE VIEW orders AS SELECT * FROM archive.orders',
      'CREATE TABLE orders_new (id bigint);\nALTER TABLE orders RENAME TO orders_old;\nALTER TABLE orders_new RENAME TO orders',
    ],
  },
  find(node) {
    const relation = renamedTable(node);
    if (relation === undefined) return [];
    return [{ unless: tableLookups(relation), unlessEver: lookups('named', writtenName(relation)) }];
  },
};

function renamedTable(node: Node): RangeVar | undefined {
  if ('RenameStmt' in node && node.RenameStmt.renameType === 'OBJECT_TABLE') return node.RenameStmt.relation;
  const moved = 'AlterObjectSchemaStmt' in node ? node.AlterObjectSchemaStmt : undefined;
  return moved?.objectType === 'OBJECT_TABLE' ? moved.relation : undefined;
}
