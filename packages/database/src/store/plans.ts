import type { Uuid } from '@eden/domain';
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

/** Under the lock of the migration. */
export function voidPlan(scope: Scope, migrationUuid: Uuid): Promise<void> {
  return voidPlans(scope, [migrationUuid]);
}

/** Of a completed migration the plan is history, also while it is being rolled back. */
export async function voidPlansWithTemplate(scope: Scope, templateUuid: Uuid): Promise<void> {
  const bound = await scope.db.migration.findMany({
    where: {
      deletedAt: null,
      state: { not: 'Completed' },
      memberships: { some: { bindings: { some: { templateUuid } } } },
      runs: { none: { slot: 'active', kind: 'rollback' } },
    },
    select: { uuid: true },
  });
  if (bound.length === 0) return;
  const locked = await lockMigrations(
    scope,
    bound.map(({ uuid }) => uuid),
  );
  const open = locked.filter(({ state }) => state !== 'Completed');
  await voidPlans(
    scope,
    open.map(({ uuid }) => uuid),
  );
}
