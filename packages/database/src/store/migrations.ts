import {
  asUuid,
  isRemark,
  MIGRATION_STATES,
  type Approval,
  type LastChange,
  type AtomicityLevel,
  type Member,
  type Migration,
  type MigrationChanges,
  type MigrationCounts,
  type MigrationFilter,
  type MigrationState,
  type OrganizationReader,
  type OrganizationTransactor,
  type PageRequest,
  type Plan,
  type Uuid,
} from '@eden/domain';
import type { Db } from '../client.js';
import { Prisma } from '../generated/client.js';
import { fromJson, toJson } from '../json.js';
import type { Scope } from '../scope.js';
import { newUuid } from '../uuid.js';
import { API_INCLUDE, toApi } from './apis.js';
import { present } from './changes.js';
import { MEMBERSHIP_INCLUDE, toMembership } from './memberships.js';
import { assertNoRun, lockMigration } from './migration-lock.js';
import { readPage } from './paging.js';
import { voidPlan } from './plans.js';
import { findByRef, found, literally } from './references.js';
import { deleteSchemas } from './schemas.js';
import { deleteSourcesOf } from './sources.js';

/** Everything but the plan, which can be large and is asked for by itself. */
const MIGRATION_ROW = {
  omit: { plan: true },
  include: { memberships: { select: { apiUuid: true }, orderBy: { position: 'asc' } } },
} as const satisfies Prisma.MigrationDefaultArgs;

type MigrationRow = Prisma.MigrationGetPayload<typeof MIGRATION_ROW>;

function toMigration(row: MigrationRow): Migration {
  const { id, description, revision, planHash, notes, createdBy, createdAt, updatedAt } = row;
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
    approval: approvalIn(row),
    parameters: fromJson(row.parameters),
    options: fromJson(row.options),
    labels: fromJson(row.labels),
    notes,
    apiUuids: row.memberships.map(({ apiUuid }) => asUuid(apiUuid)),
    createdBy,
    createdAt,
    updatedAt,
  };
}

export function approvalIn({
  approvedHash,
  approvedBy,
  approvedAt,
}: Pick<MigrationRow, 'approvedHash' | 'approvedBy' | 'approvedAt'>): Approval | null {
  if (approvedHash === null || approvedBy === null || approvedAt === null) return null;
  return { planHash: approvedHash, approvedBy, approvedAt };
}

export function migrationReads(
  scope: Scope,
): Pick<
  OrganizationReader,
  'migration' | 'migrations' | 'migrationCounts' | 'members' | 'workVersion' | 'plan' | 'unprepared' | 'lastChanges'
> {
  const { db } = scope;
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
    migrations: (page, filter = {}) =>
      readPage(
        page,
        ({ where, ...keyset }) =>
          db.migration.findMany({
            where: { AND: [...where.AND, ...conditionsOf(filter), live] },
            ...keyset,
            ...MIGRATION_ROW,
          }),
        toMigration,
      ),
    migrationCounts: (page, filter = {}) => migrationCounts(db, page, filter),
    members: (migrationUuid) => members(db, migrationUuid),
    workVersion: (uuid) => workVersion(scope, uuid),
    plan: (uuid) => readPlan(db, uuid),
    unprepared: async (migrationUuid, planHash) => {
      const rows = await db.unpreparedDatabase.findMany({ where: { migrationUuid, planHash } });
      return new Map(rows.map(({ databaseKey, reason }) => [databaseKey, reason]));
    },
    lastChanges: (uuids) => lastChanges(db, uuids),
  };
}

async function readPlan(db: Db, uuid: Uuid): Promise<Plan | null> {
  const row = await db.migration.findFirst({ where: { uuid }, select: { plan: true } });
  return row === null || row.plan === null ? null : fromJson<Plan>(row.plan);
}

async function lastChanges(db: Db, uuids: readonly Uuid[]): Promise<readonly LastChange[]> {
  const rows = await db.resourceChange.findMany({ where: { resourceUuid: { in: [...uuids] } } });
  return rows.map(({ resourceUuid, actor, changedAt }) => ({ resource: asUuid(resourceUuid), actor, at: changedAt }));
}

/** Each narrows the list. */
function conditionsOf({ state, level, text, idPrefix, actor, since }: MigrationFilter): Prisma.MigrationWhereInput[] {
  const somewhere = { contains: literally(text ?? ''), mode: 'insensitive' } as const;
  return [
    ...(state === undefined ? [] : [{ state }]),
    ...(level === undefined ? [] : [{ atomicity: level }]),
    ...(text === undefined ? [] : [{ OR: [{ id: somewhere }, { description: somewhere }] }]),
    ...(idPrefix === undefined ? [] : [{ id: { startsWith: literally(idPrefix) } }]),
    ...(actor === undefined ? [] : [{ createdBy: actor }]),
    ...(since === undefined ? [] : [{ updatedAt: { gte: since } }]),
  ];
}

async function migrationCounts(
  db: Db,
  { hidden = [] }: Pick<PageRequest, 'hidden'>,
  filter: MigrationFilter,
): Promise<MigrationCounts> {
  const readable = hidden.length === 0 ? [] : [{ uuid: { notIn: [...hidden] } }];
  const rows = await db.migration.groupBy({
    by: ['state'],
    where: { AND: [...readable, ...conditionsOf({ ...filter, state: undefined }), { deletedAt: null }] },
    _count: true,
  });
  const counts = new Map(rows.map(({ state, _count: count }) => [state, count]));
  return Object.fromEntries(MIGRATION_STATES.map((state) => [state, counts.get(state) ?? 0])) as MigrationCounts;
}

async function members(db: Db, migrationUuid: Uuid): Promise<readonly Member[]> {
  const rows = await db.membership.findMany({
    where: { migrationUuid },
    orderBy: [{ stage: 'asc' }, { position: 'asc' }],
    include: { ...MEMBERSHIP_INCLUDE, api: { include: API_INCLUDE } },
  });
  return rows.map(({ api, ...membership }) => ({ api: toApi(api), membership: toMembership(membership) }));
}

/** One statement, because executions wait for the answer: all that `loadWork` would read, as one number. */
async function workVersion({ db, organizationUuid }: Scope, uuid: Uuid): Promise<string> {
  const ofMigration = Prisma.sql`migration_uuid = ${uuid}::uuid AND organization_uuid = ${organizationUuid}::uuid`;
  const [row] = await db.$queryRaw<[{ version: string }]>(Prisma.sql`
    WITH members AS (
      SELECT * FROM memberships WHERE ${ofMigration}),
    bound AS (
      SELECT b.template_uuid, ROW('migration', b.membership_uuid, b.role, b.position, b.fields::text)::text AS part
        FROM membership_bindings b JOIN members m ON m.uuid = b.membership_uuid
       UNION ALL
      SELECT b.template_uuid, ROW('api', b.api_uuid, b.position, b.fields::text)::text
        FROM api_bindings b JOIN members m ON m.api_uuid = b.api_uuid),
    parts AS (
      SELECT ROW(parameters::text, options::text)::text AS part FROM migrations
       WHERE uuid = ${uuid}::uuid AND organization_uuid = ${organizationUuid}::uuid
       UNION ALL
      SELECT ROW(m.uuid, m.stage, m.position, m.next_fields::text, m.next_bindings, m.previous_fields::text, a.uuid,
                 a.schema_version)::text
        FROM members m JOIN apis a ON a.uuid = m.api_uuid
       UNION ALL
      SELECT ROW(bound.part, t.uuid, t.version, e.uuid, e.version)::text
        FROM bound JOIN templates t ON t.uuid = bound.template_uuid JOIN endpoints e ON e.uuid = t.endpoint_uuid
       UNION ALL
      SELECT ROW(s.uuid, s.api_uuid, s.tool, s.stage, s.digest, s.options::text, e.uuid, e.version)::text
        FROM (SELECT * FROM migration_sources WHERE ${ofMigration}) s JOIN endpoints e ON e.uuid = s.endpoint_uuid)
    SELECT md5(coalesce(string_agg(part, E'\n' ORDER BY part), '')) AS version FROM parts`);
  return row.version;
}

export function migrationWrites(
  scope: Scope,
): Pick<OrganizationTransactor, 'insertMigration' | 'updateMigration' | 'approvePlan' | 'deleteMigration'> {
  const { db, organizationUuid } = scope;
  return {
    insertMigration: async ({ parameters, options, labels = {}, ...texts }) => {
      const named = { uuid: newUuid(), organizationUuid, ...texts };
      const data = { ...named, parameters: toJson(parameters), options: toJson(options), labels: toJson(labels) };
      return toMigration(await db.migration.create({ data, ...MIGRATION_ROW }));
    },
    updateMigration: (uuid, changes) => updateMigration(scope, uuid, changes),
    approvePlan: async (uuid, planHash, approvedBy) => {
      const data = { approvedHash: planHash, approvedBy, approvedAt: new Date() };
      return toMigration(await db.migration.update({ where: { uuid }, data, ...MIGRATION_ROW }));
    },
    deleteMigration: async (uuid) => {
      await lockMigration(scope, uuid);
      await assertNoRun(scope, uuid);
      await db.membership.updateMany({ where: { migrationUuid: uuid }, data: { active: false } });
      await deleteSourcesOf(scope, uuid);
      await deleteSchemas(db, uuid);
      await db.migration.update({ where: { uuid }, data: { deletedAt: new Date() } });
    },
  };
}

async function updateMigration(scope: Scope, uuid: Uuid, changes: MigrationChanges): Promise<Migration> {
  const { state } = await lockMigration(scope, uuid);
  await assertNoRun(scope, uuid);
  if (!isRemark(changes)) await voidPlan(scope, uuid, state);
  const { description, parameters, options, labels, notes } = changes;
  const data = {
    ...present({ description, notes }),
    ...(parameters === undefined ? {} : { parameters: toJson(parameters) }),
    ...(options === undefined ? {} : { options: toJson(options) }),
    ...(labels === undefined ? {} : { labels: toJson(labels) }),
  };
  return toMigration(await scope.db.migration.update({ where: { uuid }, data, ...MIGRATION_ROW }));
}
