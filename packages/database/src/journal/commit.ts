import {
  EdenError,
  toStoredError,
  UNDER_WAY,
  type Evidence,
  type FoundAttempt,
  type OwnedRun,
  type RunJournal,
  type RunState,
} from '@eden/domain';
import type pg from 'pg';
import { transaction, type Client, type Db } from '../client.js';
import { Prisma } from '../generated/client.js';
import { transactInRounds, type Step } from '../rounds.js';
import { noteGatesOf, noteGatesStep } from './gates.js';
import { moveMembers, reach, reachSteps } from './outcome.js';
import { noteFound } from './participants.js';
import {
  eventStep,
  lockMigrationOf,
  lockMigrationStep,
  moveMigrationStep,
  readRun,
  transition,
  transitionStep,
} from './transition.js';

/** T2, T3, and what lies before and between them (protocol I10 and I11). */
export function commits(
  client: Client,
  pool: pg.Pool,
): Pick<RunJournal, 'enterDeciding' | 'decide' | 'honour' | 'takeToken' | 'state' | 'complete' | 'markInDoubt'> {
  return {
    enterDeciding: (owned, parallelExecutionMs, prepared = 0) =>
      together(pool, entersDeciding(owned, parallelExecutionMs, prepared)),
    decide: (owned, parallelExecutionMs, prepared = 0) => together(pool, decides(owned, parallelExecutionMs, prepared)),
    honour: (owned, found) => transaction(client, (tx) => honour(tx, owned, found)),
    takeToken: (owned, token) => transaction(client, (tx) => takeToken(tx, owned, token)),
    state: async (runUuid) => {
      const [row] = await client.$queryRaw<{ state: RunState; epoch: bigint }[]>(Prisma.sql`
        SELECT state, epoch FROM runs WHERE uuid = ${runUuid}::uuid FOR UPDATE`);
      return row === undefined ? null : { state: row.state, epoch: Number(row.epoch) };
    },
    complete: (owned) => together(pool, completes(owned)),
    markInDoubt: (owned, evidence) => markInDoubt(client, owned, evidence),
  };
}

async function together(pool: pg.Pool, steps: readonly Step[]): Promise<void> {
  await transactInRounds(pool, (round) => round(steps));
}

/** Durable before the last resource commits: whoever reads the run then knows that its ledger has to be asked. */
function entersDeciding(owned: OwnedRun, parallelExecutionMs: number, prepared: number): readonly Step[] {
  const duration = Math.round(parallelExecutionMs);
  return [
    moveMigrationStep(owned, Prisma.sql`state = ${UNDER_WAY}`),
    ...tellPrepared(owned, prepared),
    transitionStep(owned, 'enterDeciding', {
      set: Prisma.sql`parallel_execution_ms = ${duration}`,
      data: { epoch: owned.run.epoch },
    }),
  ];
}

/** The commit point. */
function decides(owned: OwnedRun, parallelExecutionMs: number, prepared: number): readonly Step[] {
  const duration = Math.round(parallelExecutionMs);
  const change = {
    set: Prisma.sql`parallel_execution_ms = ${duration}, reason = NULL`,
    data: { epoch: owned.run.epoch, parallel_execution_ms: duration },
  };
  return [
    lockMigrationStep(owned, Prisma.sql`uuid`),
    ...tellPrepared(owned, prepared),
    ...reachSteps(owned, 'decide', change),
    noteGatesStep(owned.run),
  ];
}

/** For whoever looks on: it is told with what follows from it, so that nobody waits for that alone. */
function tellPrepared(owned: OwnedRun, prepared: number): readonly Step[] {
  return prepared === 0 ? [] : [eventStep(owned, 'prepared', { participants: prepared })];
}

/** The commit point of an attempt that has committed and was forgotten: what it decided is decided again. */
async function honour(db: Db, owned: OwnedRun, { token, participants }: FoundAttempt): Promise<OwnedRun> {
  const { run, owner } = owned;
  await lockMigrationOf(db, owned);
  // What its T1, or that of the sync before it, has done to the memberships is forgotten with it.
  if (run.token === '') await moveMembers(db, run.migrationUuid, { memberships: 'take', definitions: 'leave' });
  // What an abort has stored of a failure is no longer true.
  const set = Prisma.sql`token = ${token}, error = NULL, reason = NULL`;
  await reach(db, owned, 'honour', { set, data: { epoch: run.epoch, committed_before: true } });
  await noteGatesOf(db, run, participants);
  await noteFound(db, run, participants);
  return { run: await readRun(db, run.uuid), owner };
}

async function takeToken(db: Db, owned: OwnedRun, token: string): Promise<OwnedRun> {
  const { run, owner } = owned;
  const data = { epoch: run.epoch, committed_before: true };
  await transition(db, owned, 'takeToken', { set: Prisma.sql`token = ${token}`, data });
  return { run: await readRun(db, run.uuid), owner };
}

function completes(owned: OwnedRun): readonly Step[] {
  return [
    lockMigrationStep(owned, Prisma.sql`uuid`),
    ...reachSteps(owned, 'complete', { set: Prisma.sql`reason = NULL` }),
  ];
}

/** The run keeps its slot, so that no other run of the migration starts, and its APIs. */
function markInDoubt(db: Db, owned: OwnedRun, evidence: Evidence): Promise<void> {
  const error = toStoredError(new EdenError('RUN_IN_DOUBT', { ...evidence }));
  return transition(db, owned, 'markInDoubt', {
    set: Prisma.sql`error = ${JSON.stringify(error)}::json, in_doubt_since = now()`,
    data: { ...evidence, code: error.code },
  });
}
