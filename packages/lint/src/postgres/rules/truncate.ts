import type { Node } from 'libpg-query';
import type { StatementRule } from '../../rule.js';
import { tableLookups } from '../nodes.js';

export const truncate: StatementRule<Node> = {
  name: 'truncate',
  severity: 'danger',
  title: 'TRUNCATE removes all rows',
  reason:
    'The rows do not come back after the commit, nobody can read the table until then, and with CASCADE the tables that refer to it are emptied as well.',
  safer: 'Delete the rows that are meant, with WHERE, or make a table anew and drop the old one later',
  examples: {
    dangerous: ['TRUNCATE orders', 'TRUNCATE TABLE customers CASCADE'],
    safe: ['CREATE TABLE staging (id bigint);\nTRUNCATE staging'],
  },
  find(node) {
    if (!('TruncateStmt' in node)) return [];
    return (node.TruncateStmt.relations ?? []).map((item) => ({
      unless: 'RangeVar' in item ? tableLookups(item.RangeVar) : [],
    }));
  },
};
