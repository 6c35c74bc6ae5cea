import type { StatementRule } from '../../rule.js';
import { type MysqlStatement, hasWord, isWord, outermost } from '../statement.js';

export const deleteWithoutWhere: StatementRule<MysqlStatement> = {
  name: 'delete-without-where',
  severity: 'danger',
  title: 'DELETE without WHERE removes every row',
  reason:
    'Every row is gone with the commit, and no rollback brings it back; until then all other writers of the rows wait.',
  safer: 'Say with WHERE which rows are meant; delete many of them batch by batch ("batch" of a template)',
  examples: {
    dangerous: ['DELETE FROM orders'],
    safe: ['DELETE FROM orders WHERE id = 1', 'DELETE FROM orders LIMIT 100'],
  },
  find: (statement) => (isWord(statement[0], 'DELETE') && !hasWord(outermost(statement), 'WHERE', 'LIMIT') ? [{}] : []),
};
