import type { StatementRule } from '../../rule.js';
import { addedConstraint, alterationsIn, unlessNew } from '../alter.js';
import { type MysqlStatement, isWord } from '../statement.js';

export const constraintScansTable: StatementRule<MysqlStatement> = {
  name: 'constraint-scans-table',
  severity: 'warning',
  title: 'ADD CONSTRAINT … CHECK copies the table while nobody can write to it',
  reason: 'Every row is looked at, and the first that does not fit makes it fail; MariaDB has no NOT VALID.',
  safer: 'Add it to the table when it is made; to a table with rows, while nobody writes to it',
  examples: {
    dangerous: [
      'ALTER TABLE orders ADD CONSTRAINT positive CHECK (total > 0)',
      'ALTER TABLE orders ADD CHECK (total > 0)',
    ],
    safe: [
      'CREATE TABLE orders (total int CHECK (total > 0))',
      'CREATE TABLE orders (total int);\nALTER TABLE orders ADD CHECK (total > 0)',
    ],
  },
  find: (statement) =>
    alterationsIn(statement)
      .filter((alteration) => isWord(addedConstraint(alteration)?.what[0], 'CHECK'))
      .map(unlessNew),
};
