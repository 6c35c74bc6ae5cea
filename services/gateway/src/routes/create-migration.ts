import { createMigration as create } from '@eden/coordinator';
import { done } from '../http/answer.js';
import { operation } from '../http/operation.js';
import { messageSchema } from '../schemas/envelope.js';
import { newMigrationSchema } from '../schemas/migration.js';

export const createMigration = operation({
  method: 'post',
  path: '/migrations',
  tag: 'Migrations',
  summary: 'Create a migration without APIs',
  body: newMigrationSchema,
  result: messageSchema,
  errors: ['MIGRATION_EXISTS'],
  handler: async ({ subject, body, deps }) => {
    const { description = null, ...rest } = body;
    await create(deps, subject, { ...rest, description });
    return done();
  },
});
