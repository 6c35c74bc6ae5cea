import type { Node } from 'libpg-query';
import type { StatementRule } from '../../rule.js';
import { alterations } from '../nodes.js';

export const cascade: StatementRule<Node> = {
  name: 'cascade',
  severity: 'danger',
  title: 'CASCADE also takes what depends on it, which the statement does not name',
  reason:
    'What depends on an object differs between databases: a view or a foreign key that exists in production alone goes without anybody having read its name.',
  safer:
    'Name what has to go, each by a statement of its own, and leave CASCADE out: then what was forgotten is an error',
  examples: {
    dangerous: [
      'DROP VIEW monthly CASCADE',
      'ALTER TABLE orders DROP COLUMN note CASCADE',
      'TRUNCATE customers CASCADE',
    ],
    safe: ['DROP VIEW monthly', 'ALTER TABLE orders ADD FOREIGN KEY (customer) REFERENCES customers ON DELETE CASCADE'],
  },
  find(node) {
    const behaviors = [
      'DropStmt' in node ? node.DropStmt.behavior : undefined,
      'TruncateStmt' in node ? node.TruncateStmt.behavior : undefined,
      ...alterations(node)
        .filter(({ subtype }) => subtype === 'AT_DropColumn' || subtype === 'AT_DropConstraint')
        .map(({ behavior }) => behavior),
    ];
    return behaviors.includes('DROP_CASCADE') ? [{}] : [];
  },
};
