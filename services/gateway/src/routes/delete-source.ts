import { deleteSource as remove } from '@eden/coordinator';
import { done } from '../http/answer.js';
import { operation } from '../http/operation.js';
import { messageSchema } from '../schemas/envelope.js';

export const deleteSource = operation({
  method: 'delete',
  path: '/migrations/{migration}/sources/{source}',
  tag: 'Migrations',
  summary: 'Take a folder out of a migration',
  result: messageSchema,
  errors: ['RUN_IN_PROGRESS', 'LOCK_TIMEOUT'],
  handler: async ({ subject, path, deps }) => {
    await remove(deps, subject, path);
    return done('removed source from migration');
  },
});
