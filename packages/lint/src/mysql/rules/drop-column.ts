import { lookups } from '../../names.js';
import type { StatementRule } from '../../rule.js';
import { alterationsIn, droppedColumn, unlessNew } from '../alter.js';
import type { MysqlStatement } from '../statement.js';

export const dropColumn: StatementRule<MysqlStatement> = {
  name: 'drop-column',
  severity: 'danger',
  title: 'DROP COLUMN removes its values for good',
  reason:
    'MariaDB commits it by itself, and statements that name the column fail at once, also those of processes that were released before.',
  safer: 'First release what no longer names the column, then drop it in a later migration',
  examples: {
    dangerous: ['ALTER TABLE orders DROP COLUMN note', 'ALTER TABLE orders ADD COLUMN a int, DROP `note`'],
    safe: [
      'ALTER TABLE orders DROP INDEX by_state',
      'ALTER TABLE orders DROP FOREIGN KEY of_customer',
      'ALTER TABLE orders ADD COLUMN note text;\nALTER TABLE orders DROP COLUMN note',
    ],
  },
  find: (statement) =>
    alterationsIn(statement).flatMap((alteration) => {
      const dropped = droppedColumn(alteration);
      if (dropped === null) return [];
      const { unless } = unlessNew(alteration);
      return [{ unless: [...unless, ...lookups('column', alteration.table, dropped.column)] }];
    }),
};
