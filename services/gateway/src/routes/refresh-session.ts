import { publicOperation } from '../http/operation.js';
import { secretOf } from '../identity/sessions/sessions.js';
import { emptyBodySchema } from '../schemas/envelope.js';
import { tokenSchema } from '../schemas/identity.js';
import { issueToken } from '../views/token.js';

export const refreshSession = publicOperation({
  method: 'post',
  path: '/auth/session/refresh',
  tag: 'Identity',
  summary: 'Exchange the cookie of a session for a token',
  headers: ['X-Eden-Csrf'],
  body: emptyBodySchema,
  result: tokenSchema,
  errors: ['AUTHENTICATION_REQUIRED', 'RATE_LIMITED'],
  authorize: (_deps, http) => void secretOf(http),
  handler: async ({ deps, http, count }) => {
    const { subject, loggedInAt } = await deps.sessions.resume(deps.store, secretOf(http));
    await count(subject.organizationUuid);
    return { status: 200, body: issueToken(deps.tokens, subject, loggedInAt) };
  },
});
