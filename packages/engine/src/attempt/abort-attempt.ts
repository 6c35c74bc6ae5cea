import { cutWords, isEdenError, toStoredError } from '@eden/domain';
import type { AbortOutcome, Plan } from '@eden/domain';
import { lockTimeoutError } from '@eden/work';
import { abortRun } from '../settle/settle-run.js';
import { afterInterruption } from '../settle/turn.js';
import type { Attempt } from './attempt.js';
import { settlingOf } from './attempt.js';
import type { ApiFailure, NotUndone } from '../control/failure.js';
import { ExecutionFailed, Interrupted, WORKER_STOPS, executionError, isLost, wordsOf } from '../control/failure.js';

/**
 * Undoes an attempt that failed before its commit point: what was interrupted is queued again, what failed ends failed.
 * @param isUnsent Whether nobody can have received its T2.
 * @throws the error itself when somebody else has the run: then the undoing is theirs
 */
export async function abortAttempt(attempt: Attempt, error: unknown, isUnsent: boolean): Promise<void> {
  const { ownership, interrupted, progress } = attempt;
  if (ownership.signal.aborted || (isLost(error) && !(await isStillOurs(attempt)))) throw error;
  const isInterrupted =
    interrupted.aborted || isLost(error) || error instanceof Interrupted || isEdenError(error, 'SERVICE_UNAVAILABLE');
  const failures = isInterrupted ? [] : failuresOf(attempt, error);
  const outcome = isInterrupted ? outcomeOfInterruption(attempt, error) : failed(attempt, failures, error);
  const changes = Promise.resolve(progress.aborted(failures));
  const abort = { outcome, changes: () => changes };
  await abortRun(settlingOf(attempt, attempt.participants, isUnsent), abort, attempt.lock);
}

/**
 * A target that fences the run's owner has seen a newer epoch than the control database, which has forgotten it then. The
 * abort raises the epoch to that, so that another attempt is not fenced.
 */
function isStillOurs({ deps, ownership }: Attempt): Promise<boolean> {
  return deps.journal.heartbeat(ownership.current);
}

/** However often workers are replaced, that is not the run's fault. */
function outcomeOfInterruption({ deps, ownership, drain, lock }: Attempt, error: unknown): AbortOutcome {
  if (drain.aborted) return { kind: 'requeue', reason: WORKER_STOPS };
  const reason = lock.signal.aborted ? 'its worker has lost the write lock' : reasonOf(error);
  return afterInterruption(deps, ownership.current.run, { reason, cause: error });
}

function reasonOf(error: unknown): string {
  return isLost(error) ? 'a target has seen a newer attempt than the control database' : wordsOf(error);
}

/** A gate that stayed taken is the guide's lock timeout, with the blockers that the target named. */
function failed({ work: { migration }, plan }: Attempt, failures: readonly ApiFailure[], error: unknown): AbortOutcome {
  if (isEdenError(error, 'SOURCE_CHANGED'))
    return { kind: 'failed', error: toStoredError(error), reason: wordsOf(error) };
  const reason = isEdenError(error, 'LOCK_TIMEOUT') ? wordsOf(error) : failures.map(wordsOfFailure).join('; ');
  const stored = isEdenError(error, 'LOCK_TIMEOUT')
    ? toStoredError(lockTimeoutError(migration.id, error))
    : executionError(failures, notUndone(plan));
  return { kind: 'failed', error: stored, reason: cutWords(reason) };
}

function wordsOfFailure({ api, binding, error }: ApiFailure): string {
  const where =
    binding === undefined
      ? ''
      : `, ${binding.template === null ? `file ${binding.file ?? ''}` : `template ${binding.template.id}`}`;
  return `${api.member.api.id}${where}: ${wordsOf(error)}`;
}

const NOT_UNDONE: ReadonlySet<string> = new Set(['not-undone', 'sequence-advances']);

/** All else is as it was before; of these nobody can say. */
function notUndone({ apis }: Plan): readonly NotUndone[] {
  return apis.flatMap(({ apiId, bindings }) =>
    bindings.flatMap(({ templateId, findings }) =>
      findings
        .filter(({ rule }) => NOT_UNDONE.has(rule))
        .map(({ message }) => ({ api_id: apiId, template: templateId, details: message })),
    ),
  );
}

/** What is not a failure of one API (a target that cannot be reached, a PREPARE that was refused) is everybody's. */
function failuresOf({ work }: Attempt, error: unknown): readonly ApiFailure[] {
  if (error instanceof ExecutionFailed) return error.failures;
  return work.apis.map((api) => ({ api, error }));
}
