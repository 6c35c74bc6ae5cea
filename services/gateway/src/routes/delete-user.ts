import { deleteUser as remove } from '@eden/coordinator';
import { done } from '../http/answer.js';
import { operation } from '../http/operation.js';
import { messageSchema } from '../schemas/envelope.js';

export const deleteUser = operation({
  method: 'delete',
  path: '/iam/users/{user}',
  tag: 'Identity',
  summary: 'Delete a user; the last SuperAdmin stays',
  result: messageSchema,
  errors: ['LAST_SUPER_ADMIN'],
  handler: async ({ subject, path, deps }) => {
    await remove(deps, subject, path.user);
    return done();
  },
});
