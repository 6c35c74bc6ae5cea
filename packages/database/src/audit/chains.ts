import type { AuditChains } from '@eden/domain';
import type { Client } from '../client.js';
import { Prisma } from '../generated/client.js';

/** Both functions run with the rights of the tables' owner: the processes may only append (docs/adr/0036). */
export function createAuditChains(client: Client): AuditChains {
  return {
    link: async (most) => {
      const [row] = await client.$queryRaw<[{ linked: number }]>(
        Prisma.sql`SELECT eden_chain_audit(${most}::int) AS linked`,
      );
      return row.linked;
    },
    prune: async (keptDays, most) => {
      const [row] = await client.$queryRaw<[{ gone: number }]>(
        Prisma.sql`SELECT eden_prune_audit(${keptDays}::int, ${most}::int) AS gone`,
      );
      return row.gone;
    },
  };
}
