import { PLAN_IS_HISTORY, type MigrationState, type Uuid } from '@eden/domain';
import { Prisma } from '../generated/client.js';
import type { Scope } from '../scope.js';
import { lockMigrations } from './migration-lock.js';

/**
 * What the migrations would do has changed: their plans are void, and no sync that is running now is good any more. Under the
 * locks of the migrations.
 */
export async function voidPlans({ db }: Pick<Scope, 'db'>, migrationUuids: readonly string[]): Promise<void> {
  const uuids = [...migrationUuids];
  await db.migration.updateMany({
    where: { uuid: { in: uuids } },
    data: { revision: { increment: 1 }, plan: Prisma.DbNull, planHash: null, atomicity: null },
  });
  await db.membership.updateMany({ where: { migrationUuid: { in: uuids } }, data: { synced: false } });
}

/** Under the lock of the migration, which is in that state. */
export async function voidPlan(scope: Scope, migrationUuid: Uuid, state: MigrationState): Promise<void> {
  if (!PLAN_IS_HISTORY.includes(state)) await voidPlans(scope, [migrationUuid]);
}

export async function voidPlansWithTemplate(scope: Scope, templateUuid: Uuid): Promise<void> {
  const bound = await scope.db.migration.findMany({
    where: {
      deletedAt: null,
      state: { notIn: [...PLAN_IS_HISTORY] },
      memberships: { some: { bindings: { some: { templateUuid } } } },
    },
    select: { uuid: true },
  });
  if (bound.length === 0) return;
  const locked = await lockMigrations(
    scope,
    bound.map(({ uuid }) => uuid),
  );
  const open = locked.filter(({ state }) => !PLAN_IS_HISTORY.includes(state)).map(({ uuid }) => uuid);
  const needed = await withRunOfAnotherTimeline(scope, open);
  await voidPlans(
    scope,
    open.filter((uuid) => !needed.has(uuid)),
  );
}

/**
 * Such a run may have begun by its plan, and the control database has forgotten it: only the plan tells which databases
 * have to be asked (protocol I20). It runs no more by it, because the plan's hash does not fit the template.
 */
async function withRunOfAnotherTimeline(
  { db }: Scope,
  migrationUuids: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await db.$queryRaw<{ uuid: string }[]>(Prisma.sql`
    SELECT migration_uuid AS uuid FROM runs
     WHERE migration_uuid = ANY(${[...migrationUuids]}::uuid[]) AND slot IS NOT NULL AND kind <> 'sync'
       AND timeline <> eden_timeline()`);
  return new Set(rows.map(({ uuid }) => uuid));
}
