import { EdenError, isEdenError, toStoredError } from '@eden/domain';
import type { AbortOutcome, Run } from '@eden/domain';
import type { EngineDeps } from '../deps.js';

/**
 * How far a run was brought. `turned`: the targets show that it has to be settled otherwise, or anew, which its state
 * tells. `left`: to whoever adopts it, or to a person.
 */
export type Turn = 'ended' | 'turned' | 'left';

/**
 * What becomes of a run that was stopped from outside: another attempt, as often as allowed.
 * @param cause Where a target or the control database said so itself: the last attempt's error tells it.
 */
export function afterInterruption({ settings }: EngineDeps, run: Run, cause?: unknown): AbortOutcome {
  if (run.attempt < settings.maxAttempts) return { kind: 'requeue' };
  const told = isEdenError(cause, 'SERVICE_UNAVAILABLE') ? { errors: [cause.context] } : {};
  const details = `Each of ${run.attempt} attempts was interrupted: it lost its worker or its lock, or a server could not go on`;
  const context = { failed_apis: [], details, ...told };
  return { kind: 'failed', error: toStoredError(new EdenError('MIGRATION_EXECUTION_FAILED', context)) };
}

/** An abort that had begun with an error ends with it; a crash alone is another attempt. */
export function afterCrash(deps: EngineDeps, run: Run): AbortOutcome {
  return run.error === null ? afterInterruption(deps, run) : { kind: 'failed', error: run.error };
}
