import { lookups } from '../../names.js';
import type { StatementRule } from '../../rule.js';
import { renamingsIn } from '../alter.js';
import type { MysqlStatement } from '../statement.js';

export const renameTable: StatementRule<MysqlStatement> = {
  name: 'rename-table',
  severity: 'danger',
  title: 'What names the table by its old name fails from now on',
  reason:
    'Processes that were released before the migration know the old name only; so do later SQL files and reports.',
  safer: 'Leave a view of the old name behind, in the same migration, until nothing uses it any more',
  examples: {
    dangerous: [
      'RENAME TABLE orders TO purchases',
      'ALTER TABLE orders RENAME TO purchases',
      'RENAME TABLE orders TO archive.orders',
    ],
    safe: [
      'CREATE TABLE a (id int);\nRENAME TABLE a TO b',
      'RENAME TABLE orders TO purchases;\nCREATE VIEW orders AS SELECT * FROM purchases',
      'CREATE TABLE orders_new (id int);\nRENAME TABLE orders TO orders_old, orders_new TO orders',
      'ALTER TABLE orders RENAME INDEX a TO b',
    ],
  },
  find: (statement) =>
    renamingsIn(statement).map(({ from }) => ({ unless: lookups('table', from), unlessEver: lookups('named', from) })),
};
