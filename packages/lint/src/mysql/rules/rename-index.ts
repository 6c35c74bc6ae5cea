import type { StatementRule } from '../../rule.js';
import { alterationsIn, unlessNew } from '../alter.js';
import { type MysqlStatement, isWord } from '../statement.js';

export const renameIndex: StatementRule<MysqlStatement> = {
  name: 'rename-index',
  severity: 'warning',
  title: 'What names the index by its old name fails from now on',
  reason:
    'Later migrations and index hints know an index by its name. A name that the server made may be another one in another database.',
  safer: 'Leave the name as it is, or add a second index under the new name and drop the old one later',
  examples: {
    dangerous: ['ALTER TABLE orders RENAME INDEX by_state TO orders_by_state'],
    safe: [
      'ALTER TABLE orders ADD INDEX orders_by_state (state)',
      'CREATE TABLE orders (id int, KEY a (id));\nALTER TABLE orders RENAME KEY a TO b',
    ],
  },
  find: (statement) =>
    alterationsIn(statement)
      .filter(({ action }) => isWord(action[0], 'RENAME') && isWord(action[1], 'INDEX', 'KEY'))
      .map(unlessNew),
};
