import type { StatementRule } from '../../rule.js';
import { alterationsIn, unlessNew } from '../alter.js';
import { type MysqlStatement, beginsWith, isWord } from '../statement.js';

export const rewriteTable: StatementRule<MysqlStatement> = {
  name: 'rewrite-table',
  severity: 'danger',
  title: 'This ALTER TABLE writes the whole table anew',
  reason:
    'ENGINE, FORCE, CONVERT TO CHARACTER SET, ROW_FORMAT, ORDER BY, partitioning, DROP PRIMARY KEY and ALGORITHM=COPY copy every row; most of them block writes meanwhile, and need the room for a second copy.',
  safer: 'Do it while nobody needs the table, or fill a new table batch by batch and exchange the two by RENAME TABLE',
  examples: {
    dangerous: [
      'ALTER TABLE orders ENGINE=InnoDB',
      'ALTER TABLE orders CONVERT TO CHARACTER SET utf8mb4',
      'ALTER TABLE orders DROP PRIMARY KEY, ADD PRIMARY KEY (number)',
      'ALTER TABLE orders ADD COLUMN a int, ALGORITHM=COPY',
    ],
    safe: [
      "ALTER TABLE orders COMMENT = 'what was bought'",
      'CREATE TABLE orders (id int) ENGINE=InnoDB',
      'CREATE TABLE orders (id int);\nALTER TABLE orders FORCE',
    ],
  },
  find: (statement) =>
    alterationsIn(statement)
      .filter(({ action }) => rewrites(action))
      .map(unlessNew),
};

function rewrites(action: MysqlStatement): boolean {
  const [first, , value] = action;
  if (isWord(first, 'ENGINE', 'FORCE', 'CONVERT', 'ROW_FORMAT', 'KEY_BLOCK_SIZE')) return true;
  if (isWord(first, 'ALGORITHM')) return isWord(value, 'COPY');
  return [
    ['DROP', 'PRIMARY'],
    ['ORDER', 'BY'],
    ['PARTITION', 'BY'],
    ['REMOVE', 'PARTITIONING'],
  ].some((words) => beginsWith(action, ...words));
}
