import type { StatementRule } from '../../rule.js';
import { addedConstraint, alterationsIn, unlessNew } from '../alter.js';
import { type MysqlStatement, isWord } from '../statement.js';

export const foreignKeyScansTables: StatementRule<MysqlStatement> = {
  name: 'foreign-key-scans-tables',
  severity: 'warning',
  title: 'ADD FOREIGN KEY copies the table while nobody can write to it',
  reason: 'With foreign_key_checks on, InnoDB copies the table to look at every row.',
  safer: 'Add it to the table when it is made; to a table with rows, while nobody writes to it',
  examples: {
    dangerous: [
      'ALTER TABLE orders ADD CONSTRAINT of_customer FOREIGN KEY (customer) REFERENCES customers (id)',
      'ALTER TABLE orders ADD FOREIGN KEY (customer) REFERENCES customers (id)',
    ],
    safe: [
      'CREATE TABLE orders (customer int, FOREIGN KEY (customer) REFERENCES customers (id))',
      'CREATE TABLE orders (customer int);\nALTER TABLE orders ADD FOREIGN KEY (customer) REFERENCES customers (id)',
    ],
  },
  find: (statement) =>
    alterationsIn(statement)
      .filter((alteration) => isWord(addedConstraint(alteration)?.what[0], 'FOREIGN'))
      .map(unlessNew),
};
