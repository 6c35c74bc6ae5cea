import { lookups } from '../../names.js';
import type { StatementRule } from '../../rule.js';
import { alterationsIn } from '../alter.js';
import { type MysqlStatement, behind, beginsWith, isWord, lower, nameAt } from '../statement.js';

export const dropIndex: StatementRule<MysqlStatement> = {
  name: 'drop-index',
  severity: 'warning',
  title: 'Without the index, what relied on it is slow from now on',
  reason:
    'MariaDB commits it by itself, and building the index again takes its time. Its name may be another one in another database.',
  safer: 'ALTER TABLE … ALTER INDEX … IGNORED first, and drop it in a later migration, when nobody has missed it',
  examples: {
    dangerous: ['DROP INDEX by_state ON orders', 'ALTER TABLE orders DROP KEY by_state'],
    safe: [
      'ALTER TABLE orders ALTER INDEX by_state IGNORED',
      'ALTER TABLE orders ADD INDEX a (state);\nDROP INDEX a ON orders',
    ],
  },
  find(statement) {
    if (beginsWith(statement, 'DROP', 'INDEX')) {
      const [name, , ...rest] = behind(statement, 'DROP', 'INDEX', 'IF', 'EXISTS');
      const table = nameAt(rest);
      if (name === undefined || table === null) return [{}];
      return [{ unless: [...lookups('table', table.name), ...lookups('index', table.name, lower(name))] }];
    }
    return alterationsIn(statement).flatMap(({ table, action }) => {
      if (!isWord(action[0], 'DROP') || !isWord(action[1], 'INDEX', 'KEY')) return [];
      const [name] = behind(action, 'DROP', 'INDEX', 'KEY', 'IF', 'EXISTS');
      return [
        { unless: [...lookups('table', table), ...(name === undefined ? [] : lookups('index', table, lower(name)))] },
      ];
    });
  },
};
