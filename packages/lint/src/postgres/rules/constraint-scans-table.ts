import type { Constraint, Node } from 'libpg-query';
import type { StatementRule } from '../../rule.js';
import { addedColumn, addedConstraint, alterations, hasConstraint, unlessNewTable } from '../nodes.js';

export const constraintScansTable: StatementRule<Node> = {
  name: 'constraint-scans-table',
  severity: 'warning',
  title: 'A CHECK without NOT VALID reads every row while nobody can use the table',
  reason:
    'ADD CONSTRAINT … CHECK holds ACCESS EXCLUSIVE while it looks at all rows, and fails at the first that does not fit.',
  safer: 'Add it NOT VALID, and VALIDATE CONSTRAINT in a later migration, which lets everybody read and write',
  examples: {
    dangerous: [
      'ALTER TABLE orders ADD CONSTRAINT positive CHECK (total > 0)',
      'ALTER TABLE orders ADD COLUMN total int CHECK (total > 0)',
    ],
    safe: [
      'ALTER TABLE orders ADD CONSTRAINT positive CHECK (total > 0) NOT VALID',
      'CREATE TABLE orders (total int);\nALTER TABLE orders ADD CONSTRAINT positive CHECK (total > 0)',
    ],
  },
  find: (node) =>
    alterations(node)
      .filter((command) => {
        const [column, constraint] = [addedColumn(command), addedConstraint(command)];
        return (column !== null && hasConstraint(column, 'CONSTR_CHECK')) || (constraint !== null && scans(constraint));
      })
      .map(() => unlessNewTable(node)),
};

function scans({ contype, skip_validation: isNotValid, is_enforced: isEnforced }: Constraint): boolean {
  return contype === 'CONSTR_CHECK' && isNotValid !== true && isEnforced !== false;
}
