import { deleteMigration as remove } from '@eden/coordinator';
import { done } from '../http/answer.js';
import { operation } from '../http/operation.js';
import { messageSchema } from '../schemas/envelope.js';

export const deleteMigration = operation({
  method: 'delete',
  path: '/migrations/{migration}',
  tag: 'Migrations',
  summary: 'Delete a migration and its lock; its APIs are free again',
  result: messageSchema,
  errors: ['RUN_IN_PROGRESS'],
  handler: async ({ subject, path, deps }) => {
    await remove(deps, subject, path.migration);
    return done();
  },
});
