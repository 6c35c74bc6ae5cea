import { done } from '../http/answer.js';
import { operation } from '../http/operation.js';
import { emptyBodySchema, messageSchema } from '../schemas/envelope.js';

export const logOut = operation({
  method: 'post',
  path: '/auth/logout',
  tag: 'Identity',
  summary: 'Revoke the token',
  level: 'Read',
  body: emptyBodySchema,
  result: messageSchema,
  handler: async ({ token, deps }) => {
    await deps.store.identity.revokeToken(token.jti, token.expiresAt);
    return done();
  },
});
