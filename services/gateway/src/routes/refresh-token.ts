import { operation } from '../http/operation.js';
import { bearerOf } from '../identity/credentials.js';
import { issueToken } from '../views/token.js';
import { emptyBodySchema } from '../schemas/envelope.js';
import { tokenSchema } from '../schemas/identity.js';

/** The old token stays good until it expires: requests that are on their way with it must not fail. */
export const refreshToken = operation({
  method: 'post',
  path: '/auth/refresh',
  tag: 'Identity',
  summary: 'Exchange a token for a new one',
  body: emptyBodySchema,
  result: tokenSchema,
  handler: ({ subject, deps, http }) => {
    // Keys, and tokens of the identity provider, are not ours to renew.
    const { loggedInAt } = deps.tokens.verify(bearerOf(http));
    return Promise.resolve({ status: 200, body: issueToken(deps.tokens, subject, loggedInAt) });
  },
});
