import { pauseRun } from '@eden/coordinator';
import { doneWith } from '../http/answer.js';
import { operation } from '../http/operation.js';
import { emptyBodySchema, messageWithDataSchema } from '../schemas/envelope.js';
import { runSchema } from '../schemas/run.js';
import { viewRun } from '../views/run.js';

export const pauseMigration = operation({
  method: 'post',
  path: '/migrations/{migration}/pause',
  tag: 'Migrations',
  summary: 'Stop the unfinished run of a migration between its batches, or before its atomic part; refused inside it',
  body: emptyBodySchema,
  result: messageWithDataSchema(runSchema),
  errors: ['NO_RUN_IN_PROGRESS', 'RUN_NOT_PAUSABLE'],
  handler: async ({ subject, path, deps }) => {
    const run = await pauseRun(deps, subject, path.migration);
    return doneWith(
      await viewRun(deps.store.organization(subject.organizationUuid), subject, run),
      'migration run paused',
    );
  },
});
