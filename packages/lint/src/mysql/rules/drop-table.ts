import { lookups } from '../../names.js';
import type { StatementRule } from '../../rule.js';
import { droppedNames } from '../alter.js';
import type { MysqlStatement } from '../statement.js';

export const dropTable: StatementRule<MysqlStatement> = {
  name: 'drop-table',
  severity: 'danger',
  title: 'DROP TABLE removes its rows for good',
  reason:
    'MariaDB commits it by itself: nothing takes it back when the rest of the migration fails, and whatever still reads the table fails at once.',
  safer:
    'First release what no longer uses the table, then rename it, and drop it in a later migration, when nobody has missed it',
  examples: {
    dangerous: ['DROP TABLE orders', 'DROP TABLE IF EXISTS shop.orders, customers'],
    safe: ['CREATE TABLE staging (id int);\nDROP TABLE staging', 'DROP VIEW monthly'],
  },
  find: (statement) => droppedNames(statement, 'TABLE', 'TABLES').map((table) => ({ unless: lookups('table', table) })),
};
