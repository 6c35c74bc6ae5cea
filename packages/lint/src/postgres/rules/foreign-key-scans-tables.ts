import type { Node } from 'libpg-query';
import type { StatementRule } from '../../rule.js';
import { addedColumn, addedConstraint, alterations, hasConstraint, unlessNewTable } from '../nodes.js';

export const foreignKeyScansTables: StatementRule<Node> = {
  name: 'foreign-key-scans-tables',
  severity: 'warning',
  title: 'A FOREIGN KEY without NOT VALID reads every row while nobody can write to either table',
  reason: 'It holds SHARE ROW EXCLUSIVE on both tables while it looks for the row that each row refers to.',
  safer: 'Add it NOT VALID, and VALIDATE CONSTRAINT in a later migration, which lets everybody read and write',
  examples: {
    dangerous: [
      'ALTER TABLE orders ADD CONSTRAINT of_customer FOREIGN KEY (customer) REFERENCES customers',
      'ALTER TABLE orders ADD COLUMN customer int DEFAULT 1 REFERENCES customers',
    ],
    safe: [
      'ALTER TABLE orders ADD CONSTRAINT of_customer FOREIGN KEY (customer) REFERENCES customers NOT VALID',
      'ALTER TABLE orders ADD COLUMN customer int REFERENCES customers',
      'CREATE TABLE orders (customer int);\nALTER TABLE orders ADD FOREIGN KEY (customer) REFERENCES customers',
    ],
  },
  find: (node) =>
    alterations(node)
      .filter((command) => {
        const [column, constraint] = [addedColumn(command), addedConstraint(command)];
        // A new column without a default refers to nothing yet.
        if (column !== null) return hasConstraint(column, 'CONSTR_FOREIGN') && hasConstraint(column, 'CONSTR_DEFAULT');
        return constraint?.contype === 'CONSTR_FOREIGN' && constraint.skip_validation !== true;
      })
      .map(() => unlessNewTable(node)),
};
