import type { OwnedRun, RunJournal, Uuid } from '@eden/domain';
import { transaction, type Client } from '../client.js';
import { Prisma } from '../generated/client.js';
import { appendEvent, fenced, guard, readRun } from './transition.js';

/** All times are the database's: the workers' clocks need not agree. */
export function claims(client: Client): Pick<RunJournal, 'claim' | 'giveBack' | 'waitedMs' | 'heartbeat'> {
  return {
    claim: (runUuid, owner, leaseMs) => claim(client, { runUuid, owner, leaseMs }),
    giveBack: async (owned) => {
      const given = await client.$executeRaw(Prisma.sql`
        UPDATE runs SET owner = NULL, heartbeat_at = NULL WHERE ${guard(owned)} AND state = 'waiting_for_lock'`);
      if (given !== 1) throw fenced(owned);
    },
    waitedMs: async (owned) => {
      const [row] = await client.$queryRaw<{ waited: number }[]>(Prisma.sql`
        SELECT (extract(epoch FROM clock_timestamp() - waiting_since) * 1000)::float8 AS waited
          FROM runs WHERE ${guard(owned)}`);
      if (row === undefined) throw fenced(owned);
      return Math.max(0, Math.round(row.waited));
    },
    heartbeat: async (owned) => {
      const renewed = await client.$executeRaw(Prisma.sql`UPDATE runs SET heartbeat_at = now() WHERE ${guard(owned)}`);
      return renewed === 1;
    },
  };
}

interface RunClaim {
  readonly runUuid: Uuid;
  readonly owner: string;
  readonly leaseMs: number;
}

/** The event belongs to the first claim only: a run that comes again for the lock is still waiting. */
function claim(client: Client, { runUuid, owner, leaseMs }: RunClaim): Promise<OwnedRun | null> {
  return transaction(client, async (tx) => {
    const [previous] = await tx.$queryRaw<{ state: string }[]>(Prisma.sql`
      SELECT state FROM runs
       WHERE uuid = ${runUuid}::uuid AND slot = 'active' AND state IN ('queued', 'waiting_for_lock')
         AND (owner IS NULL OR heartbeat_at < now() - ${leaseMs} * interval '1 millisecond')
         FOR NO KEY UPDATE`);
    if (previous === undefined) return null;
    const first = previous.state === 'queued';
    await tx.$executeRaw(Prisma.sql`
      WITH moved AS (
        UPDATE runs
           SET state = 'waiting_for_lock', owner = ${owner}, heartbeat_at = now(),
               waiting_since = coalesce(waiting_since, now()), event_count = event_count + ${first ? 1 : 0}::int
         WHERE uuid = ${runUuid}::uuid
        RETURNING organization_uuid, uuid, event_count)
      ${first ? appendEvent('waiting_for_lock', {}) : Prisma.sql`SELECT FROM moved`}`);
    return { run: await readRun(tx, runUuid), owner };
  });
}
