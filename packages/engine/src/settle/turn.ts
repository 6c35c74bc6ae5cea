import { EdenError, isEdenError, toStoredError, workerLost } from '@eden/domain';
import type { AbortOutcome, Run } from '@eden/domain';
import type { EngineDeps } from '../deps.js';

/**
 * How far a run was brought. `turned`: the targets show that it has to be settled otherwise, or anew, which its state
 * tells. `left`: to whoever adopts it, or to a person.
 */
export type Turn = 'ended' | 'turned' | 'left';

/** Another attempt, and why it comes. */
interface Interruption {
  readonly reason: string;
  /** Where a target or the control database said so itself: the last attempt's error tells it. */
  readonly cause?: unknown;
  readonly pauseMs?: number;
}

/** What becomes of a run that was stopped from outside: another attempt, as often as allowed. */
export function afterInterruption(
  { settings }: EngineDeps,
  run: Run,
  { reason, cause, pauseMs = 0 }: Interruption,
): AbortOutcome {
  if (run.attempt < settings.maxAttempts) return { kind: 'requeue', reason, pauseMs };
  return { kind: 'failed', error: toStoredError(attemptsSpent(run.attempt, cause)), reason };
}

/** Each attempt has lost its worker, or what the worker needs. */
export function attemptsSpent(attempts: number, cause?: unknown): EdenError {
  const told = isEdenError(cause, 'SERVICE_UNAVAILABLE') ? { errors: [cause.context] } : {};
  const details = `Each of ${attempts} attempts was interrupted: it lost its worker or its lock, or a server could not go on`;
  return new EdenError('MIGRATION_EXECUTION_FAILED', { failed_apis: [], details, ...told });
}

/**
 * An abort that had begun with an error ends with it; a crash alone is another attempt.
 * @param run As it was before it was adopted, and so with the worker that it has lost.
 */
export function afterCrash(deps: EngineDeps, run: Run): AbortOutcome {
  const reason = reasonOfAbort(run) ?? workerLost(run.owner, run.attempt);
  if (run.error !== null) return { kind: 'failed', error: run.error, reason };
  return afterInterruption(deps, run, { reason, pauseMs: pauseAfter(deps, run) });
}

/** Why its abort was begun, where it was. */
function reasonOfAbort({ state, reason }: Run): string | null {
  return state === 'aborting' ? reason : null;
}

/**
 * What a worker has died of may be the run: another worker begins the next attempt at once the first time, which may have
 * been chance (protocol P7), then after a lease, and after twice as long each time.
 */
function pauseAfter({ settings: { leaseMs } }: EngineDeps, { attempt, owner }: Run): number {
  return owner === null || attempt === 1 ? 0 : leaseMs * 2 ** (attempt - 2);
}
