import { publicOperation } from '../http/operation.js';
import { basicOf } from '../identity/credentials.js';
import { logInByPassword } from '../identity/password-login.js';
import { issueToken } from '../views/token.js';
import { loginSchema, tokenSchema } from '../schemas/identity.js';

export const logIn = publicOperation({
  method: 'post',
  path: '/auth/login',
  tag: 'Identity',
  summary: 'Exchange username and password for a token',
  headers: ['X-Org-Id'],
  body: loginSchema,
  result: tokenSchema,
  errors: ['AUTHENTICATION_REQUIRED', 'RATE_LIMITED'],
  authorize: (_deps, http) => void basicOf(http),
  handler: async ({ body, deps, http }) => {
    const { subject, loggedInAt } = await logInByPassword(deps, http, body.id);
    return { status: 200, body: issueToken(deps.tokens, subject, loggedInAt) };
  },
});
