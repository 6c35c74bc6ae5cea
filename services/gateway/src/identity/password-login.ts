import { logIn } from '@eden/coordinator';
import type { Subject } from '@eden/domain';
import { ID_PATTERN, validationError } from '@eden/domain';
import type { GatewayDeps } from '../deps.js';
import type { HttpRequest } from '../http/http-request.js';
import { originOf } from './audit-request.js';
import { basicOf } from './credentials.js';

function organizationOf(id: string | undefined, http: HttpRequest): string {
  const organization = id ?? http.header('x-org-id');
  if (organization !== undefined && ID_PATTERN.test(organization)) return organization;
  throw validationError([{ path: 'id', message: 'The organization is required, here or in the header X-Org-Id' }]);
}

/** Who logs in by HTTP Basic, and when. @throws EdenError AUTHENTICATION_REQUIRED, RATE_LIMITED, VALIDATION_FAILED */
export async function logInByPassword(
  deps: GatewayDeps,
  http: HttpRequest,
  id: string | undefined,
): Promise<{ readonly subject: Subject; readonly loggedInAt: Date }> {
  const { username, password } = basicOf(http);
  const organization = organizationOf(id, http);
  const { identity } = deps.store;
  // By its id and by its uuid it is the same one. While the control database is away nobody logs in, and nobody fails.
  const organizationUuid = await identity.organizationUuid(organization);
  const attempt = { organization: organizationUuid ?? organization, username, address: http.address };
  await deps.limits.beginLogin(attempt);
  // Before the password is read: one that is changed meanwhile revokes this login.
  const loggedInAt = await identity.now();
  const subject = await logIn(deps, { organization, username, password, origin: originOf(http) });
  await deps.limits.loginSucceeded(attempt);
  return { subject, loggedInAt };
}
