import type { Node } from 'libpg-query';
import { lookups } from '../../names.js';
import type { StatementRule } from '../../rule.js';
import { tableLookups, writtenName } from '../nodes.js';

export const indexBlocksWrites: StatementRule<Node> = {
  name: 'index-blocks-writes',
  severity: 'warning',
  title: 'CREATE INDEX without CONCURRENTLY blocks writes to the table while it builds',
  reason:
    'It holds SHARE on the table until the commit: everybody reads, nobody writes. On a large table that is minutes.',
  safer: 'CREATE INDEX CONCURRENTLY, which runs outside the transaction ("atomicity": "best")',
  examples: {
    dangerous: ['CREATE INDEX orders_state ON orders (state)', 'CREATE UNIQUE INDEX orders_number ON orders (number)'],
    safe: [
      'CREATE INDEX CONCURRENTLY orders_state ON orders (state)',
      'CREATE TABLE orders (state text);\nCREATE INDEX orders_state ON orders (state)',
    ],
  },
  find: (node) =>
    'IndexStmt' in node && node.IndexStmt.concurrent !== true
      ? [{ unless: [...tableLookups(node.IndexStmt.relation), ...viewLookups(node)] }]
      : [],
};

/** A materialized view is as good as a table. */
function viewLookups({ IndexStmt: { relation } }: Extract<Node, { IndexStmt: unknown }>): readonly string[] {
  return relation === undefined ? [] : lookups('view', writtenName(relation));
}
