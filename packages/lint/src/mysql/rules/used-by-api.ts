import { lookups, type WrittenName } from '../../names.js';
import type { Match, StatementRule } from '../../rule.js';
import { USED_BY_API } from '../../used-by-api.js';
import { alterationsIn, droppedColumn, droppedNames, renamedColumn, renamingsIn } from '../alter.js';
import type { MysqlStatement } from '../statement.js';

export const usedByApi: StatementRule<MysqlStatement> = {
  ...USED_BY_API,
  examples: {
    dangerous: [
      'DROP TABLE orders',
      'RENAME TABLE orders TO purchases',
      'ALTER TABLE orders DROP COLUMN state',
      'ALTER TABLE orders CHANGE state status int',
      'DROP VIEW monthly',
      'RENAME TABLE orders TO archive.orders',
      'CREATE TEMPORARY TABLE monthly (id int);\nDROP VIEW monthly',
    ],
    safe: [
      'ALTER TABLE orders ADD COLUMN status int',
      'CREATE TABLE orders (id int);\nDROP TABLE orders',
      'RENAME TABLE orders TO purchases;\nCREATE VIEW orders AS SELECT * FROM purchases',
      'CREATE TABLE orders_new (id int);\nRENAME TABLE orders TO orders_old, orders_new TO orders;\nDROP TABLE orders_old',
      'ALTER TABLE orders RENAME orders_old;\nCREATE TABLE orders (id int)',
      'DROP VIEW monthly;\nCREATE VIEW monthly AS SELECT 1 AS total',
      'DROP VIEW IF EXISTS monthly;\nCREATE ALGORITHM=UNDEFINED DEFINER=`root`@`localhost` SQL SECURITY DEFINER VIEW monthly AS SELECT 1 AS total',
    ],
  },
  find: (statement) => [
    ...droppedNames(statement, 'TABLE', 'TABLES').map((table) => relationGone('table', table)),
    ...droppedNames(statement, 'VIEW').map((view) => relationGone('view', view)),
    ...renamingsIn(statement).map(({ from }) => relationGone('table', from)),
    ...alterationsIn(statement).flatMap((alteration) => {
      const column = droppedColumn(alteration)?.column ?? renamedColumn(alteration);
      const { table } = alteration;
      return column === null ? [] : [{ unless: lookups('table', table), gone: { table: table.name, column } }];
    }),
  ],
};

/** Whoever reads it by its name is content with what has the name then. */
function relationGone(kind: string, written: WrittenName): Match {
  const gone = { table: written.name, column: null };
  return { unless: lookups(kind, written), unlessEver: lookups('named', written), gone };
}
