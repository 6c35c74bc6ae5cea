import {
  asUuid,
  assertTakesApis,
  EdenError,
  runInProgress,
  type ApiDefinition,
  type Membership,
  type NewMembership,
  type OrganizationTransactor,
  type Uuid,
} from '@eden/domain';
import type { Prisma } from '../generated/client.js';
import { forgottenRunsOf } from '../journal/rewound.js';
import { fromJson, toNullableJson } from '../json.js';
import type { Scope } from '../scope.js';
import { newUuid } from '../uuid.js';
import { insertMembershipBindings, toBinding } from './bindings.js';
import { assertNoRun, lockMigration } from './migration-lock.js';
import { voidPlan } from './plans.js';

export const MEMBERSHIP_INCLUDE = {
  bindings: { orderBy: { position: 'asc' } },
} as const satisfies Prisma.MembershipInclude;

type MembershipRow = Prisma.MembershipGetPayload<{ include: typeof MEMBERSHIP_INCLUDE }>;

export function toMembership(row: MembershipRow): Membership {
  const bindings = (role: string) => row.bindings.filter((binding) => binding.role === role).map(toBinding);
  const next: Partial<ApiDefinition> = {
    ...(row.nextFields === null ? {} : { fields: fromJson<ApiDefinition['fields']>(row.nextFields) }),
    ...(row.nextBindings ? { bindings: bindings('next') } : {}),
  };
  const { active, synced, stage, position } = row;
  return {
    migrationUuid: asUuid(row.migrationUuid),
    active,
    synced,
    stage,
    position,
    bindings: bindings('migration'),
    next: Object.keys(next).length === 0 ? null : next,
    previous:
      row.previousFields === null
        ? null
        : { fields: fromJson<ApiDefinition['fields']>(row.previousFields), bindings: bindings('previous') },
  };
}

export function membershipWrites(scope: Scope): Pick<OrganizationTransactor, 'attachApi' | 'detachApi'> {
  return {
    attachApi: (membership) => attachApi(scope, membership),
    detachApi: (migrationUuid, apiUuid) => detachApi(scope, migrationUuid, apiUuid),
  };
}

/** The lock of the migration settles races within it; those over the API, the unique index of active memberships. */
export async function attachApi(scope: Scope, membership: NewMembership): Promise<void> {
  const { migrationUuid, apiUuid } = membership;
  const { state } = await lockMigration(scope, migrationUuid);
  await assertNoRun(scope, migrationUuid);
  assertTakesApis({ state });
  await assertNotForgotten(scope, apiUuid);
  // First of all its row, which says something else from now on, and which must be there.
  await scope.db.api.update({ where: { uuid: apiUuid }, data: { updatedAt: new Date() }, select: { uuid: true } });
  await forgetEarlier(scope, membership);
  await insertMembership(scope, membership);
  await voidPlan(scope, migrationUuid, state);
}

/** A rollback of another timeline may have taken the API back already. @throws EdenError RUN_IN_PROGRESS */
async function assertNotForgotten({ db }: Scope, apiUuid: Uuid): Promise<void> {
  const run = await db.run.findFirst({ where: await forgottenRunsOf(db, apiUuid), select: { uuid: true } });
  if (run !== null) throw runInProgress(run.uuid);
}

/**
 * Inactive memberships that no answer can show any more: those of deleted migrations, now that the API has a newer one,
 * and an earlier one of this very migration.
 */
async function forgetEarlier({ db }: Scope, { apiUuid, migrationUuid }: NewMembership): Promise<void> {
  const unseen = [{ migration: { deletedAt: { not: null } } }, { migrationUuid }];
  await db.membership.deleteMany({ where: { apiUuid, active: false, OR: unseen } });
}

async function insertMembership({ db, organizationUuid }: Scope, membership: NewMembership): Promise<void> {
  const { apiUuid, migrationUuid, stage, bindings, next } = membership;
  const uuid = newUuid();
  const last = await db.membership.aggregate({ where: { migrationUuid }, _max: { position: true } });
  await db.membership.create({
    data: {
      uuid,
      organizationUuid,
      migrationUuid,
      apiUuid,
      stage,
      position: (last._max.position ?? -1) + 1,
      nextFields: toNullableJson(next?.fields ?? null),
      nextBindings: next?.bindings !== undefined,
    },
  });
  const owner = { organizationUuid, membershipUuid: uuid };
  await insertMembershipBindings(db, { ...owner, role: 'migration' }, bindings);
  await insertMembershipBindings(db, { ...owner, role: 'next' }, next?.bindings ?? []);
}

function notInMigration(migrationUuid: Uuid, apiUuid: Uuid): EdenError {
  const suggestion = 'Verify api is in this migration: GET /migrations/{migration} with X-Eden-Verbose: true';
  return new EdenError('API_NOT_IN_MIGRATION', { api_id: apiUuid, migration_id: migrationUuid, suggestion });
}

async function detachApi(scope: Scope, migrationUuid: Uuid, apiUuid: Uuid): Promise<void> {
  const { state } = await lockMigration(scope, migrationUuid);
  await assertNoRun(scope, migrationUuid);
  const { count } = await scope.db.membership.deleteMany({ where: { migrationUuid, apiUuid, active: true } });
  if (count === 0) throw notInMigration(migrationUuid, apiUuid);
  await voidPlan(scope, migrationUuid, state);
}
