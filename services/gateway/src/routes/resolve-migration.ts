import { resolveRun } from '@eden/coordinator';
import { doneWith } from '../http/answer.js';
import { operation } from '../http/operation.js';
import { messageWithDataSchema } from '../schemas/envelope.js';
import { resolveSchema } from '../schemas/migration.js';
import { runSchema } from '../schemas/run.js';
import { viewRun } from '../views/run.js';

export const resolveMigration = operation({
  method: 'post',
  path: '/migrations/{migration}/resolve',
  tag: 'Migrations',
  summary:
    'End a run that is in doubt as a person has found it to be; steps outside its transaction that are left go on first',
  body: resolveSchema,
  result: messageWithDataSchema(runSchema),
  errors: ['RUN_NOT_IN_DOUBT', 'LOCK_TIMEOUT'],
  handler: async ({ subject, path, body, deps }) => {
    const run = await resolveRun(deps, subject, path.migration, body);
    const view = await viewRun(deps.store.organization(subject.organizationUuid), subject, run);
    return doneWith(view, 'migration run resolved');
  },
});
