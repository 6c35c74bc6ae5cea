import { endKeptSubjects } from '@eden/coordinator';
import { done } from '../http/answer.js';
import { operation } from '../http/operation.js';
import { emptyBodySchema, messageSchema } from '../schemas/envelope.js';

export const logOut = operation({
  method: 'post',
  path: '/auth/logout',
  tag: 'Identity',
  summary: 'Revoke the token',
  body: emptyBodySchema,
  result: messageSchema,
  handler: async ({ subject, token, deps }) => {
    if (token === null) return done();
    await deps.store.identity.revokeToken(token.jti, token.expiresAt);
    const { username: actor, origin } = subject;
    const entry = { actor, origin, action: 'auth.logout', subject: actor, data: { jti: token.jti } };
    await deps.store.audit(subject.organizationUuid).append(entry);
    await endKeptSubjects(deps, subject.organizationUuid);
    return done();
  },
});
