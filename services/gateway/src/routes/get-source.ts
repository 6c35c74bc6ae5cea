import { describeSource, inspectSource } from '@eden/coordinator';
import { data } from '../http/answer.js';
import { operation } from '../http/operation.js';
import { dataSchema } from '../schemas/envelope.js';
import { sourceQuerySchema, sourceSchema } from '../schemas/source.js';
import { actionsOnSource } from '../views/actions.js';
import { viewSource } from '../views/source.js';

export const getSource = operation({
  method: 'get',
  path: '/migrations/{migration}/sources/{source}',
  tag: 'Migrations',
  summary: 'Show a folder with the state of every file: as last seen, or as its database has it now',
  query: sourceQuerySchema,
  result: dataSchema(sourceSchema),
  errors: ['SOURCE_REFUSED', 'ENDPOINT_UNAVAILABLE', 'ENDPOINT_NOT_ALLOWED', 'TEMPLATE_EXECUTION_FAILED'],
  handler: async ({ subject, path, query, deps }) => {
    const organization = deps.store.organization(subject.organizationUuid);
    const migration = await organization.migration(path.migration);
    const source = await organization.source(migration.uuid, path.source);
    const latest = await organization.latestRun(migration.uuid);
    const described =
      query.live === 'true'
        ? await inspectSource(deps, organization, source)
        : await describeSource(organization, migration, source);
    return data(viewSource(described, migration, actionsOnSource(subject, migration, latest)));
  },
});
