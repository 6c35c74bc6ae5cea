import type { Run, Subject } from '@eden/domain';
import type { GatewayDeps } from '../deps.js';
import type { HttpRequest } from '../http/http-request.js';
import { waitMsOf } from '../http/preference.js';

/** A request that wants to know how a run ends. */
export interface Watcher {
  readonly deps: GatewayDeps;
  readonly subject: Subject;
  readonly http: HttpRequest;
}

/**
 * The run as it is when it has finished, when the wait is over, or when there is nobody left to wait for it. What was
 * asked is done by now: whatever keeps us from watching, the answer is that the run goes on.
 */
export async function watchRun({ deps, subject, http }: Watcher, run: Run): Promise<Run> {
  try {
    const waitMs = waitMsOf(http, deps.migrateWaitMs);
    return await deps.store.waitForRun(subject.organizationUuid, run.uuid, waitMs, http.signal);
  } catch (error) {
    if (!http.signal.aborted) http.log.warn('run not watched', { run: run.uuid, error });
    return run;
  }
}
