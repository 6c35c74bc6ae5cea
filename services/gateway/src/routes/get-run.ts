import { data } from '../http/answer.js';
import { operation } from '../http/operation.js';
import { dataSchema } from '../schemas/envelope.js';
import { runSchema } from '../schemas/run.js';
import { viewRun } from '../views/run.js';

export const getRun = operation({
  method: 'get',
  path: '/runs/{run}',
  tag: 'Runs',
  summary: 'Show a run',
  level: 'Read',
  result: dataSchema(runSchema),
  handler: async ({ subject, path, deps }) =>
    data(viewRun(await deps.store.organization(subject.organizationUuid).run(path.run))),
});
