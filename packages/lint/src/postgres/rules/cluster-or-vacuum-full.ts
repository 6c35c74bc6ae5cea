import type { Node } from 'libpg-query';
import type { StatementRule } from '../../rule.js';
import { hasOption, tableLookups } from '../nodes.js';

export const clusterOrVacuumFull: StatementRule<Node> = {
  name: 'cluster-or-vacuum-full',
  severity: 'danger',
  title: 'CLUSTER and VACUUM FULL write the table anew while nobody can read it',
  reason: 'Both hold ACCESS EXCLUSIVE from beginning to end, and need the room for a second copy of the table.',
  safer: 'VACUUM without FULL, or pg_repack, which copies beside the traffic',
  examples: {
    dangerous: ['CLUSTER orders USING orders_pkey', 'VACUUM FULL orders', 'VACUUM (FULL, ANALYZE) orders'],
    safe: ['VACUUM orders', 'VACUUM (FULL off) orders', 'ALTER TABLE orders CLUSTER ON orders_pkey'],
  },
  find(node) {
    if ('ClusterStmt' in node) return [{ unless: tableLookups(node.ClusterStmt.relation) }];
    return 'VacuumStmt' in node && hasOption(node.VacuumStmt.options, 'full') ? [{}] : [];
  },
};
