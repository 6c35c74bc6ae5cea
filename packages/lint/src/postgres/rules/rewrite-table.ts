import type { AlterTableCmd, Node } from 'libpg-query';
import type { StatementRule } from '../../rule.js';
import { alterations, unlessNewTable } from '../nodes.js';

const REWRITING: readonly AlterTableCmd['subtype'][] = [
  'AT_SetLogged',
  'AT_SetUnLogged',
  'AT_SetTableSpace',
  'AT_SetAccessMethod',
  'AT_SetExpression',
];

export const rewriteTable: StatementRule<Node> = {
  name: 'rewrite-table',
  severity: 'danger',
  title: 'This ALTER TABLE writes the whole table anew while nobody can read it',
  reason:
    'SET LOGGED, SET UNLOGGED, SET TABLESPACE, SET ACCESS METHOD and SET EXPRESSION copy every row and every index under ACCESS EXCLUSIVE, and need the room for a second copy.',
  safer: 'Do it while nobody needs the table, or fill a new table batch by batch and exchange the two by their names',
  examples: {
    dangerous: [
      'ALTER TABLE orders SET UNLOGGED',
      'ALTER TABLE orders SET TABLESPACE fast',
      'ALTER TABLE orders SET ACCESS METHOD heap',
      'ALTER TABLE orders ALTER COLUMN total SET EXPRESSION AS (net * 2)',
    ],
    safe: [
      'ALTER TABLE orders SET (fillfactor = 80)',
      'ALTER INDEX orders_state SET TABLESPACE fast',
      'CREATE TABLE staging (id bigint);\nALTER TABLE staging SET UNLOGGED',
    ],
  },
  find: (node) =>
    alterations(node)
      .filter(({ subtype }) => REWRITING.includes(subtype))
      .map(() => unlessNewTable(node)),
};
