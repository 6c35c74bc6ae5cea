import { describeSource, inspectSource, type InspectedSource } from '@eden/coordinator';
import type { OrganizationReader, Source } from '@eden/domain';
import type { GatewayDeps } from '../deps.js';
import { page } from '../http/answer.js';
import { operation } from '../http/operation.js';
import { pageSchema } from '../schemas/envelope.js';
import { sourceQuerySchema, sourceSchema } from '../schemas/source.js';
import { actionsOnSource } from '../views/actions.js';
import { viewSource } from '../views/source.js';

export const listSources = operation({
  method: 'get',
  path: '/migrations/{migration}/sources',
  tag: 'Migrations',
  summary:
    'List the folders of a migration with the state of every file: as last seen, or as their databases have it now',
  query: sourceQuerySchema,
  result: pageSchema(sourceSchema),
  errors: ['SOURCE_REFUSED', 'ENDPOINT_UNAVAILABLE', 'ENDPOINT_NOT_ALLOWED', 'TEMPLATE_EXECUTION_FAILED'],
  handler: async ({ subject, path, query, deps }) => {
    const organization = deps.store.organization(subject.organizationUuid);
    const migration = await organization.migration(path.migration);
    const latest = await organization.latestRun(migration.uuid);
    const sources = await organization.sources(migration.uuid);
    const described =
      query.live === 'true'
        ? await inspectInTurn(deps, organization, sources)
        : await Promise.all(sources.map((source) => describeSource(organization, migration, source)));
    const actions = actionsOnSource(subject, migration, latest);
    return page({ items: described, nextCursor: null }, (source) => viewSource(source, migration, actions));
  },
});

/** One after the other: a folder that is looked at is in memory as a whole. */
async function inspectInTurn(
  deps: GatewayDeps,
  organization: OrganizationReader,
  sources: readonly Source[],
): Promise<InspectedSource[]> {
  const inspected: InspectedSource[] = [];
  for (const source of sources) inspected.push(await inspectSource(deps, organization, source));
  return inspected;
}
