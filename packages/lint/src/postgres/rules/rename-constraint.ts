import type { Node } from 'libpg-query';
import { lookups } from '../../names.js';
import type { StatementRule } from '../../rule.js';
import { tableLookups, writtenName } from '../nodes.js';

export const renameConstraint: StatementRule<Node> = {
  name: 'rename-constraint',
  severity: 'warning',
  title: 'What names the constraint by its old name fails from the commit on',
  reason:
    'Programs tell violations apart by the constraint’s name, and ON CONFLICT ON CONSTRAINT names it. A name that the server made may be another one in another database.',
  safer: 'Leave the name as it is, or release what knows both names first',
  examples: {
    dangerous: ['ALTER TABLE orders RENAME CONSTRAINT orders_total_check TO total_positive'],
    safe: [
      'ALTER TABLE orders ADD CONSTRAINT a CHECK (total > 0) NOT VALID;\nALTER TABLE orders RENAME CONSTRAINT a TO b',
    ],
  },
  find(node) {
    if (!('RenameStmt' in node) || node.RenameStmt.renameType !== 'OBJECT_TABCONSTRAINT') return [];
    const { relation, subname } = node.RenameStmt;
    if (relation === undefined) return [{}];
    return [{ unless: [...tableLookups(relation), ...lookups('constraint', writtenName(relation), subname)] }];
  },
};
