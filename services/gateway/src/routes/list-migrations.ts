import type { MigrationFilter } from '@eden/domain';
import type { z } from 'zod';
import { operation } from '../http/operation.js';
import { readablePage } from '../http/page-request.js';
import { migrationsPageSchema, migrationsQuerySchema } from '../schemas/migration.js';
import { viewListedMigrations } from '../views/migration.js';

function filterOf(query: z.output<typeof migrationsQuerySchema>): MigrationFilter {
  const { state, level, q: text, id_prefix: idPrefix, actor, since } = query;
  return { state, level, text, idPrefix, actor, since: since === undefined ? undefined : new Date(since) };
}

export const listMigrations = operation({
  method: 'get',
  path: '/migrations',
  tag: 'Migrations',
  summary: 'List the migrations',
  query: migrationsQuerySchema,
  result: migrationsPageSchema,
  handler: async ({ subject, query, deps }) => {
    const organization = deps.store.organization(subject.organizationUuid);
    const page = readablePage(subject, query);
    const filter = filterOf(query);
    const [{ items, nextCursor }, counts] = await Promise.all([
      organization.migrations(page, filter),
      organization.migrationCounts(page, filter),
    ]);
    const data = await viewListedMigrations(organization, subject, items);
    return { status: 200, body: { status: 'success' as const, data, next_cursor: nextCursor, counts } };
  },
});
