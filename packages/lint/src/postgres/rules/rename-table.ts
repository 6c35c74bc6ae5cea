import type { Node } from 'libpg-query';
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
    ],
  },
  find(node) {
    if ('AlterObjectSchemaStmt' in node) {
      const { objectType, relation } = node.AlterObjectSchemaStmt;
      return objectType === 'OBJECT_TABLE' ? [{ unless: tableLookups(relation) }] : [];
    }
    if (!('RenameStmt' in node) || node.RenameStmt.renameType !== 'OBJECT_TABLE') return [];
    const { relation } = node.RenameStmt;
    const asView = relation === undefined ? [] : lookups('view', writtenName(relation));
    return [{ unless: tableLookups(relation), unlessEver: asView }];
  },
};
