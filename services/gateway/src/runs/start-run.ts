import type { RunRequest } from '@eden/coordinator';
import { requestRun } from '@eden/coordinator';
import type { Ref, Run, Subject } from '@eden/domain';
import { EdenError, fromStoredError, isEdenError, isFinished } from '@eden/domain';
import type { GatewayDeps } from '../deps.js';
import { errorAnswer } from '../error-handler.js';
import { accepted, done } from '../http/answer.js';
import type { HttpRequest } from '../http/http-request.js';
import { waitMsOf } from '../http/preference.js';

export interface RunContext {
  readonly deps: GatewayDeps;
  readonly subject: Subject;
  readonly http: HttpRequest;
  readonly migration: Ref;
}

/** What is said of a run that succeeded within the wait, and of one that goes on. */
export interface Sentences {
  readonly succeeded: string;
  readonly accepted: string;
}

/** Without lock masters no run can start: the run waits in the database, and its client need not. */
async function hasQuorum({ locks }: GatewayDeps): Promise<boolean> {
  try {
    await locks.check();
    return true;
  } catch (error) {
    if (isEdenError(error, 'SERVICE_UNAVAILABLE')) return false;
    throw error;
  }
}

/**
 * The run as it is when it has finished, when the wait is over, or when there is nobody left to wait for it. It was
 * accepted by now: whatever keeps us from watching it, the answer is that it goes on.
 */
async function watch({ deps, subject, http }: RunContext, run: Run): Promise<Run> {
  try {
    const waitMs = (await hasQuorum(deps)) ? waitMsOf(http, deps.migrateWaitMs) : 0;
    return await deps.store.waitForRun(subject.organizationUuid, run.uuid, waitMs, http.signal);
  } catch (error) {
    if (!http.signal.aborted) http.log.warn('run not watched', { run: run.uuid, error });
    return run;
  }
}

function errorOf({ state, error }: Run): EdenError | null {
  if (state === 'succeeded') return null;
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
  const run = await watch(context, await requestRun(deps, subject, migration, request));
  if (!isFinished(run.state)) return accepted(sentences.accepted, run.uuid);
  const error = errorOf(run);
  return error === null ? done(sentences.succeeded) : errorAnswer(error, http.id);
}
