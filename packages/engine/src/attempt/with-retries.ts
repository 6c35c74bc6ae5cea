import type { BindingAttempt, Blocker, ParticipantSession, RunBinding, TemplateSettings } from '@eden/domain';
import { EdenError, isEdenError, toStoredError } from '@eden/domain';
import type { BlockedReport } from '../control/blockers.js';
import { blockedOf } from '../control/blockers.js';
import { jitter } from '../control/pacing.js';
import { timeOf } from '../control/time-of.js';
import type { EngineDeps } from '../deps.js';

/** Between two tries. */
const PAUSE_MS = 150;

/** How many failed tries of a binding its record tells: the latest say whether what stands in the way has changed. */
const KEPT_TRIES = 10;

/** What is tried again in its participant's transaction. */
export interface Retrying {
  readonly session: ParticipantSession;
  record(change: Partial<RunBinding>): void;
  /** How long a statement is tried again that locks of others stop. */
  readonly lockTimeoutMs: number;
  readonly reportBlocked: BlockedReport;
}

/** What is done for each try. */
export interface Tries<T> {
  run(): Promise<T>;
  /** The first one, where it was sent ahead and so has its savepoint. */
  readonly sent?: Promise<T> | null;
}

/**
 * A short wait for a lock, then all that queued up behind it goes first, then the next try: so a table that somebody
 * else reads for long is not closed to everybody. Ends with the migration's lock timeout, or the template's `retries`;
 * the last error names whoever was seen in the way last, be it during an earlier try.
 */
export async function withRetries<T>(
  deps: EngineDeps,
  scope: Retrying,
  { retries }: TemplateSettings,
  { run, sent = null }: Tries<T>,
): Promise<T> {
  const deadline = deps.clock.elapsedMs() + scope.lockTimeoutMs;
  let failedTries: readonly BindingAttempt[] = [];
  let seen: readonly Blocker[] = [];
  if (sent === null) await scope.session.savepoint();
  for (let attempt = 1; ; attempt += 1) {
    const startedAt = timeOf(deps);
    scope.record({ state: 'running', attempts: attempt });
    try {
      if (attempt === 1 && sent !== null) return await sent;
      const result = await run();
      await scope.session.releaseSavepoint();
      return result;
    } catch (error) {
      if (!isPassing(error)) throw error;
      seen = seenLast(error, seen);
      const isSpent = retries === undefined ? deps.clock.elapsedMs() >= deadline : attempt > retries;
      if (isSpent) throw naming(error, seen);
      await scope.session.rollbackToSavepoint();
      const failedTry = { startedAt, finishedAt: timeOf(deps), error: toStoredError(error) };
      failedTries = [...failedTries, failedTry].slice(-KEPT_TRIES);
      scope.record({ failedTries });
      scope.reportBlocked(blockedOf(error.context));
      await deps.clock.sleep(jitter(deps, PAUSE_MS));
    }
  }
}

/** Over when somebody else has gone, says the target. Everything else would fail again. */
function isPassing(error: unknown): error is EdenError {
  return isEdenError(error, 'TEMPLATE_EXECUTION_FAILED') && error.retryable;
}

function seenLast({ context }: EdenError, before: readonly Blocker[]): readonly Blocker[] {
  const { blockers } = blockedOf(context);
  return blockers.length === 0 ? before : blockers;
}

function naming(error: EdenError, blockers: readonly Blocker[]): EdenError {
  if (blockers.length === 0) return error;
  const { code, context, message: sentence, cause, retryable } = error;
  return new EdenError(code, { ...context, blockers }, { sentence, cause, retryable });
}
