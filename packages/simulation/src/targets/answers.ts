import { EdenError } from '@eden/domain';
import type { Endpoint } from '@eden/domain';
import type { LockNotAvailable, Procedure } from './target-session.js';

/** Who was in the way, as the ports name blockers: what is prepared has no session any more. */
export function blockersOf({ blockers }: LockNotAvailable) {
  return blockers.map(({ name, preparedId }, index) => ({
    pid: preparedId === null ? index + 1 : null,
    user: null,
    application: name,
    query: null,
    age_ms: null,
    database: '',
    prepared_id: preparedId,
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
