import { lookups } from '../../names.js';
import type { StatementRule } from '../../rule.js';
import { alterationsIn, renamedColumn, unlessNew } from '../alter.js';
import type { MysqlStatement } from '../statement.js';

export const renameColumn: StatementRule<MysqlStatement> = {
  name: 'rename-column',
  severity: 'danger',
  title: 'Statements that name the column by its old name fail from now on',
  reason: 'Processes that were released before the migration know the old name only.',
  safer:
    'Add a column of the new name, write both, fill the old rows batch by batch, and drop the old column in a later migration',
  examples: {
    dangerous: [
      'ALTER TABLE orders RENAME COLUMN state TO status',
      'ALTER TABLE orders CHANGE state status varchar(9)',
    ],
    safe: [
      'ALTER TABLE orders CHANGE state state varchar(9)',
      'CREATE TABLE orders (state int);\nALTER TABLE orders RENAME COLUMN state TO status',
    ],
  },
  find: (statement) =>
    alterationsIn(statement).flatMap((alteration) => {
      const column = renamedColumn(alteration);
      if (column === null) return [];
      return [{ unless: [...unlessNew(alteration).unless, ...lookups('column', alteration.table, column)] }];
    }),
};
