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
  result: dataSchema(runSchema),
  handler: async ({ subject, path, deps }) => {
    const organization = deps.store.organization(subject.organizationUuid);
    return data(await viewRun(organization, subject, await organization.run(path.run)));
  },
});
