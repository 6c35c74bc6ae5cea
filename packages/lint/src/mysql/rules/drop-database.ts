import { lookups } from '../../names.js';
import type { StatementRule } from '../../rule.js';
import { droppedNames } from '../alter.js';
import type { MysqlStatement } from '../statement.js';

export const dropDatabase: StatementRule<MysqlStatement> = {
  name: 'drop-database',
  severity: 'danger',
  title: 'DROP DATABASE removes everything in it for good',
  reason: 'MariaDB commits it by itself: nothing takes it back.',
  safer: 'Drop databases by hand, once a backup of them has been read back',
  examples: {
    dangerous: ['DROP DATABASE shop', 'DROP SCHEMA IF EXISTS shop'],
    safe: ['DROP TRIGGER note_changes'],
  },
  find: (statement) =>
    droppedNames(statement, 'DATABASE', 'SCHEMA').map((name) => ({ unless: lookups('schema', name) })),
};
