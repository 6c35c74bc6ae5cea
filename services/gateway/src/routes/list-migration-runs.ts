import { page } from '../http/answer.js';
import { operation } from '../http/operation.js';
import { pageRequest } from '../http/page-request.js';
import { pageQuerySchema, pageSchema } from '../schemas/envelope.js';
import { runSummarySchema } from '../schemas/run.js';
import { viewRunSummary } from '../views/run.js';

export const listMigrationRuns = operation({
  method: 'get',
  path: '/migrations/{migration}/runs',
  tag: 'Runs',
  summary: 'List the runs of a migration, without their APIs',
  level: 'Read',
  query: pageQuerySchema,
  result: pageSchema(runSummarySchema),
  handler: async ({ subject, path, query, deps }) => {
    const organization = deps.store.organization(subject.organizationUuid);
    const { uuid } = await organization.migration(path.migration);
    return page(await organization.runs(uuid, pageRequest(query)), viewRunSummary);
  },
});
