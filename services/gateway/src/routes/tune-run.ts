import { tuneRun as tune } from '@eden/coordinator';
import { doneWith } from '../http/answer.js';
import { operation } from '../http/operation.js';
import { messageWithDataSchema } from '../schemas/envelope.js';
import { runSchema, tuneRunSchema } from '../schemas/run.js';
import { viewRun } from '../views/run.js';

export const tuneRun = operation({
  method: 'patch',
  path: '/runs/{run}',
  tag: 'Runs',
  summary: 'Change the pace of a run in batches while it is at work; heard within a second or two',
  body: tuneRunSchema,
  result: messageWithDataSchema(runSchema),
  errors: ['RUN_NOT_TUNABLE'],
  handler: async ({ subject, path, body, deps }) => {
    const run = await tune(deps, subject, path.run, body);
    return doneWith(await viewRun(deps.store.organization(subject.organizationUuid), subject, run), 'run tuned');
  },
});
