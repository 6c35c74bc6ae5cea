import type { Node } from 'libpg-query';
import { lookups } from '../../names.js';
import type { StatementRule } from '../../rule.js';
import { addedConstraint, alterations, tableLookups, writtenName } from '../nodes.js';

export const setNotNullScans: StatementRule<Node> = {
  name: 'set-not-null-scans',
  severity: 'warning',
  title: 'SET NOT NULL without a validated CHECK reads every row while nobody can use the table',
  reason:
    'It holds ACCESS EXCLUSIVE while it looks for a NULL, unless a validated CHECK (column IS NOT NULL) proves that there is none. Whether one is there is known only of what the same run validates.',
  safer:
    'ADD CONSTRAINT … CHECK (column IS NOT NULL) NOT VALID; in a later migration VALIDATE CONSTRAINT, then SET NOT NULL, then drop the CHECK',
  examples: {
    dangerous: [
      'ALTER TABLE orders ALTER COLUMN total SET NOT NULL',
      'ALTER TABLE orders ADD CONSTRAINT total_given NOT NULL total',
    ],
    safe: [
      'ALTER TABLE orders VALIDATE CONSTRAINT total_given;\nALTER TABLE orders ALTER COLUMN total SET NOT NULL',
      'ALTER TABLE orders ADD CONSTRAINT total_given NOT NULL total NOT VALID',
      'CREATE TABLE orders (total int);\nALTER TABLE orders ALTER COLUMN total SET NOT NULL',
    ],
  },
  find(node) {
    const table = 'AlterTableStmt' in node ? node.AlterTableStmt.relation : undefined;
    if (table === undefined) return [];
    return alterations(node)
      .filter((command) => {
        const constraint = addedConstraint(command);
        const isAdded = constraint?.contype === 'CONSTR_NOTNULL' && constraint.skip_validation !== true;
        return isAdded || command.subtype === 'AT_SetNotNull';
      })
      .map(() => ({ unless: [...tableLookups(table), ...lookups('validated', writtenName(table))] }));
  },
};
