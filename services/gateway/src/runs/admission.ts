import type { Subject } from '@eden/domain';
import { isEdenError } from '@eden/domain';
import type { GatewayDeps } from '../deps.js';
import type { HttpRequest } from '../http/http-request.js';
import { authenticate } from '../identity/authenticate.js';

/** How long somebody whose token was revoked may still watch. */
const CHECK_EVERY_MS = 5_000;

/**
 * Looks at the token again now and then: answers who it is by now, or null once they are not welcome any more. Those can ask
 * again, and are told why.
 */
export function admission(deps: GatewayDeps, http: HttpRequest, subject: Subject): () => Promise<Subject | null> {
  let checkedAt = performance.now();
  let known: Subject = subject;
  return async () => {
    if (performance.now() - checkedAt < CHECK_EVERY_MS) return known;
    checkedAt = performance.now();
    try {
      known = (await authenticate(deps, http)).subject;
      return known;
    } catch (error) {
      // A control database that is away for a moment says nothing against anybody.
      return isEdenError(error) && error.retryable ? known : null;
    }
  };
}
