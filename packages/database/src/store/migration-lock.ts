import { runInProgress, type MigrationState, type Uuid } from '@eden/domain';
import { Prisma } from '../generated/client.js';
import type { Scope } from '../scope.js';
import { found } from './references.js';

/*
 * Who changes a migration, its members or its runs locks its row first, and several rows in the order of their uuids:
 * so the guards that follow hold until the commit, and nobody waits in a circle.
 */

interface LockedMigration {
  readonly uuid: string;
  readonly id: string;
  readonly state: MigrationState;
}

/** @throws EdenError MIGRATION_NOT_FOUND when it is deleted, or another organization's */
export async function lockMigration(scope: Scope, uuid: Uuid): Promise<LockedMigration> {
  const [row] = await lockMigrations(scope, [uuid]);
  return found(row ?? null, 'Migration', uuid);
}

export function lockMigrations({ db, organizationUuid }: Scope, uuids: readonly string[]): Promise<LockedMigration[]> {
  return db.$queryRaw(Prisma.sql`
    SELECT uuid, id, state FROM migrations
     WHERE organization_uuid = ${organizationUuid}::uuid AND uuid = ANY(${[...uuids]}::uuid[]) AND deleted_at IS NULL
     ORDER BY uuid
       FOR NO KEY UPDATE`);
}

/** Under the lock of the migration. @throws EdenError RUN_IN_PROGRESS */
export async function assertNoRun({ db }: Scope, migrationUuid: Uuid): Promise<void> {
  const run = await db.run.findFirst({ where: { migrationUuid, slot: { not: null } }, select: { uuid: true } });
  if (run !== null) throw runInProgress(run.uuid);
}
