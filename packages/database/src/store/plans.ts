import { PLAN_IS_HISTORY, type MigrationState, type Uuid } from '@eden/domain';
import { Prisma } from '../generated/client.js';
import type { Scope } from '../scope.js';
import { lockMigrations } from './migration-lock.js';

/** What the migrations would do has changed: their plans are void, and no sync that is running now is good any more. */
async function voidPlans({ db }: Scope, migrationUuids: readonly string[]): Promise<void> {
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
  const open = locked.filter(({ state }) => !PLAN_IS_HISTORY.includes(state));
  await voidPlans(
    scope,
    open.map(({ uuid }) => uuid),
  );
}
