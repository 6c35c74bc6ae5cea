import { removeApiFromMigration as remove } from '@eden/coordinator';
import { done } from '../http/answer.js';
import { operation } from '../http/operation.js';
import { messageSchema } from '../schemas/envelope.js';

export const removeApiFromMigration = operation({
  method: 'delete',
  path: '/migrations/{migration}/apis/{api}',
  tag: 'Migrations',
  summary: 'Take an API out of a migration',
  result: messageSchema,
  errors: ['RUN_IN_PROGRESS', 'LOCK_TIMEOUT'],
  handler: async ({ subject, path, deps }) => {
    await remove(deps, subject, path.migration, path.api);
    return done('removed Api from migration');
  },
});
