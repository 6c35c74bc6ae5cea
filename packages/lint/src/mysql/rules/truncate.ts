import { alterationsIn, unlessNew } from '../alter.js';
import { lookups } from '../../names.js';
import type { StatementRule } from '../../rule.js';
import { type MysqlStatement, behind, isWord, nameAt } from '../statement.js';

export const truncate: StatementRule<MysqlStatement> = {
  name: 'truncate',
  severity: 'danger',
  title: 'TRUNCATE, and DROP PARTITION, remove all rows',
  reason: 'MariaDB commits it by itself: nothing brings the rows back when the rest of the migration fails.',
  safer: 'Delete the rows that are meant, with WHERE, or make a table anew and drop the old one later',
  examples: {
    dangerous: [
      'TRUNCATE orders',
      'TRUNCATE TABLE shop.orders',
      'ALTER TABLE events DROP PARTITION of_2024',
      'ALTER TABLE events TRUNCATE PARTITION of_2024',
    ],
    safe: [
      'CREATE TABLE staging (id int);\nTRUNCATE TABLE staging',
      'ALTER TABLE events REORGANIZE PARTITION rest INTO (PARTITION rest VALUES LESS THAN MAXVALUE)',
    ],
  },
  find(statement) {
    if (!isWord(statement[0], 'TRUNCATE')) return emptiedPartitions(statement);
    const table = nameAt(behind(statement, 'TRUNCATE', 'TABLE'));
    return [{ unless: table === null ? [] : lookups('table', table.name) }];
  },
};

function emptiedPartitions(statement: MysqlStatement) {
  return alterationsIn(statement)
    .filter(({ action }) => isWord(action[0], 'DROP', 'TRUNCATE') && isWord(action[1], 'PARTITION'))
    .map(unlessNew);
}
