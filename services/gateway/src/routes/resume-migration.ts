import { resumeRun } from '@eden/coordinator';
import { doneWith } from '../http/answer.js';
import { operation } from '../http/operation.js';
import { emptyBodySchema, messageWithDataSchema } from '../schemas/envelope.js';
import { runSchema } from '../schemas/run.js';
import { viewRun } from '../views/run.js';

export const resumeMigration = operation({
  method: 'post',
  path: '/migrations/{migration}/resume',
  tag: 'Migrations',
  summary: 'Let the paused run of a migration go on from where it stands',
  body: emptyBodySchema,
  result: messageWithDataSchema(runSchema),
  errors: ['NO_RUN_IN_PROGRESS'],
  handler: async ({ subject, path, deps }) => {
    const run = await resumeRun(deps, subject, path.migration);
    return doneWith(
      await viewRun(deps.store.organization(subject.organizationUuid), subject, run),
      'migration run resumed',
    );
  },
});
