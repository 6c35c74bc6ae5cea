import { lookups, type WrittenName } from '../../names.js';
import type { StatementRule } from '../../rule.js';
import { droppedNames } from '../alter.js';
import { beginsWith, nameAt, type MysqlStatement } from '../statement.js';

export const dropTable: StatementRule<MysqlStatement> = {
  name: 'drop-table',
  severity: 'danger',
  title: 'DROP TABLE, and CREATE OR REPLACE TABLE, remove all rows for good',
  reason:
    'MariaDB commits it by itself: nothing takes it back when the rest of the migration fails, and whatever still reads the table fails at once.',
  safer:
    'First release what no longer uses the table, then rename it, and drop it in a later migration, when nobody has missed it',
  examples: {
    dangerous: [
      'DROP TABLE orders',
      'DROP TABLE IF EXISTS shop.orders, customers',
      'CREATE OR REPLACE TABLE orders (id int)',
    ],
    safe: [
      'CREATE TABLE staging (id int);\nDROP TABLE staging',
      'CREATE TABLE staging (id int);\nCREATE OR REPLACE TABLE staging (id int, state int)',
      'CREATE OR REPLACE TEMPORARY TABLE orders (id int)',
      'DROP VIEW monthly',
    ],
  },
  find: (statement) =>
    [...droppedNames(statement, 'TABLE', 'TABLES'), ...replacedTable(statement)].map((table) => ({
      unless: lookups('table', table),
    })),
};

function replacedTable(statement: MysqlStatement): readonly WrittenName[] {
  if (!beginsWith(statement, 'CREATE', 'OR', 'REPLACE', 'TABLE')) return [];
  const named = nameAt(statement.slice(4));
  return named === null ? [] : [named.name];
}
