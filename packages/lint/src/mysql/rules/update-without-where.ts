import type { StatementRule } from '../../rule.js';
import { type MysqlStatement, hasWord, isWord, outermost } from '../statement.js';

export const updateWithoutWhere: StatementRule<MysqlStatement> = {
  name: 'update-without-where',
  severity: 'danger',
  title: 'UPDATE without WHERE changes every row',
  reason:
    'Every row is locked until the commit, so that all other writers of the table wait; on a large table that is long.',
  safer: 'Say with WHERE which rows are meant; fill large tables batch by batch ("batch" of a template)',
  examples: {
    dangerous: ['UPDATE orders SET paid = 1', 'UPDATE orders SET paid = (SELECT 1 FROM customers WHERE id = 1)'],
    safe: ['UPDATE orders SET paid = 1 WHERE id = 1', 'UPDATE orders SET paid = 1 ORDER BY id LIMIT 100'],
  },
  find: (statement) => (isWord(statement[0], 'UPDATE') && !hasWord(outermost(statement), 'WHERE', 'LIMIT') ? [{}] : []),
};
