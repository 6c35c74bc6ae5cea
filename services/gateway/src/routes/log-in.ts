import { logIn as authenticate } from '@eden/coordinator';
import { ID_PATTERN, validationError } from '@eden/domain';
import type { HttpRequest } from '../http/http-request.js';
import { publicOperation } from '../http/operation.js';
import { basicOf } from '../identity/credentials.js';
import { issueToken } from '../views/token.js';
import { loginSchema, tokenSchema } from '../schemas/identity.js';

function organizationOf(body: { readonly id?: string }, http: HttpRequest): string {
  const organization = body.id ?? http.header('x-org-id');
  if (organization !== undefined && ID_PATTERN.test(organization)) return organization;
  throw validationError([{ path: 'id', message: 'The organization is required, here or in the header X-Org-Id' }]);
}

export const logIn = publicOperation({
  method: 'post',
  path: '/auth/login',
  tag: 'Identity',
  summary: 'Exchange username and password for a token',
  credentials: 'basic',
  headers: ['X-Org-Id'],
  body: loginSchema,
  result: tokenSchema,
  errors: ['AUTHENTICATION_REQUIRED', 'RATE_LIMITED'],
  authorize: (_deps, http) => void basicOf(http),
  handler: async ({ body, deps, http }) => {
    const { username, password } = basicOf(http);
    const organization = organizationOf(body, http);
    const attempt = { organization, username, address: http.address };
    deps.logins.begin(attempt);
    // Before the password is read: one that is changed meanwhile revokes this login.
    const loggedInAt = await deps.store.identity.now();
    const subject = await authenticate(deps, { organization, username, password });
    deps.logins.succeeded(attempt);
    return { status: 200, body: issueToken(deps.tokens, subject, loggedInAt) };
  },
});
