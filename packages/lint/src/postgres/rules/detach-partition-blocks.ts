import type { Node } from 'libpg-query';
import type { StatementRule } from '../../rule.js';
import { alterations, unlessNewTable } from '../nodes.js';

export const detachPartitionBlocks: StatementRule<Node> = {
  name: 'detach-partition-blocks',
  severity: 'warning',
  title: 'DETACH PARTITION without CONCURRENTLY blocks all partitions until the commit',
  reason: 'It holds ACCESS EXCLUSIVE on the partitioned table, and with it on everything in it.',
  safer: 'DETACH PARTITION … CONCURRENTLY, which runs outside the transaction ("atomicity": "best")',
  examples: {
    dangerous: ['ALTER TABLE events DETACH PARTITION events_2024'],
    safe: [
      'ALTER TABLE events DETACH PARTITION events_2024 CONCURRENTLY',
      'CREATE TABLE events (id int) PARTITION BY RANGE (id);\nALTER TABLE events DETACH PARTITION events_2024',
    ],
  },
  find: (node) =>
    alterations(node)
      .filter(({ subtype, def }) => subtype === 'AT_DetachPartition' && !isConcurrently(def))
      .map(() => unlessNewTable(node)),
};

function isConcurrently(def: Node | undefined): boolean {
  return def !== undefined && 'PartitionCmd' in def && def.PartitionCmd.concurrent === true;
}
