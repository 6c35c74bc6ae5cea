import { EdenError } from '@eden/domain';
import type { GatewayDeps } from '../deps.js';
import type { HttpRequest } from '../http/http-request.js';
import type { Principal } from '../http/operation.js';
import { bearerOf } from './credentials.js';

/**
 * Who asks: a good token, not revoked, of a user who is still there. The level is the one of now, not of the token.
 * @throws EdenError AUTHENTICATION_REQUIRED
 */
export async function authenticate({ store, tokens }: GatewayDeps, http: HttpRequest): Promise<Principal> {
  const token = tokens.verify(bearerOf(http));
  const subject = await store.identity.authenticate(token.userUuid, token.jti, token.loggedInAt);
  if (subject === null || subject.organizationUuid !== token.organizationUuid) {
    throw new EdenError('AUTHENTICATION_REQUIRED');
  }
  return { subject, token };
}
