import type { OwnedRun, Run, RunEventData, RunJournal, Uuid } from '@eden/domain';
import { asUuid, RUN_STEPS, WAITS_FOR_LOCK, workerLost } from '@eden/domain';
import type pg from 'pg';
import { transaction, type Client, type Db } from '../client.js';
import { Prisma } from '../generated/client.js';
import { transactInRounds, type Step } from '../rounds.js';
import {
  appendEvent,
  appendStep,
  assignments,
  fenced,
  guard,
  mayTake,
  readRunStep,
  runIn,
  transition,
  unattended,
} from './transition.js';

/** All times are the database's: the workers' clocks need not agree. */
export function claims(
  client: Client,
  pool: pg.Pool,
): Pick<
  RunJournal,
  'organizationOf' | 'claim' | 'giveBack' | 'noteQueued' | 'noteWaiting' | 'waitedMs' | 'sinceSyncMs' | 'heartbeat'
> {
  return {
    organizationOf: async (runUuid) => {
      const run = await client.run.findUnique({ where: { uuid: runUuid }, select: { organizationUuid: true } });
      return run === null ? null : asUuid(run.organizationUuid);
    },
    claim: (runUuid, owner, leaseMs) => claim(pool, { runUuid, owner, leaseMs }),
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
    sinceSyncMs: ({ run }) => sinceSyncMs(client, run.migrationUuid),
    heartbeat: async (owned) => {
      const renewed = await client.$executeRaw(Prisma.sql`UPDATE runs SET heartbeat_at = now() WHERE ${guard(owned)}`);
      return renewed === 1;
    },
  };
}

async function sinceSyncMs(db: Db, migrationUuid: Uuid): Promise<number> {
  const [row] = await db.$queryRaw<{ since: number | null }[]>(Prisma.sql`
    WITH joined AS (
      SELECT max(created_at) AS at FROM memberships WHERE migration_uuid = ${migrationUuid}::uuid AND active)
    SELECT (extract(epoch FROM clock_timestamp() - coalesce(
             min(started_at) FILTER (WHERE started_at >= joined.at),
             max(coalesce(started_at, created_at)))) * 1000)::float8 AS since
      FROM runs, joined WHERE migration_uuid = ${migrationUuid}::uuid AND kind = 'sync'`);
  return row?.since ?? Infinity;
}

interface RunClaim {
  readonly runUuid: Uuid;
  readonly owner: string;
  readonly leaseMs: number;
}

/** Of a run that is being undone, the reason for that stays. */
const UNDOING = RUN_STEPS.beginAbort.to;

/** Told once for each reason; answers whether it was told now. */
export function tellWaiting(db: Db, where: Prisma.Sql, wait: RunEventData['waiting']): Promise<number> {
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

/**
 * The event of the step belongs to the first claim only: a run that comes again for the lock is still waiting. Of the two
 * steps at most one finds the run as it goes by it: what the first one has taken has an owner for the second.
 */
function claim(pool: pg.Pool, wanted: RunClaim): Promise<OwnedRun | null> {
  const { runUuid, owner } = wanted;
  return transactInRounds(pool, async (round) => {
    const steps = [lockOwner(runUuid), take('claim', wanted), take('reclaim', wanted), readRunStep(runUuid)];
    const [locked, claimed, reclaimed, read] = await round(steps);
    if (claimed?.count !== 1 && reclaimed?.count !== 1) return null;
    const [before] = (locked?.rows ?? []) as readonly { readonly owner: string | null }[];
    if (before?.owner == null) return { run: runIn(read), owner };
    const answers = await round([noteLost(runIn(read), before.owner), readRunStep(runUuid)]);
    return { run: runIn(answers.at(-1)), owner };
  });
}

/** Who has the run now. */
function lockOwner(runUuid: Uuid): Step {
  return { sql: Prisma.sql`SELECT owner FROM runs WHERE uuid = ${runUuid}::uuid FOR NO KEY UPDATE`, reads: true };
}

/** A worker that died before T1: what the run does may be what it died of, so that it counts as an attempt. */
function noteLost({ uuid, state, epoch, attempt }: Run, worker: string): Step {
  const data = { state, epoch, attempt, worker, reason: workerLost(worker, attempt) };
  const sql = Prisma.sql`
    WITH moved AS (
      UPDATE runs SET event_count = event_count + 1, attempt = attempt + 1, reason = ${data.reason}
       WHERE uuid = ${uuid}::uuid
      RETURNING organization_uuid, uuid, event_count)
    ${appendEvent('recovered', data)}`;
  return { sql };
}

function take(name: 'claim' | 'reclaim', { runUuid, owner, leaseMs }: RunClaim): Step {
  const isFirst = name === 'claim';
  const reason = isFirst ? Prisma.sql`, reason = ${WAITS_FOR_LOCK}` : Prisma.empty;
  const sql = Prisma.sql`
    WITH moved AS (
      UPDATE runs SET ${assignments(name, { owner })}, waiting_since = coalesce(waiting_since, now())${reason}
       WHERE uuid = ${runUuid}::uuid AND ${mayTake(name)} AND ${unattended(leaseMs)}
         AND (not_before IS NULL OR not_before <= now())
      RETURNING organization_uuid, uuid, event_count)
    ${isFirst ? appendStep('claim', { reason: WAITS_FOR_LOCK }) : appendStep('reclaim')}`;
  return { sql };
}
