import type { StatementRule } from '../../rule.js';
import { type MysqlStatement, isWord } from '../statement.js';

export const optimizeTable: StatementRule<MysqlStatement> = {
  name: 'optimize-table',
  severity: 'danger',
  title: 'OPTIMIZE TABLE writes the table anew',
  reason: 'For InnoDB it is ALTER TABLE … FORCE: it needs the room for a second copy, and may block writes.',
  safer: 'Leave it to hours in which nobody needs the table, outside of migrations',
  examples: {
    dangerous: ['OPTIMIZE TABLE orders', 'OPTIMIZE NO_WRITE_TO_BINLOG TABLE orders'],
    safe: ['ANALYZE TABLE orders'],
  },
  find: (statement) => (isWord(statement[0], 'OPTIMIZE') ? [{}] : []),
};
