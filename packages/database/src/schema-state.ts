import { EdenError } from '@eden/domain';
import type { Client } from './client.js';
import { readMigrationNames } from './schema-files.js';

/** What the control database lacks of the migrations that this build carries. @throws EdenError SERVICE_UNAVAILABLE */
export async function checkSchema(client: Client): Promise<void> {
  const [carried, applied] = await Promise.all([readMigrationNames(), appliedMigrations(client)]);
  const missing = carried.filter((name) => !applied.has(name));
  if (missing.length === 0) return;
  const details = 'The control database does not have the schema of this version: run db:deploy';
  throw new EdenError('SERVICE_UNAVAILABLE', { details, missing_migrations: missing });
}

/** The table is Prisma's, made by the first deploy. */
async function appliedMigrations(client: Client): Promise<ReadonlySet<string>> {
  const [table] = await client.$queryRaw<[{ exists: boolean }]>`
    SELECT to_regclass('_prisma_migrations') IS NOT NULL AS exists`;
  if (!table.exists) return new Set();
  const rows = await client.$queryRaw<{ migration_name: string }[]>`
    SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL`;
  return new Set(rows.map((row) => row.migration_name));
}
