import { publicOperation } from '../http/operation.js';
import { basicOf } from '../identity/credentials.js';
import { logInByPassword } from '../identity/password-login.js';
import { loginSchema, tokenSchema } from '../schemas/identity.js';
import { issueToken } from '../views/token.js';

export const openSession = publicOperation({
  method: 'post',
  path: '/auth/session',
  tag: 'Identity',
  summary: 'Log a browser in: a token, and a cookie that fetches further ones',
  headers: ['X-Org-Id'],
  body: loginSchema,
  result: tokenSchema,
  errors: ['AUTHENTICATION_REQUIRED', 'RATE_LIMITED'],
  authorize: (_deps, http) => void basicOf(http),
  handler: async ({ body, deps, http }) => {
    const { subject, loggedInAt } = await logInByPassword(deps, http, body.id);
    const cookie = await deps.sessions.open(deps.store, http, subject, loggedInAt);
    return { status: 200, body: issueToken(deps.tokens, subject, loggedInAt), headers: { 'Set-Cookie': cookie } };
  },
});
