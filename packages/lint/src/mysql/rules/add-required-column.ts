import type { StatementRule } from '../../rule.js';
import { addedColumn, alterationsIn, unlessNew } from '../alter.js';
import { type MysqlStatement, hasWord, isWord } from '../statement.js';

export const addRequiredColumn: StatementRule<MysqlStatement> = {
  name: 'add-required-column',
  severity: 'warning',
  title: 'ADD COLUMN … NOT NULL without a default gives old rows a value that nobody chose',
  reason:
    'Rows that are there get 0, an empty text or a zero date, and an INSERT that does not name the column fails from then on.',
  safer: 'Give it a DEFAULT, or add it without NOT NULL, fill it, and require it in a later migration',
  examples: {
    dangerous: ['ALTER TABLE orders ADD COLUMN total int NOT NULL'],
    safe: [
      'ALTER TABLE orders ADD COLUMN total int NOT NULL DEFAULT 0',
      'ALTER TABLE orders ADD COLUMN total int',
      'CREATE TABLE orders (id int);\nALTER TABLE orders ADD total int NOT NULL',
    ],
  },
  find: (statement) =>
    alterationsIn(statement)
      .filter((alteration) => isRequired(addedColumn(alteration)?.definition ?? []))
      .map(unlessNew),
};

function isRequired(definition: MysqlStatement): boolean {
  const isNotNull = definition.some((part, index) => isWord(part, 'NOT') && isWord(definition[index + 1], 'NULL'));
  return isNotNull && !hasWord(definition, 'DEFAULT', 'AUTO_INCREMENT', 'AS', 'GENERATED');
}
