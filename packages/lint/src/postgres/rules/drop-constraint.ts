import type { Node } from 'libpg-query';
import { lookups } from '../../names.js';
import type { StatementRule } from '../../rule.js';
import { alterations, tableLookups, writtenName } from '../nodes.js';

export const dropConstraint: StatementRule<Node> = {
  name: 'drop-constraint',
  severity: 'warning',
  title: 'DROP CONSTRAINT lets in what was kept out before',
  reason:
    'From the commit on, rows that break it can be written, and a rollback that adds it again fails on them. A key takes its index along, and ON CONFLICT that named it fails. A name that the server made may be another one in another database.',
  safer: 'Add what takes its place first, in the same migration, and name constraints when they are made',
  examples: {
    dangerous: [
      'ALTER TABLE orders DROP CONSTRAINT orders_total_check',
      'ALTER TABLE orders VALIDATE CONSTRAINT of_customer;\nALTER TABLE orders DROP CONSTRAINT orders_total_check',
    ],
    safe: [
      'ALTER TABLE orders ADD CONSTRAINT total_given CHECK (total IS NOT NULL) NOT VALID;\nALTER TABLE orders DROP CONSTRAINT total_given',
      'CREATE TABLE orders (id bigint CONSTRAINT positive CHECK (id > 0));\nALTER TABLE orders DROP CONSTRAINT positive',
      'ALTER TABLE orders VALIDATE CONSTRAINT total_given;\nALTER TABLE orders ALTER COLUMN total SET NOT NULL;\nALTER TABLE orders DROP CONSTRAINT total_given',
    ],
  },
  find(node) {
    const table = 'AlterTableStmt' in node ? node.AlterTableStmt.relation : undefined;
    if (table === undefined) return [];
    const own = writtenName(table);
    return alterations(node)
      .filter(({ subtype }) => subtype === 'AT_DropConstraint')
      .map(({ name }) => ({
        unless: [...tableLookups(table), ...lookups('constraint', own, name), ...lookups('validated', own, name)],
      }));
  },
};
