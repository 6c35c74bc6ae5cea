import type { StatementRule } from '../../rule.js';
import { alterationsIn, changedColumn, unlessNew } from '../alter.js';
import { type MysqlStatement, isWord } from '../statement.js';

export const setNotNullScans: StatementRule<MysqlStatement> = {
  name: 'set-not-null-scans',
  severity: 'warning',
  title: 'MODIFY … NOT NULL writes the table anew, and fails on the first NULL',
  reason: 'Where sql_mode is not strict, each NULL becomes 0 or an empty text without a word.',
  safer: 'Fill the column first, by a migration of its own, and look that no NULL is left',
  examples: {
    dangerous: [
      'ALTER TABLE orders MODIFY total int NOT NULL',
      'ALTER TABLE orders CHANGE COLUMN total total int NOT NULL',
    ],
    safe: [
      'ALTER TABLE orders MODIFY total bigint',
      'CREATE TABLE orders (total int);\nALTER TABLE orders MODIFY total int NOT NULL',
    ],
  },
  find: (statement) =>
    alterationsIn(statement)
      .filter((alteration) => isNotNull(changedColumn(alteration)?.definition ?? []))
      .map(unlessNew),
};

function isNotNull(definition: MysqlStatement): boolean {
  return definition.some((part, index) => isWord(part, 'NOT') && isWord(definition[index + 1], 'NULL'));
}
