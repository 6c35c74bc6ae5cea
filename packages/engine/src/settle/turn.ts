import { EdenError, toStoredError } from '@eden/domain';
import type { AbortOutcome, Run } from '@eden/domain';
import type { EngineDeps } from '../deps.js';

/**
 * How far a run was brought. `turned`: the targets show that it has to be settled otherwise, or anew, which its state
 * tells. `left`: to whoever adopts it, or to a person.
 */
export type Turn = 'ended' | 'turned' | 'left';

/** What becomes of a run that was stopped from outside: another attempt, as often as allowed. */
export function afterInterruption({ settings }: EngineDeps, run: Run): AbortOutcome {
  if (run.attempt < settings.maxAttempts) return { kind: 'requeue' };
  const context = { failed_apis: [], details: `Each of ${run.attempt} attempts lost its worker or its lock` };
  return { kind: 'failed', error: toStoredError(new EdenError('MIGRATION_EXECUTION_FAILED', context)) };
}

/** An abort that had begun with an error ends with it; a crash alone is another attempt. */
export function afterCrash(deps: EngineDeps, run: Run): AbortOutcome {
  return run.error === null ? afterInterruption(deps, run) : { kind: 'failed', error: run.error };
}
