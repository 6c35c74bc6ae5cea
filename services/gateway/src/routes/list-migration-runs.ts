import { page } from '../http/answer.js';
import { operation } from '../http/operation.js';
import { pageRequest } from '../http/page-request.js';
import { pageQuerySchema, pageSchema } from '../schemas/envelope.js';
import { listedRunSchema } from '../schemas/run.js';
import { viewListedRuns } from '../views/run.js';

export const listMigrationRuns = operation({
  method: 'get',
  path: '/migrations/{migration}/runs',
  tag: 'Runs',
  summary: 'List the runs of a migration, without their APIs',
  query: pageQuerySchema,
  result: pageSchema(listedRunSchema),
  handler: async ({ subject, path, query, deps }) => {
    const organization = deps.store.organization(subject.organizationUuid);
    const { uuid } = await organization.migration(path.migration);
    const { items, nextCursor } = await organization.runs(uuid, pageRequest(query));
    return page({ items: await viewListedRuns(organization, subject, items), nextCursor }, (run) => run);
  },
});
