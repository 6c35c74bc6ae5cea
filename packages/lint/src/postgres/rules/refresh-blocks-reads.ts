import type { Node } from 'libpg-query';
import { lookups } from '../../names.js';
import type { StatementRule } from '../../rule.js';
import { writtenName } from '../nodes.js';

export const refreshBlocksReads: StatementRule<Node> = {
  name: 'refresh-blocks-reads',
  severity: 'warning',
  title: 'REFRESH MATERIALIZED VIEW without CONCURRENTLY blocks reads of the view until the commit',
  reason: 'It holds ACCESS EXCLUSIVE on the view for as long as its query takes.',
  safer: 'REFRESH MATERIALIZED VIEW CONCURRENTLY, which wants a unique index on the view',
  examples: {
    dangerous: ['REFRESH MATERIALIZED VIEW monthly'],
    safe: [
      'REFRESH MATERIALIZED VIEW CONCURRENTLY monthly',
      'CREATE MATERIALIZED VIEW monthly AS SELECT 1 WITH NO DATA;\nREFRESH MATERIALIZED VIEW monthly',
    ],
  },
  find(node) {
    if (!('RefreshMatViewStmt' in node) || node.RefreshMatViewStmt.concurrent === true) return [];
    const { relation } = node.RefreshMatViewStmt;
    return [{ unless: relation === undefined ? [] : lookups('view', writtenName(relation)) }];
  },
};
