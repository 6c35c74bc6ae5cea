import { restoreSubject } from '@eden/coordinator';
import { done } from '../http/answer.js';
import { operation } from '../http/operation.js';
import { messageSchema } from '../schemas/envelope.js';

export const deleteRevocation = operation({
  method: 'delete',
  path: '/iam/revocations/{revocation}',
  tag: 'Identity',
  summary: 'Let a subject of the identity provider in again',
  result: messageSchema,
  handler: async ({ subject, path, deps }) => {
    await restoreSubject(deps, subject, path.revocation);
    return done();
  },
});
