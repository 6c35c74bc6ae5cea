import {
  ABORT_STEPS,
  endOfAbort,
  RUN_STEPS,
  UNDER_WAY,
  type AbortCheck,
  type AbortEnd,
  type AbortOutcome,
  type MigrationState,
  type OwnedRun,
  type Run,
  type RunJournal,
  type StoredError,
} from '@eden/domain';
import { transaction, type Client, type Db } from '../client.js';
import { Prisma } from '../generated/client.js';
import { moveBehind } from './behind.js';
import { forgetGates } from './gates.js';
import { hasBegunSteps } from '../store/outside-steps.js';
import { reach } from './outcome.js';
import { readTimeline } from './timeline.js';
import { lockMigrationOf, moveMigration, readRun, transition, type Change } from './transition.js';

/** Presumed abort (protocol I12): the decision with a raised epoch first, the end when all targets are clean. */
export function aborts(client: Client): Pick<RunJournal, 'beginAbort' | 'recant' | 'finishAbort'> {
  return {
    beginAbort: (owned, outcome) => transaction(client, (tx) => beginAbort(tx, owned, outcome)),
    recant: (owned, outcome) => transaction(client, (tx) => recant(tx, owned, outcome)),
    finishAbort: (owned, outcome, check) => transaction(client, (tx) => finishAbort(tx, owned, outcome, check)),
  };
}

function errorOf(outcome: AbortOutcome): StoredError | null {
  return 'error' in outcome ? outcome.error : null;
}

function storing(error: StoredError | null): Prisma.Sql {
  return error === null ? Prisma.sql`error = NULL` : Prisma.sql`error = ${JSON.stringify(error)}::json`;
}

async function beginAbort(db: Db, owned: OwnedRun, outcome: AbortOutcome): Promise<OwnedRun> {
  const { run, owner } = owned;
  await raiseEpoch(db, owned);
  await transition(db, owned, 'beginAbort', beginning(run, outcome));
  return { run: await readRun(db, run.uuid), owner };
}

/** T2 taken back, with what it has done to the definitions. */
async function recant(db: Db, owned: OwnedRun, outcome: AbortOutcome): Promise<OwnedRun> {
  const { run, owner } = owned;
  const change = beginning(run, outcome);
  await forgetGates(db, run);
  await reach(db, owned, 'recant', { ...change, data: { ...change.data, decided: true } });
  await raiseEpoch(db, owned);
  return { run: await readRun(db, run.uuid), owner };
}

function beginning({ epoch }: Run, outcome: AbortOutcome): Change<'beginAbort'> {
  const { kind, reason } = outcome;
  return {
    epoch: epoch + 1,
    set: Prisma.sql`${storing(errorOf(outcome))}, reason = ${reason}`,
    data: { epoch: epoch + 1, outcome: kind, reason },
  };
}

function raiseEpoch(db: Db, owned: OwnedRun): Promise<void> {
  return moveMigration(db, owned, Prisma.sql`epoch = ${owned.run.epoch + 1}`);
}

async function finishAbort(
  db: Db,
  owned: OwnedRun,
  outcome: AbortOutcome,
  { timeline, fence }: AbortCheck,
): ReturnType<RunJournal['finishAbort']> {
  const { run } = owned;
  const { state } = await lockMigrationOf(db, owned);
  if ((await readTimeline(db)) !== timeline) return null;
  const { cancelledBy } = await readRun(db, run.uuid);
  const end = endOfAbort(outcome, cancelledBy !== null);
  const error = cancelledBy === null ? errorOf(outcome) : null;
  if (end !== 'requeued' && (await hasBegunSteps(db, run))) {
    await compensate(db, owned, { end, error, fence, reason: outcome.reason });
    return RUN_STEPS.compensateAborted.to;
  }
  const pauseMs = outcome.kind === 'requeue' ? (outcome.pauseMs ?? 0) : 0;
  if (end === 'requeued') {
    await reach(db, owned, ABORT_STEPS[end], anotherAttempt(run, { fence, pauseMs, reason: outcome.reason }));
  } else await endInState(state)(db, owned, ABORT_STEPS[end], ending(error, fence));
  await moveBeyond(db, run, fence);
  if (end === 'requeued') await wake(db, run, pauseMs);
  if (run.kind === 'sync') await moveBehind(db, run, ABORT_STEPS[end], error);
  return end;
}

/** What never came to T1, as far as is known, leaves the migration as it was. */
function endInState(migration: MigrationState): typeof reach {
  return migration === UNDER_WAY ? reach : transition;
}

interface Compensation {
  readonly end: Exclude<AbortEnd, 'requeued'>;
  readonly error: StoredError | null;
  readonly fence: number;
  readonly reason: string;
}

/** What its steps have done outside the transaction is taken back before the run ends. */
async function compensate(db: Db, owned: OwnedRun, { end, error, fence, reason }: Compensation): Promise<void> {
  const { run } = owned;
  const data = { epoch: Math.max(run.epoch, fence), outcome: end, reason };
  await transition(db, owned, 'compensateAborted', { set: afterAttempt(error, fence), data });
  await moveBeyond(db, run, fence);
}

/** A target has seen an epoch that this database has forgotten: the next one has to be newer. */
function catchUp(fence: number): Prisma.Sql {
  return Prisma.sql`epoch = greatest(epoch, ${fence})`;
}

async function moveBeyond(db: Db, { migrationUuid }: Run, fence: number): Promise<void> {
  await db.$executeRaw(Prisma.sql`UPDATE migrations SET ${catchUp(fence)} WHERE uuid = ${migrationUuid}::uuid`);
}

/** What every end of an attempt leaves. */
function afterAttempt(error: StoredError | null, fence: number): Prisma.Sql {
  return Prisma.sql`${storing(error)}, token = '', ${catchUp(fence)}`;
}

function ending(error: StoredError | null, fence: number): Change<'failAborted' | 'cancelAborted'> {
  return { set: afterAttempt(error, fence), data: error === null ? {} : { code: error.code } };
}

interface Requeue {
  readonly fence: number;
  readonly pauseMs: number;
  readonly reason: string;
}

/** The epoch stays raised, and the wait for the lock begins anew. */
function anotherAttempt({ attempt }: Run, { fence, pauseMs, reason }: Requeue): Change<'requeue'> {
  const anew = Prisma.sql`attempt = attempt + 1, waiting_since = NULL, lock_wait_ms = NULL`;
  const queued = Prisma.sql`timeline = eden_timeline(), reason = ${reason}, not_before = ${dueAfter(pauseMs)}`;
  const data = { attempt: attempt + 1, reason, ...(pauseMs === 0 ? {} : { pause_ms: pauseMs }) };
  return { set: Prisma.sql`${anew}, ${queued}, ${afterAttempt(null, fence)}`, data };
}

/** On the clock of this database, which also says when the pause is over. */
function dueAfter(pauseMs: number): Prisma.Sql {
  return pauseMs === 0 ? Prisma.sql`NULL` : Prisma.sql`now() + ${pauseMs} * interval '1 millisecond'`;
}

async function wake(db: Db, { organizationUuid, uuid }: Run, pauseMs: number): Promise<void> {
  await db.$executeRaw(Prisma.sql`
    INSERT INTO outbox (organization_uuid, run_uuid, due_at)
    VALUES (${organizationUuid}::uuid, ${uuid}::uuid, ${dueAfter(pauseMs)})`);
}
