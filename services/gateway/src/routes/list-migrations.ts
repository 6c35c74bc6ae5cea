import { operation } from '../http/operation.js';
import { pageRequest } from '../http/page-request.js';
import { pageQuerySchema, pageSchema } from '../schemas/envelope.js';
import { listedMigrationSchema } from '../schemas/migration.js';
import { viewListedMigration } from '../views/migration.js';

export const listMigrations = operation({
  method: 'get',
  path: '/migrations',
  tag: 'Migrations',
  summary: 'List the migrations',
  level: 'Read',
  query: pageQuerySchema,
  result: pageSchema(listedMigrationSchema),
  handler: async ({ subject, query, deps }) => {
    const organization = deps.store.organization(subject.organizationUuid);
    const { items, nextCursor } = await organization.migrations(pageRequest(query));
    const latestRuns = await organization.latestRuns(items.map(({ uuid }) => uuid));
    const data = items.map((migration) => viewListedMigration(migration, latestRuns.get(migration.uuid) ?? null));
    return { status: 200, body: { status: 'success' as const, data, next_cursor: nextCursor } };
  },
});
