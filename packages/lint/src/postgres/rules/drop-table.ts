import type { Node } from 'libpg-query';
import { lookups } from '../../names.js';
import type { StatementRule } from '../../rule.js';
import { nameInList } from '../nodes.js';

export const dropTable: StatementRule<Node> = {
  name: 'drop-table',
  severity: 'danger',
  title: 'DROP TABLE removes its rows for good',
  reason:
    'A rollback can make the table again, but not its rows; and whatever still reads it fails from the commit on.',
  safer:
    'First release what no longer uses the table, then rename it, and drop it in a later migration, when nobody has missed it',
  examples: {
    dangerous: [
      'DROP TABLE orders',
      'DROP TABLE IF EXISTS shop.orders, customers',
      'ALTER TABLE orders RENAME TO orders_old;\nDROP TABLE orders_old',
    ],
    safe: ['CREATE TABLE staging (id bigint);\nDROP TABLE staging'],
  },
  find(node) {
    if (!('DropStmt' in node) || node.DropStmt.removeType !== 'OBJECT_TABLE') return [];
    return (node.DropStmt.objects ?? []).map((item) => {
      const table = nameInList(item);
      return { unless: lookups('table', table) };
    });
  },
};
