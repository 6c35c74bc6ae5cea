import type { StatementRule } from '../../rule.js';
import { addedColumn, alterationsIn, unlessNew } from '../alter.js';
import { type MysqlStatement, hasWord } from '../statement.js';

export const volatileDefault: StatementRule<MysqlStatement> = {
  name: 'volatile-default',
  severity: 'danger',
  title: 'ADD COLUMN with a value of its own for each row copies the table',
  reason:
    'A constant default is kept beside the table and costs nothing. AUTO_INCREMENT, a stored generated column and a default like UUID() are written into every row.',
  safer: 'Add the column without a default, and fill it batch by batch',
  examples: {
    dangerous: [
      'ALTER TABLE orders ADD COLUMN number int AUTO_INCREMENT UNIQUE',
      'ALTER TABLE orders ADD token char(36) DEFAULT (UUID())',
      'ALTER TABLE orders ADD total int AS (net + tax) STORED',
    ],
    safe: [
      "ALTER TABLE orders ADD COLUMN state varchar(9) DEFAULT 'new'",
      'ALTER TABLE orders ADD seen_at datetime DEFAULT current_timestamp()',
      'ALTER TABLE orders ADD total int AS (net + tax) VIRTUAL',
      'CREATE TABLE orders (id int);\nALTER TABLE orders ADD number int AUTO_INCREMENT UNIQUE',
    ],
  },
  find: (statement) =>
    alterationsIn(statement)
      .filter((alteration) => differsByRow(addedColumn(alteration)?.definition ?? []))
      .map(unlessNew),
};

function differsByRow(definition: MysqlStatement): boolean {
  if (hasWord(definition, 'AUTO_INCREMENT', 'STORED', 'PERSISTENT')) return true;
  return (
    hasWord(definition, 'DEFAULT') &&
    hasWord(definition, 'UUID', 'UUID_SHORT', 'RAND', 'SYS_GUID', 'SYSDATE', 'NEXTVAL')
  );
}
