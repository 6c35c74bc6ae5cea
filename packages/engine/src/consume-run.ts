import { cutWords, isEdenError, toStoredError } from '@eden/domain';
import type { EdenError, HeldWriteLock, JobOutcome, OwnedRun, Run, Uuid } from '@eden/domain';
import { lockTimeoutError, lockTimeoutOf, lockedWith } from '@eden/work';
import type { EngineDeps } from './deps.js';
import { Interrupted, isLost, wordsOf } from './control/failure.js';
import { keepOwnership } from './control/ownership.js';
import type { Ownership } from './control/ownership.js';
import { jitter } from './control/pacing.js';
import { LOCK_TRY_MS, lockOwnerOf } from './control/write-lock.js';
import type { LockedRun } from './attempt/attempt.js';
import type { PlannedWork } from './plan/planned-work.js';
import { plannedAtSync } from './plan/planned-work.js';
import { runMigrate } from './attempt/run-migrate.js';
import { runSync } from './run-sync.js';
import { attemptsSpent } from './settle/turn.js';

const DONE: JobOutcome = { kind: 'done' };

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
  if (hasStarted(ownership) || !isInterruption(error)) throw error;
  await letWait(deps, ownership.current, wordsOf(error));
  return { kind: 'later', delayMs: jitter(deps, 1_000) };
}

async function lockAndRun(deps: EngineDeps, ownership: Ownership, drain: AbortSignal): Promise<JobOutcome> {
  // Before the lock, because from there on executions wait.
  const planned = await beforeT1(deps, ownership, async () => planOf(deps, ownership.current.run));
  if (planned === 'failed') return DONE;
  const taken = await takeLock(deps, ownership.current, AbortSignal.any([drain, ownership.signal]));
  if ('outcome' in taken) return taken.outcome;
  try {
    await beforeT1(deps, ownership, () => runUnderLock({ deps, ownership, drain, planned, ...taken }));
  } finally {
    await taken.lock.release();
  }
  return DONE;
}

/** A sync makes the plan; a rollback is planned under its lock. */
function planOf(deps: EngineDeps, run: Run): Promise<PlannedWork | null> {
  // Its workers have died before T1, one after the other.
  if (run.attempt > deps.settings.maxAttempts) throw attemptsSpent(run.attempt - 1);
  return run.kind === 'migrate' ? plannedAtSync(deps, run) : Promise.resolve(null);
}

function runUnderLock(run: LockedRun): Promise<void> {
  const { deps, ownership } = run;
  return ownership.current.run.kind === 'sync' ? runSync(deps, ownership, run) : runMigrate(run);
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

async function takeLock(deps: EngineDeps, owned: OwnedRun, signal: AbortSignal): Promise<LockAttempt> {
  const { run } = owned;
  const [migration, resources] = await Promise.all([
    deps.journal.reader(run.organizationUuid).migration(run.migrationUuid),
    lockedWith(deps.journal.reader(run.organizationUuid), run.migrationUuid),
  ]);
  const timeoutMs = lockTimeoutOf(migration, deps.settings.lockTimeoutMs);
  const waitedMs = await deps.journal.waitedMs(owned);
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
  await deps.journal.fail(owned, stored);
  deps.telemetry.runFinished(kind, 'failed', { run: uuid, migration: migrationId, code: stored.code });
}
