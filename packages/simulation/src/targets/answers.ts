import { EdenError } from '@eden/domain';
import type { Endpoint } from '@eden/domain';
import type { LockNotAvailable, Procedure } from './target-session.js';

/** Who was in the way, as the ports name blockers. */
export function blockersOf({ blockers }: LockNotAvailable) {
  return blockers.map((application) => ({
    pid: null,
    user: null,
    application,
    query: null,
    age_ms: null,
    database: '',
    prepared_id: null,
  }));
}

/** The server has not done what it was asked for, without an error. */
export function notVoted(endpoint: Endpoint, tag: string): EdenError {
  return new EdenError('TEMPLATE_EXECUTION_FAILED', { endpoint_id: endpoint.id, sqlstate: '25P02', message: tag });
}

/** It waits for nothing. */
export function* instantly<T>(work: () => T): Procedure<T> {
  return work();
}
