import {
  asUuid,
  type AtomicityLevel,
  type Changes,
  type Member,
  type Migration,
  type MigrationState,
  type NewMigration,
  type OrganizationReader,
  type OrganizationTransactor,
  type Plan,
  type Uuid,
} from '@eden/domain';
import type { Db } from '../client.js';
import type { Prisma } from '../generated/client.js';
import { fromJson, toJson } from '../json.js';
import type { Scope } from '../scope.js';
import { newUuid } from '../uuid.js';
import { API_INCLUDE, toApi } from './apis.js';
import { present } from './changes.js';
import { MEMBERSHIP_INCLUDE, toMembership } from './memberships.js';
import { assertNoRun, lockMigration } from './migration-lock.js';
import { readPage } from './paging.js';
import { voidPlan } from './plans.js';
import { findByRef, found } from './references.js';
import { deleteSourcesOf } from './sources.js';

/** Everything but the plan, which can be large and is asked for by itself. */
const MIGRATION_ROW = {
  omit: { plan: true },
  include: { memberships: { select: { apiUuid: true }, orderBy: { position: 'asc' } } },
} as const satisfies Prisma.MigrationDefaultArgs;

type MigrationRow = Prisma.MigrationGetPayload<typeof MIGRATION_ROW>;

function toMigration(row: MigrationRow): Migration {
  const { id, description, revision, planHash, createdBy, createdAt, updatedAt } = row;
  return {
    uuid: asUuid(row.uuid),
    organizationUuid: asUuid(row.organizationUuid),
    id,
    description,
    state: row.state as MigrationState,
    epoch: Number(row.epoch),
    revision,
    planHash,
    atomicity: row.atomicity as AtomicityLevel | null,
    parameters: fromJson(row.parameters),
    options: fromJson(row.options),
    apiUuids: row.memberships.map(({ apiUuid }) => asUuid(apiUuid)),
    createdBy,
    createdAt,
    updatedAt,
  };
}

export function migrationReads({
  db,
}: Scope): Pick<OrganizationReader, 'migration' | 'migrations' | 'members' | 'plan' | 'unprepared'> {
  const live = { deletedAt: null };
  return {
    migration: async (ref) => {
      const row = await findByRef(
        ref,
        (uuid) => db.migration.findFirst({ where: { uuid, ...live }, ...MIGRATION_ROW }),
        (id) => db.migration.findFirst({ where: { id, ...live }, ...MIGRATION_ROW }),
      );
      return toMigration(found(row, 'Migration', ref));
    },
    migrations: (page) =>
      readPage(
        page,
        ({ where, ...keyset }) => db.migration.findMany({ where: { ...where, ...live }, ...keyset, ...MIGRATION_ROW }),
        toMigration,
      ),
    members: (migrationUuid) => members(db, migrationUuid),
    plan: async (uuid) => {
      const row = await db.migration.findFirst({ where: { uuid }, select: { plan: true } });
      return row === null || row.plan === null ? null : fromJson<Plan>(row.plan);
    },
    unprepared: async (migrationUuid, planHash) => {
      const rows = await db.unpreparedDatabase.findMany({ where: { migrationUuid, planHash } });
      return new Map(rows.map(({ databaseKey, reason }) => [databaseKey, reason]));
    },
  };
}

async function members(db: Db, migrationUuid: Uuid): Promise<readonly Member[]> {
  const rows = await db.membership.findMany({
    where: { migrationUuid },
    orderBy: [{ stage: 'asc' }, { position: 'asc' }],
    include: { ...MEMBERSHIP_INCLUDE, api: { include: API_INCLUDE } },
  });
  return rows.map(({ api, ...membership }) => ({ api: toApi(api), membership: toMembership(membership) }));
}

export function migrationWrites(
  scope: Scope,
): Pick<OrganizationTransactor, 'insertMigration' | 'updateMigration' | 'deleteMigration'> {
  const { db, organizationUuid } = scope;
  return {
    insertMigration: async ({ id, description, parameters, options, createdBy }) => {
      const named = { uuid: newUuid(), organizationUuid, id, description, createdBy };
      const data = { ...named, parameters: toJson(parameters), options: toJson(options) };
      return toMigration(await db.migration.create({ data, ...MIGRATION_ROW }));
    },
    updateMigration: (uuid, changes) => updateMigration(scope, uuid, changes),
    deleteMigration: async (uuid) => {
      await lockMigration(scope, uuid);
      await assertNoRun(scope, uuid);
      await db.membership.updateMany({ where: { migrationUuid: uuid }, data: { active: false } });
      await deleteSourcesOf(scope, uuid);
      await db.migration.update({ where: { uuid }, data: { deletedAt: new Date() } });
    },
  };
}

async function updateMigration(
  scope: Scope,
  uuid: Uuid,
  { description, parameters, options }: Changes<Pick<NewMigration, 'description' | 'parameters' | 'options'>>,
): Promise<Migration> {
  const { state } = await lockMigration(scope, uuid);
  await assertNoRun(scope, uuid);
  await voidPlan(scope, uuid, state);
  const data = {
    ...present({ description }),
    ...(parameters === undefined ? {} : { parameters: toJson(parameters) }),
    ...(options === undefined ? {} : { options: toJson(options) }),
  };
  return toMigration(await scope.db.migration.update({ where: { uuid }, data, ...MIGRATION_ROW }));
}
