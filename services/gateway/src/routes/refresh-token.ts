import { operation } from '../http/operation.js';
import { TOKEN_LIFETIME_SECONDS } from '../identity/tokens.js';
import { emptyBodySchema } from '../schemas/envelope.js';
import { tokenSchema } from '../schemas/identity.js';

/** The old token stays good until it expires: requests that are on their way with it must not fail. */
export const refreshToken = operation({
  method: 'post',
  path: '/auth/refresh',
  tag: 'Identity',
  summary: 'Exchange a token for a new one',
  level: 'Read',
  body: emptyBodySchema,
  result: tokenSchema,
  handler: async ({ subject, deps }) => ({
    status: 200,
    body: { token: deps.tokens.issue(subject), expires_in: TOKEN_LIFETIME_SECONDS },
  }),
});
