import { addApiToMigration as add } from '@eden/coordinator';
import { done } from '../http/answer.js';
import { operation } from '../http/operation.js';
import { messageSchema } from '../schemas/envelope.js';
import { addApiSchema } from '../schemas/migration.js';

export const addApiToMigration = operation({
  method: 'post',
  path: '/migrations/{migration}/add_api',
  tag: 'Migrations',
  summary: 'Make an API part of a migration',
  body: addApiSchema,
  result: messageSchema,
  errors: ['API_NOT_FOUND', 'TEMPLATE_NOT_FOUND', 'API_HAS_MIGRATION', 'RUN_IN_PROGRESS', 'LOCK_TIMEOUT'],
  handler: async ({ subject, path, body, deps }) => {
    const { id: api, bindings, stage, next = null } = body;
    await add(deps, subject, path.migration, { api, bindings, stage, next });
    return done('added Api to migration');
  },
});
