import type { Node } from 'libpg-query';
import { lookups } from '../../names.js';
import type { StatementRule } from '../../rule.js';
import { nameInList } from '../nodes.js';

export const dropIndex: StatementRule<Node> = {
  name: 'drop-index',
  severity: 'warning',
  title: 'DROP INDEX blocks reads and writes of the table until the commit',
  reason:
    'It waits for everybody who uses the table, and everybody else waits behind it. Its name may also be another one in another database, and what relied on it (a query, ON CONFLICT) is slow or fails afterwards.',
  safer: 'DROP INDEX CONCURRENTLY, once nothing uses it any more (pg_stat_user_indexes.idx_scan)',
  examples: {
    dangerous: ['DROP INDEX orders_state', 'DROP INDEX IF EXISTS shop.orders_state'],
    safe: [
      'DROP INDEX CONCURRENTLY orders_state',
      'CREATE INDEX CONCURRENTLY tmp_state ON orders (state);\nDROP INDEX tmp_state',
    ],
  },
  find(node) {
    if (!('DropStmt' in node) || node.DropStmt.removeType !== 'OBJECT_INDEX') return [];
    if (node.DropStmt.concurrent === true) return [];
    return (node.DropStmt.objects ?? []).map((item) => ({ unless: lookups('index', nameInList(item)) }));
  },
};
