import type { Node } from 'libpg-query';
import { lookups } from '../../names.js';
import type { StatementRule } from '../../rule.js';
import { alterations, columnSetNotNull, tableLookups, writtenName } from '../nodes.js';

export const setNotNullScans: StatementRule<Node> = {
  name: 'set-not-null-scans',
  severity: 'warning',
  title: 'SET NOT NULL without a validated CHECK reads every row while nobody can use the table',
  reason:
    'It holds ACCESS EXCLUSIVE while it looks for a NULL, unless a validated CHECK (column IS NOT NULL) proves that there is none. Whether one is there is known only where the same text validates it, and adds it as well or drops it at the end.',
  safer:
    'ADD CONSTRAINT … CHECK (column IS NOT NULL) NOT VALID; in a later migration VALIDATE CONSTRAINT, then SET NOT NULL, then drop the CHECK',
  examples: {
    dangerous: [
      'ALTER TABLE orders ALTER COLUMN total SET NOT NULL',
      'ALTER TABLE orders ADD CONSTRAINT total_given NOT NULL total',
      'ALTER TABLE orders VALIDATE CONSTRAINT orders_customer_fkey;\nALTER TABLE orders ALTER COLUMN total SET NOT NULL',
      'ALTER TABLE orders VALIDATE CONSTRAINT total_given;\nALTER TABLE orders ALTER COLUMN total SET NOT NULL;\nALTER TABLE orders DROP CONSTRAINT positive',
      'ALTER TABLE orders ADD CONSTRAINT total_given CHECK (total IS NOT NULL) NOT VALID;\nALTER TABLE orders ALTER COLUMN total SET NOT NULL;\nALTER TABLE orders VALIDATE CONSTRAINT total_given',
      'ALTER TABLE orders ALTER COLUMN total SET NOT NULL;\nALTER TABLE orders VALIDATE CONSTRAINT total_given;\nALTER TABLE orders DROP CONSTRAINT total_given',
    ],
    safe: [
      'ALTER TABLE orders VALIDATE CONSTRAINT total_given;\nALTER TABLE orders ALTER COLUMN total SET NOT NULL;\nALTER TABLE orders DROP CONSTRAINT total_given',
      'ALTER TABLE orders ADD CONSTRAINT total_given CHECK (total IS NOT NULL) NOT VALID;\nALTER TABLE orders VALIDATE CONSTRAINT total_given;\nALTER TABLE orders ALTER COLUMN total SET NOT NULL',
      'ALTER TABLE orders ADD CONSTRAINT total_given NOT NULL total NOT VALID',
      'CREATE TABLE orders (total int);\nALTER TABLE orders ALTER COLUMN total SET NOT NULL',
    ],
  },
  find(node) {
    const table = 'AlterTableStmt' in node ? node.AlterTableStmt.relation : undefined;
    if (table === undefined) return [];
    return alterations(node)
      .map(columnSetNotNull)
      .filter((column) => column !== null)
      .map((column) => ({
        unless: [...tableLookups(table), ...lookups('no-nulls', writtenName(table), column)],
        unlessEver: lookups('no-nulls-behind', writtenName(table), column),
      }));
  },
};
