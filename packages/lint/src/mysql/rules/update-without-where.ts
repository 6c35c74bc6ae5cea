import type { StatementRule } from '../../rule.js';
import { ofEveryRow } from '../every-row.js';
import { type MysqlStatement, isWord } from '../statement.js';

export const updateWithoutWhere: StatementRule<MysqlStatement> = {
  name: 'update-without-where',
  severity: 'danger',
  title: 'UPDATE without WHERE changes every row',
  reason:
    'Every row is locked until the commit, so that all other writers of the table wait; on a large table that is long.',
  safer: 'Say with WHERE which rows are meant; fill large tables batch by batch ("batch" of a template)',
  examples: {
    dangerous: [
      'UPDATE orders SET paid = 1',
      'UPDATE orders SET paid = (SELECT 1 FROM customers WHERE id = 1)',
      'CREATE TABLE copy AS SELECT * FROM orders;\nUPDATE copy JOIN orders USING (id) SET orders.paid = 1',
    ],
    safe: [
      'UPDATE orders SET paid = 1 WHERE id = 1',
      'UPDATE orders SET paid = 1 ORDER BY id LIMIT 100',
      'CREATE TABLE copy AS SELECT * FROM orders;\nUPDATE copy AS c SET paid = 1, state = 2',
    ],
  },
  find: (statement) => (isWord(statement[0], 'UPDATE') ? ofEveryRow(statement) : []),
};
