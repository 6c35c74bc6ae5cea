import type { StatementRule } from '../../rule.js';
import { type MysqlStatement, isWord } from '../statement.js';

export const lockClause: StatementRule<MysqlStatement> = {
  name: 'lock-clause',
  severity: 'warning',
  title: 'LOCK=SHARED and LOCK=EXCLUSIVE keep others out for as long as it takes',
  reason: 'The clause asks for more than the change may need: MariaDB takes the weakest lock by itself.',
  safer: 'LOCK=NONE, which fails where others would have to wait, or no clause at all',
  examples: {
    dangerous: [
      'ALTER TABLE orders ADD INDEX (state), LOCK=SHARED',
      'CREATE INDEX by_state ON orders (state) LOCK = EXCLUSIVE',
    ],
    safe: ['ALTER TABLE orders ADD INDEX (state), LOCK=NONE', 'ALTER TABLE orders ADD `lock` int', 'SELECT 1'],
  },
  find(statement) {
    if (!isWord(statement[0], 'ALTER', 'CREATE', 'DROP')) return [];
    const asks = statement.some((part, index) => {
      const [next, other] = statement.slice(index + 1, index + 3);
      return isWord(part, 'LOCK') && isWord(next?.text === '=' ? other : next, 'SHARED', 'EXCLUSIVE');
    });
    return asks ? [{}] : [];
  },
};
