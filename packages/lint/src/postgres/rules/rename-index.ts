import type { Node } from 'libpg-query';
import { lookups } from '../../names.js';
import type { StatementRule } from '../../rule.js';
import { writtenName } from '../nodes.js';

export const renameIndex: StatementRule<Node> = {
  name: 'rename-index',
  severity: 'warning',
  title: 'What names the index by its old name fails from the commit on',
  reason:
    'Later migrations, REINDEX and monitoring know an index by its name. A name that the server made may be another one in another database.',
  safer: 'Leave the name as it is, or build a second index CONCURRENTLY under the new name and drop the old one later',
  examples: {
    dangerous: ['ALTER INDEX orders_state RENAME TO orders_by_state'],
    safe: ['CREATE INDEX CONCURRENTLY a ON orders (state);\nALTER INDEX a RENAME TO orders_by_state'],
  },
  find(node) {
    if (!('RenameStmt' in node) || node.RenameStmt.renameType !== 'OBJECT_INDEX') return [];
    const { relation } = node.RenameStmt;
    return [{ unless: relation === undefined ? [] : lookups('index', writtenName(relation)) }];
  },
};
