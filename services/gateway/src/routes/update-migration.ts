import { updateMigration as update } from '@eden/coordinator';
import { doneWith } from '../http/answer.js';
import { operation } from '../http/operation.js';
import { messageWithDataSchema } from '../schemas/envelope.js';
import { migrationChangesSchema, migrationSchema } from '../schemas/migration.js';
import { viewMigration } from '../views/migration.js';

export const updateMigration = operation({
  method: 'patch',
  path: '/migrations/{migration}',
  tag: 'Migrations',
  summary: 'Change description, parameters or options, which voids the plan, or labels and notes, which does not',
  body: migrationChangesSchema,
  result: messageWithDataSchema(migrationSchema),
  errors: ['APPROVER_INVOLVED', 'RUN_IN_PROGRESS', 'LOCK_TIMEOUT'],
  handler: async ({ subject, path, body, deps }) => {
    const updated = await update(deps, subject, path.migration, body);
    const organization = deps.store.organization(subject.organizationUuid);
    return doneWith(await viewMigration(organization, subject, updated));
  },
});
