import { cutWords, isEdenError, toStoredError } from '@eden/domain';
import type {
  EdenError,
  HeldWriteLock,
  JobOutcome,
  LockResource,
  MaintenanceWindow,
  Migration,
  OwnedRun,
  Run,
  Uuid,
} from '@eden/domain';
import { lockedOf, lockedWith, lockTimeoutError, lockTimeoutOf, type MigrationWork } from '@eden/work';
import type { EngineDeps } from './deps.js';
import { Interrupted, isLost, wordsOf } from './control/failure.js';
import { assertWindowOpen, HeldBack, windowOf } from './control/maintenance.js';
import { keepOwnership } from './control/ownership.js';
import type { Ownership } from './control/ownership.js';
import { jitter } from './control/pacing.js';
import { LOCK_TRY_MS, lockOwnerOf } from './control/write-lock.js';
import type { LockedRun, PreparedAttempt } from './attempt/attempt.js';
import { prepareAttempt } from './attempt/attempt.js';
import type { PlannedWork } from './plan/planned-work.js';
import { plannedAtSync, plannedStepsOfRollback } from './plan/planned-work.js';
import { toldForMs } from './plan/untold-executions.js';
import { runMigrate } from './attempt/run-migrate.js';
import { runSync } from './run-sync.js';
import { beginSteps, hasStepsToDo } from './steps/begin-steps.js';
import { driveSteps, isAtSteps } from './steps/drive-steps.js';
import { attemptsSpent } from './settle/turn.js';
import { spanOf } from './control/span-of.js';

const DONE: JobOutcome = { kind: 'done' };

/** As the reason of a wait. */
const WAITS_TO_BE_TOLD = 'waits until everybody who executes its APIs knows that they are in a migration';

/** Of those who hold a lock, in the reason of a wait. */
const HOLDERS_NAMED = 3;

/**
 * Answers a wake-up call for a run: claims it, takes its write lock, runs it to an end. A call for a run that is taken,
 * finished or gone does nothing. `drain` aborts when the process has to let go.
 */
export async function consumeRun(deps: EngineDeps, runUuid: Uuid, drain: AbortSignal): Promise<JobOutcome> {
  const owned = await deps.journal.claim(runUuid, deps.settings.owner, deps.settings.leaseMs);
  if (owned === null) return DONE;
  await deps.crashPoints.reach('after-claim');
  return deps.telemetry.traced(spanOf(owned.run), () => runOwned(deps, owned, drain));
}

async function runOwned(deps: EngineDeps, owned: OwnedRun, drain: AbortSignal): Promise<JobOutcome> {
  const { uuid: runUuid } = owned.run;
  const ownership = keepOwnership(deps, owned);
  try {
    return await lockAndRun(deps, ownership, drain).catch((error: unknown) => giveBack(deps, ownership, error));
  } catch (error) {
    // Whoever takes a run over also ends its sessions: what fails then is no news.
    if (!isLost(error) && !ownership.signal.aborted) throw error;
    deps.telemetry.log.warn('run was taken over', { run: runUuid, reason: String(error) });
    return DONE;
  } finally {
    ownership.stop();
  }
}

function hasStarted({ current }: Ownership): boolean {
  return current.run.state !== 'waiting_for_lock';
}

/**
 * The control database was away for a moment before T1, or the process stops: nobody has to wait for the lease to end.
 * Where T1 has happened all the same, giving back is refused, and recovery does the rest.
 */
async function giveBack(deps: EngineDeps, ownership: Ownership, error: unknown): Promise<JobOutcome> {
  if (error instanceof HeldBack) {
    await deps.journal.holdBack(ownership.current, error.reason);
    return { kind: 'later', delayMs: error.delayMs };
  }
  if (hasStarted(ownership) || !isInterruption(error)) throw error;
  await letWait(deps, ownership.current, wordsOf(error));
  return { kind: 'later', delayMs: jitter(deps, 1_000) };
}

async function lockAndRun(deps: EngineDeps, ownership: Ownership, drain: AbortSignal): Promise<JobOutcome> {
  const window = await windowOf(deps, ownership.current.run);
  assertWindowOpen(deps, window);
  // Before the lock, because from there on executions wait.
  const planned = await beforeT1(deps, ownership, () => planOf(deps, ownership.current.run, drain));
  if (planned === 'failed') return DONE;
  if ((await beforeT1(deps, ownership, () => beginFirstSteps(deps, ownership, planned))) !== 'none') {
    if (isAtSteps(ownership.current.run.state)) await driveSteps({ deps, ownership, stop: drain });
    return DONE;
  }
  const toldMs = planned === null ? Infinity : await toldForMs(deps, ownership.current, planned);
  if (toldMs < 0) return waitToBeTold(deps, ownership, -toldMs);
  const prepared = await beforeT1(deps, ownership, () => prepare(deps, ownership, planned));
  if (prepared === 'failed') return DONE;
  try {
    return await runOnceLocked({ deps, ownership, drain, prepared }, { window, toldMs, work: planned?.work ?? null });
  } finally {
    await prepared?.early.close();
  }
}

/** Null of a rollback, which is planned anew under its lock: its APIs belong to nobody until then. */
async function prepare(
  deps: EngineDeps,
  ownership: Ownership,
  planned: PlannedWork | null,
): Promise<PreparedAttempt | null> {
  if (planned === null || ownership.current.run.kind === 'rollback') return null;
  return prepareAttempt({ deps, ownership }, planned, planned.work.migration.epoch + 1);
}

interface Unlocked {
  readonly window: MaintenanceWindow | null;
  /** For so long at most it has waited for nothing but the lock. */
  readonly toldMs: number;
  /** Null where it is not known yet. */
  readonly work: MigrationWork | null;
}

async function runOnceLocked(run: Omit<LockedRun, 'lock' | 'lockWaitMs'>, unlocked: Unlocked): Promise<JobOutcome> {
  const { deps, ownership, drain } = run;
  const taken = await takeLock(deps, ownership.current, AbortSignal.any([drain, ownership.signal]), unlocked);
  if ('outcome' in taken) return taken.outcome;
  try {
    assertWindowOpen(deps, unlocked.window);
    await beforeT1(deps, ownership, () => runUnderLock({ ...run, ...taken }));
  } finally {
    await taken.lock.release();
  }
  return DONE;
}

/** What cannot be in the transaction and comes first; whoever is called once it is done takes the lock. */
async function beginFirstSteps(
  deps: EngineDeps,
  ownership: Ownership,
  planned: PlannedWork | null,
): Promise<'begun' | 'none'> {
  if (planned === null || !(await hasStepsToDo(deps, ownership, planned))) return 'none';
  await beginSteps(deps, ownership, planned);
  return 'begun';
}

/** A sync makes the plan; of a rollback it is looked at what comes before its lock. */
async function planOf(deps: EngineDeps, run: Run, drain: AbortSignal): Promise<PlannedWork | null> {
  // Its workers have died before T1, one after the other.
  if (run.attempt > deps.settings.maxAttempts) throw attemptsSpent(run.attempt - 1);
  if (run.kind === 'sync') return null;
  return run.kind === 'migrate' ? plannedAtSync(deps, run) : plannedStepsOfRollback(deps, run, drain);
}

function runUnderLock(run: LockedRun): Promise<void> {
  return run.ownership.current.run.kind === 'sync' ? runSync(run) : runMigrate(run);
}

function isInterruption(error: unknown): boolean {
  return error instanceof Interrupted || isEdenError(error, 'SERVICE_UNAVAILABLE');
}

interface TakenLock {
  readonly lock: HeldWriteLock;
  readonly lockWaitMs: number;
}

/** Everything before T1 that goes wrong ends the run here, with the migration as it was. */
async function beforeT1<T>(deps: EngineDeps, ownership: Ownership, work: () => Promise<T>): Promise<T | 'failed'> {
  try {
    return await work();
  } catch (error) {
    if (hasStarted(ownership) || isLost(error) || isInterruption(error)) throw error;
    await failRun(deps, ownership.current, error);
    return 'failed';
  }
}

type LockAttempt = TakenLock | { readonly outcome: JobOutcome };

/** Comes back later when an execution may not have been told yet that its API is in a migration. */
async function waitToBeTold(deps: EngineDeps, ownership: Ownership, untoldMs: number): Promise<JobOutcome> {
  await letWait(deps, ownership.current, WAITS_TO_BE_TOLD);
  return { kind: 'later', delayMs: Math.ceil(untoldMs) };
}

async function takeLock(
  deps: EngineDeps,
  owned: OwnedRun,
  signal: AbortSignal,
  { toldMs, work }: Unlocked,
): Promise<LockAttempt> {
  const { run } = owned;
  const [{ migration, resources }, waitingMs] = await Promise.all([
    whatIsLocked(deps, run, work),
    deps.journal.waitedMs(owned),
  ]);
  const timeoutMs = lockTimeoutOf(migration, deps.settings.lockTimeoutMs);
  const waitedMs = Math.min(waitingMs, Math.round(toldMs));
  const owner = lockOwnerOf(run, migration.epoch + 1);
  const tryMs = Math.max(0, Math.min(LOCK_TRY_MS, timeoutMs - waitedMs));
  try {
    const lock = await deps.locks.write(resources, { owner, timeoutMs: tryMs, signal });
    return { lock, lockWaitMs: waitedMs + lock.waitedMs };
  } catch (error) {
    if (signal.aborted) throw new Interrupted('while waiting for the lock', { cause: error });
    return { outcome: await lockRefused(deps, owned, error, waitedMs + tryMs >= timeoutMs) };
  }
}

async function whatIsLocked(
  deps: EngineDeps,
  { organizationUuid, migrationUuid }: Run,
  work: MigrationWork | null,
): Promise<{ readonly migration: Migration; readonly resources: readonly LockResource[] }> {
  if (work !== null) {
    const members = work.apis.map(({ member }) => member);
    return { migration: work.migration, resources: lockedOf(migrationUuid, members) };
  }
  const reader = deps.journal.reader(organizationUuid);
  const [migration, resources] = await Promise.all([
    reader.migration(migrationUuid),
    lockedWith(reader, migrationUuid),
  ]);
  return { migration, resources };
}

async function lockRefused(
  deps: EngineDeps,
  owned: OwnedRun,
  error: unknown,
  timeIsOver: boolean,
): Promise<JobOutcome> {
  if (isEdenError(error, 'LOCK_TIMEOUT') && timeIsOver) {
    await failRun(deps, owned, lockTimeoutError(owned.run.migrationId, error));
    return DONE;
  }
  await letWait(deps, owned, isEdenError(error, 'LOCK_TIMEOUT') ? heldBy(error) : wordsOf(error));
  if (!isEdenError(error) || !error.retryable) throw error;
  return { kind: 'later', delayMs: isEdenError(error, 'LOCK_TIMEOUT') ? jitter(deps, 50) : jitter(deps, 1_000) };
}

/** Gives the run back, and says why it has to wait. */
async function letWait(deps: EngineDeps, owned: OwnedRun, reason: string): Promise<void> {
  deps.telemetry.log.info('run has to wait', { run: owned.run.uuid, reason });
  await deps.journal.giveBack(owned, reason);
}

/** The same words for the same holders, whoever of many executions it is. */
function heldBy({ context }: EdenError): string {
  const holders = Array.isArray(context['holders']) ? (context['holders'] as { purpose?: unknown }[]) : [];
  const purposes = [...new Set(holders.map(({ purpose }) => String(purpose)))].sort();
  const named = purposes.length === 0 ? 'somebody else' : purposes.slice(0, HOLDERS_NAMED).join(', ');
  return cutWords(`its write lock is held by ${named}`);
}

async function failRun(deps: EngineDeps, owned: OwnedRun, error: unknown): Promise<void> {
  const stored = toStoredError(error);
  const { uuid, migrationId, kind } = owned.run;
  if (stored.code === 'INTERNAL') deps.telemetry.log.error('run failed unexpectedly', { run: uuid, error });
  // One that has to be undone first is told of when it ends.
  if ((await deps.journal.fail(owned, stored)) !== 'failed') return;
  deps.telemetry.runFinished(kind, 'failed', { run: uuid, migration: migrationId, code: stored.code });
}
