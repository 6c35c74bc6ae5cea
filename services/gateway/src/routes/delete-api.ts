import { deleteApi as remove } from '@eden/coordinator';
import { done } from '../http/answer.js';
import { operation } from '../http/operation.js';
import { messageSchema } from '../schemas/envelope.js';

export const deleteApi = operation({
  method: 'delete',
  path: '/apis/{api}',
  tag: 'APIs',
  summary: 'Delete an API that is in no migration',
  result: messageSchema,
  errors: ['API_IN_USE', 'LOCK_TIMEOUT'],
  handler: async ({ subject, path, deps }) => {
    await remove(deps, subject, path.api);
    return done();
  },
});
