import { lookups } from '../../names.js';
import type { StatementRule } from '../../rule.js';
import { alterationsIn } from '../alter.js';
import { type MysqlStatement, behind, isWord, lower } from '../statement.js';

export const dropConstraint: StatementRule<MysqlStatement> = {
  name: 'drop-constraint',
  severity: 'warning',
  title: 'Dropping a constraint lets in what was kept out before',
  reason:
    'From now on, rows that break it can be written, and a rollback that adds it again fails on them. A name that the server made may be another one in another database.',
  safer: 'Add what takes its place first, and name constraints when they are made',
  examples: {
    dangerous: ['ALTER TABLE orders DROP CONSTRAINT positive', 'ALTER TABLE orders DROP FOREIGN KEY of_customer'],
    safe: [
      'ALTER TABLE orders DROP COLUMN note',
      'ALTER TABLE orders ADD CONSTRAINT a CHECK (id > 0);\nALTER TABLE orders DROP CONSTRAINT a',
    ],
  },
  find: (statement) =>
    alterationsIn(statement).flatMap(({ table, action }) => {
      if (!isWord(action[0], 'DROP') || !isWord(action[1], 'CONSTRAINT', 'FOREIGN', 'CHECK')) return [];
      const [name] = behind(action, 'DROP', 'CONSTRAINT', 'FOREIGN', 'KEY', 'CHECK', 'IF', 'EXISTS');
      const own = name === undefined ? [] : lookups('constraint', table, lower(name));
      return [{ unless: [...lookups('table', table), ...own] }];
    }),
};
