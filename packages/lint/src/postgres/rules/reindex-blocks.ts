import type { Node } from 'libpg-query';
import type { StatementRule } from '../../rule.js';
import { hasOption, tableLookups } from '../nodes.js';

export const reindexBlocks: StatementRule<Node> = {
  name: 'reindex-blocks',
  severity: 'warning',
  title: 'REINDEX without CONCURRENTLY blocks writes to the table, and reads that want the index',
  reason:
    'It holds SHARE on the table and ACCESS EXCLUSIVE on each index while it builds; planning a query waits for the latter.',
  safer: 'REINDEX … CONCURRENTLY, which runs outside the transaction ("atomicity": "best")',
  examples: {
    dangerous: ['REINDEX TABLE orders', 'REINDEX INDEX orders_state'],
    safe: [
      'REINDEX TABLE CONCURRENTLY orders',
      'REINDEX (VERBOSE, CONCURRENTLY) INDEX orders_state',
      'CREATE TABLE staging (id int PRIMARY KEY);\nREINDEX TABLE staging',
    ],
  },
  find: (node) =>
    'ReindexStmt' in node && !hasOption(node.ReindexStmt.params, 'concurrently')
      ? [{ unless: node.ReindexStmt.kind === 'REINDEX_OBJECT_TABLE' ? tableLookups(node.ReindexStmt.relation) : [] }]
      : [],
};
