import type { Node } from 'libpg-query';
import { lookups } from '../../names.js';
import type { StatementRule } from '../../rule.js';
import { tableLookups, writtenName } from '../nodes.js';

export const renameColumn: StatementRule<Node> = {
  name: 'rename-column',
  severity: 'danger',
  title: 'Statements that name the column by its old name fail from the commit on',
  reason: 'Processes that were released before the migration know the old name only.',
  safer:
    'Add a column of the new name, write both, fill the old rows batch by batch, and drop the old column in a later migration',
  examples: {
    dangerous: ['ALTER TABLE orders RENAME COLUMN state TO status'],
    safe: [
      'CREATE TABLE orders (state text);\nALTER TABLE orders RENAME state TO status',
      'ALTER TABLE orders ADD COLUMN state text;\nALTER TABLE orders RENAME state TO status',
    ],
  },
  find(node) {
    if (!('RenameStmt' in node) || node.RenameStmt.renameType !== 'OBJECT_COLUMN') return [];
    const { relation, relationType, subname } = node.RenameStmt;
    if (relationType !== 'OBJECT_TABLE' || relation === undefined) return [];
    return [{ unless: [...tableLookups(relation), ...lookups('column', writtenName(relation), subname)] }];
  },
};
