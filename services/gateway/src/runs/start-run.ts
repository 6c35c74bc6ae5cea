import type { RunRequest } from '@eden/coordinator';
import { requestRun } from '@eden/coordinator';
import type { Ref, Run } from '@eden/domain';
import { EdenError, fromStoredError, isEdenError, isFinished } from '@eden/domain';
import type { GatewayDeps } from '../deps.js';
import { errorAnswer } from '../error-handler.js';
import { accepted, done } from '../http/answer.js';
import type { HttpRequest } from '../http/http-request.js';
import type { Watcher } from './watch-run.js';
import { watchRun } from './watch-run.js';

export interface RunContext extends Watcher {
  readonly migration: Ref;
}

/** What is said of a run that succeeded within the wait, and of one that goes on. */
export interface Sentences {
  readonly succeeded: string;
  readonly accepted: string;
}

/** Without lock masters no run can start: the run waits in the database, and its client need not. */
async function hasQuorum({ locks }: GatewayDeps, { log }: HttpRequest): Promise<boolean> {
  try {
    await locks.check();
    return true;
  } catch (error) {
    if (!isEdenError(error, 'SERVICE_UNAVAILABLE')) log.warn('lock masters not asked', { error });
    return false;
  }
}

function errorOf({ uuid, state, error, cancelledBy }: Run): EdenError | null {
  if (state === 'succeeded') return null;
  if (state === 'cancelled') {
    const suggestion = 'Nothing of it has stayed; start another run when you want to';
    return new EdenError('RUN_CANCELLED', { run_uuid: uuid, cancelled_by: cancelledBy, suggestion });
  }
  if (error !== null) return fromStoredError(error);
  return new EdenError('MIGRATION_EXECUTION_FAILED', { failed_apis: [], details: `The run was ${state}` });
}

/**
 * Starts a run, or joins an equal one, and waits for its end for as long as the client wants to. A failed run is an
 * answer and no exception: it took place, and an Idempotency-Key gives it again.
 * @throws EdenError what requestRun throws: then there is no run
 */
export async function startRun(context: RunContext, request: RunRequest, sentences: Sentences) {
  const { deps, subject, http, migration } = context;
  const requested = await requestRun(deps, subject, migration, request);
  const run = (await hasQuorum(deps, http)) ? await watchRun(context, requested) : requested;
  if (!isFinished(run.state)) return accepted(sentences.accepted, run.uuid);
  const error = errorOf(run);
  return error === null ? done(sentences.succeeded) : errorAnswer(error, http.id);
}
