import type { OwnedRun, RunEventData, RunJournal, Uuid } from '@eden/domain';
import { asUuid, RUN_STEPS, WAITS_FOR_LOCK, workerLost } from '@eden/domain';
import { transaction, type Client, type Db } from '../client.js';
import { Prisma } from '../generated/client.js';
import {
  appendEvent,
  appendStep,
  assignments,
  fenced,
  guard,
  mayTake,
  readRun,
  transition,
  unattended,
} from './transition.js';

/** All times are the database's: the workers' clocks need not agree. */
export function claims(
  client: Client,
): Pick<RunJournal, 'organizationOf' | 'claim' | 'giveBack' | 'noteQueued' | 'noteWaiting' | 'waitedMs' | 'heartbeat'> {
  return {
    organizationOf: async (runUuid) => {
      const run = await client.run.findUnique({ where: { uuid: runUuid }, select: { organizationUuid: true } });
      return run === null ? null : asUuid(run.organizationUuid);
    },
    claim: (runUuid, owner, leaseMs) => claim(client, { runUuid, owner, leaseMs }),
    giveBack: (owned, reason) => transaction(client, (tx) => giveBack(tx, owned, reason)),
    noteQueued: async (runUuid, reason) => {
      await tellWaiting(client, Prisma.sql`uuid = ${runUuid}::uuid AND owner IS NULL AND ${mayTake('claim')}`, {
        reason,
      });
    },
    noteWaiting: async (owned, wait) => {
      if ((await tellWaiting(client, guard(owned), wait)) === 0) await assertOwned(client, owned);
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

/** Of a run that is being undone, the reason for that stays. */
const UNDOING = RUN_STEPS.beginAbort.to;

/** Told once for each reason; answers whether it was told now. */
function tellWaiting(db: Db, where: Prisma.Sql, wait: RunEventData['waiting']): Promise<number> {
  const { reason } = wait;
  return db.$executeRaw(Prisma.sql`
    WITH moved AS (
      UPDATE runs SET event_count = event_count + 1, reason = CASE WHEN state = ${UNDOING} THEN reason ELSE ${reason} END
       WHERE ${where} AND CASE WHEN state = ${UNDOING} THEN NOT EXISTS (
               SELECT FROM run_events
                WHERE run_uuid = runs.uuid AND type = 'waiting' AND data ->> 'reason' = ${reason})
             ELSE reason IS DISTINCT FROM ${reason} END
      RETURNING organization_uuid, uuid, event_count)
    ${appendEvent('waiting', wait)}`);
}

async function assertOwned(db: Db, owned: OwnedRun): Promise<void> {
  const rows = await db.$queryRaw<unknown[]>(Prisma.sql`SELECT 1 FROM runs WHERE ${guard(owned)}`);
  if (rows.length === 0) throw fenced(owned);
}

async function giveBack(db: Db, owned: OwnedRun, reason: string): Promise<void> {
  await tellWaiting(db, guard(owned), { reason });
  await transition(db, owned, 'giveBack', {});
}

/** The event of the step belongs to the first claim only: a run that comes again for the lock is still waiting. */
function claim(client: Client, wanted: RunClaim): Promise<OwnedRun | null> {
  return transaction(client, async (tx) => {
    const lost = await lockOwner(tx, wanted.runUuid);
    const isClaimed = (await take(tx, 'claim', wanted)) || (await take(tx, 'reclaim', wanted));
    if (!isClaimed) return null;
    if (lost !== null) await noteLost(tx, wanted.runUuid, lost);
    return { run: await readRun(tx, wanted.runUuid), owner: wanted.owner };
  });
}

/** Who has the run now. */
async function lockOwner(db: Db, runUuid: Uuid): Promise<string | null> {
  const [row] = await db.$queryRaw<{ owner: string | null }[]>(Prisma.sql`
    SELECT owner FROM runs WHERE uuid = ${runUuid}::uuid FOR NO KEY UPDATE`);
  return row?.owner ?? null;
}

/** A worker that died before T1: what the run does may be what it died of, so that it counts as an attempt. */
async function noteLost(db: Db, runUuid: Uuid, worker: string): Promise<void> {
  const { state, epoch, attempt } = await readRun(db, runUuid);
  const data = { state, epoch, attempt, worker, reason: workerLost(worker, attempt) };
  await db.$executeRaw(Prisma.sql`
    WITH moved AS (
      UPDATE runs SET event_count = event_count + 1, attempt = attempt + 1, reason = ${data.reason}
       WHERE uuid = ${runUuid}::uuid
      RETURNING organization_uuid, uuid, event_count)
    ${appendEvent('recovered', data)}`);
}

async function take(db: Db, name: 'claim' | 'reclaim', { runUuid, owner, leaseMs }: RunClaim): Promise<boolean> {
  const isFirst = name === 'claim';
  const reason = isFirst ? Prisma.sql`, reason = ${WAITS_FOR_LOCK}` : Prisma.empty;
  const taken = await db.$executeRaw(Prisma.sql`
    WITH moved AS (
      UPDATE runs SET ${assignments(name, { owner })}, waiting_since = coalesce(waiting_since, now())${reason}
       WHERE uuid = ${runUuid}::uuid AND ${mayTake(name)} AND ${unattended(leaseMs)}
         AND (not_before IS NULL OR not_before <= now())
      RETURNING organization_uuid, uuid, event_count)
    ${isFirst ? appendStep('claim', { reason: WAITS_FOR_LOCK }) : appendStep('reclaim')}`);
  return taken === 1;
}
