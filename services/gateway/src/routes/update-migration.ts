import { updateMigration as update } from '@eden/coordinator';
import { doneWith } from '../http/answer.js';
import { operation } from '../http/operation.js';
import { messageWithDataSchema } from '../schemas/envelope.js';
import { migrationChangesSchema, migrationSchema } from '../schemas/migration.js';
import { viewLatestRun, viewMigration } from '../views/migration.js';

export const updateMigration = operation({
  method: 'patch',
  path: '/migrations/{migration}',
  tag: 'Migrations',
  summary: 'Change description, parameters or options; the plan is void',
  level: 'Admin',
  body: migrationChangesSchema,
  result: messageWithDataSchema(migrationSchema),
  errors: ['RUN_IN_PROGRESS', 'LOCK_TIMEOUT'],
  handler: async ({ subject, path, body, deps }) => {
    const updated = await update(deps, subject, path.migration, body);
    const organization = deps.store.organization(subject.organizationUuid);
    return doneWith(viewMigration(updated, await viewLatestRun(organization, updated)));
  },
});
