import type { GoneName } from '@eden/domain';
import { lookups, type WrittenName } from '../../names.js';
import type { Match, StatementRule } from '../../rule.js';
import { USED_BY_API } from '../../used-by-api.js';
import { alterationsIn, droppedColumn, droppedNames, renamedColumn, renamedTables } from '../alter.js';
import type { MysqlStatement } from '../statement.js';

export const usedByApi: StatementRule<MysqlStatement> = {
  ...USED_BY_API,
  examples: {
    dangerous: [
      'DROP TABLE orders',
      'RENAME TABLE orders TO purchases',
      'ALTER TABLE orders DROP COLUMN state',
      'ALTER TABLE orders CHANGE state status int',
    ],
    safe: [
      'ALTER TABLE orders ADD COLUMN status int',
      'CREATE TABLE orders (id int);\nDROP TABLE orders',
      'RENAME TABLE orders TO purchases;\nCREATE VIEW orders AS SELECT * FROM purchases',
    ],
  },
  find: (statement) => [
    ...droppedNames(statement, 'TABLE', 'TABLES').map((table) => tableGone(table)),
    ...renamedTables(statement).map((table) => ({ ...tableGone(table), unlessEver: lookups('view', table) })),
    ...alterationsIn(statement).flatMap((alteration) => {
      const column = droppedColumn(alteration)?.column ?? renamedColumn(alteration);
      return column === null ? [] : [gone(alteration.table, column)];
    }),
  ],
};

function tableGone(table: WrittenName): Match {
  return gone(table, null);
}

function gone(table: WrittenName, column: string | null): Match {
  const name: GoneName = { table: table.name, column };
  return { unless: lookups('table', table), gone: name };
}
