import type { OwnedRun, RunJournal, Uuid } from '@eden/domain';
import { asUuid } from '@eden/domain';
import { transaction, type Client, type Db } from '../client.js';
import { Prisma } from '../generated/client.js';
import { appendStep, assignments, fenced, guard, mayTake, readRun, transition, unattended } from './transition.js';

/** All times are the database's: the workers' clocks need not agree. */
export function claims(
  client: Client,
): Pick<RunJournal, 'organizationOf' | 'claim' | 'giveBack' | 'waitedMs' | 'heartbeat'> {
  return {
    organizationOf: async (runUuid) => {
      const run = await client.run.findUnique({ where: { uuid: runUuid }, select: { organizationUuid: true } });
      return run === null ? null : asUuid(run.organizationUuid);
    },
    claim: (runUuid, owner, leaseMs) => claim(client, { runUuid, owner, leaseMs }),
    giveBack: (owned) => transition(client, owned, 'giveBack', {}),
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
function claim(client: Client, wanted: RunClaim): Promise<OwnedRun | null> {
  return transaction(client, async (tx) => {
    const isClaimed = (await take(tx, 'claim', wanted)) || (await take(tx, 'reclaim', wanted));
    return isClaimed ? { run: await readRun(tx, wanted.runUuid), owner: wanted.owner } : null;
  });
}

async function take(db: Db, name: 'claim' | 'reclaim', { runUuid, owner, leaseMs }: RunClaim): Promise<boolean> {
  const taken = await db.$executeRaw(Prisma.sql`
    WITH moved AS (
      UPDATE runs SET ${assignments(name, { owner })}, waiting_since = coalesce(waiting_since, now())
       WHERE uuid = ${runUuid}::uuid AND ${mayTake(name)} AND ${unattended(leaseMs)}
      RETURNING organization_uuid, uuid, event_count)
    ${appendStep(name)}`);
  return taken === 1;
}
