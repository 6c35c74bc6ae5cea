import type { ErrorContext, ParticipantSession, RunBinding, TemplateSettings } from '@eden/domain';
import { isEdenError } from '@eden/domain';
import type { BlockedReport } from '../control/blockers.js';
import { blockedOf } from '../control/blockers.js';
import { jitter } from '../control/pacing.js';
import type { EngineDeps } from '../deps.js';

/** Between two tries. */
const PAUSE_MS = 150;

/** What is tried again in its participant's transaction. */
export interface Retrying {
  readonly session: ParticipantSession;
  record(change: Partial<RunBinding>): void;
  /** How long a statement is tried again that locks of others stop. */
  readonly lockTimeoutMs: number;
  readonly reportBlocked: BlockedReport;
}

/**
 * A short wait for a lock, then all that queued up behind it goes first, then the next try: so a table that somebody
 * else reads for long is not closed to everybody. Ends with the migration's lock timeout, or the template's `retries`.
 */
export async function withRetries<T>(
  deps: EngineDeps,
  scope: Retrying,
  { retries }: TemplateSettings,
  run: () => Promise<T>,
): Promise<T> {
  const deadline = deps.clock.elapsedMs() + scope.lockTimeoutMs;
  await scope.session.savepoint();
  for (let attempt = 1; ; attempt += 1) {
    scope.record({ state: 'running', attempts: attempt });
    try {
      const result = await run();
      await scope.session.releaseSavepoint();
      return result;
    } catch (error) {
      const isSpent = retries === undefined ? deps.clock.elapsedMs() >= deadline : attempt > retries;
      if (!isPassing(error) || isSpent) throw error;
      await scope.session.rollbackToSavepoint();
      scope.reportBlocked(blockedOf(error.context));
      await deps.clock.sleep(jitter(deps, PAUSE_MS));
    }
  }
}

/** Over when somebody else has gone, says the target. Everything else would fail again. */
function isPassing(error: unknown): error is Error & { readonly context: ErrorContext } {
  return isEdenError(error, 'TEMPLATE_EXECUTION_FAILED') && error.retryable;
}
