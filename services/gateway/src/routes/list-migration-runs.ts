import { page } from '../http/answer.js';
import { operation } from '../http/operation.js';
import { pageRequest } from '../http/page-request.js';
import { pageQuerySchema, pageSchema } from '../schemas/envelope.js';
import { runSchema } from '../schemas/run.js';
import { viewRun } from '../views/run.js';

export const listMigrationRuns = operation({
  method: 'get',
  path: '/migrations/{migration}/runs',
  tag: 'Runs',
  summary: 'List the runs of a migration',
  level: 'Read',
  query: pageQuerySchema,
  result: pageSchema(runSchema),
  handler: async ({ subject, path, query, deps }) => {
    const organization = deps.store.organization(subject.organizationUuid);
    const { uuid } = await organization.migration(path.migration);
    return page(await organization.runs(uuid, pageRequest(query)), viewRun);
  },
});
