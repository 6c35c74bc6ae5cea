import {
  asUuid,
  EdenError,
  isSameJson,
  UNDER_WAY,
  type Api,
  type ApiDefinition,
  type Changes,
  type CommittedGate,
  type NewApi,
  type OrganizationReader,
  type OrganizationTransactor,
  type Uuid,
  runInProgress,
} from '@eden/domain';
import type { Db } from '../client.js';
import { Prisma } from '../generated/client.js';
import { forgottenRunsOf } from '../journal/rewound.js';
import { fromJson, toJson } from '../json.js';
import type { Scope } from '../scope.js';
import { newUuid } from '../uuid.js';
import { insertApiBindings, toBinding } from './bindings.js';
import { present } from './changes.js';
import { MEMBERSHIP_INCLUDE, toMembership } from './memberships.js';
import { readPage } from './paging.js';
import { findByRef, found } from './references.js';

/** With its definition, and the active membership or else the latest. */
export const API_INCLUDE = {
  bindings: { orderBy: { position: 'asc' } },
  memberships: {
    orderBy: [{ active: 'desc' }, { createdAt: 'desc' }, { uuid: 'desc' }],
    take: 1,
    include: MEMBERSHIP_INCLUDE,
  },
} as const satisfies Prisma.ApiInclude;

type ApiRow = Prisma.ApiGetPayload<{ include: typeof API_INCLUDE }>;

export function toApi(row: ApiRow): Api {
  const { id, description, schemaVersion, createdAt, updatedAt } = row;
  const [membership] = row.memberships;
  return {
    uuid: asUuid(row.uuid),
    id,
    description,
    fields: fromJson(row.fields),
    bindings: row.bindings.map(toBinding),
    managed: row.managed,
    schemaVersion,
    gates: gatesOf(row.gates),
    untouchedOn: row.untouchedOn,
    membership: membership === undefined ? null : toMembership(membership),
    createdAt,
    updatedAt,
  };
}

function gatesOf(column: ApiRow['gates']): readonly CommittedGate[] {
  const gates = fromJson<Record<string, Omit<CommittedGate, 'key'>>>(column);
  return Object.entries(gates).map(([key, gate]) => ({ key, ...gate }));
}

export function apiReads({ db }: Scope): Pick<OrganizationReader, 'api' | 'apis'> {
  const include = API_INCLUDE;
  return {
    api: async (ref) => {
      const row = await findByRef(
        ref,
        (uuid) => db.api.findFirst({ where: { uuid }, include }),
        (id) => db.api.findFirst({ where: { id }, include }),
      );
      return toApi(found(row, 'Api', ref));
    },
    apis: (page, managed = false) =>
      readPage(
        page,
        ({ where, ...keyset }) =>
          db.api.findMany({ where: managed ? where : { ...where, managed: false }, ...keyset, include }),
        toApi,
      ),
  };
}

/** Waits for whoever is adding the API to a migration: he has its row. */
export async function touchApi({ db }: Scope, uuid: Uuid): Promise<void> {
  await db.api.updateMany({ where: { uuid, untouchedOn: { not: null } }, data: { untouchedOn: null } });
}

export function apiWrites(scope: Scope): Pick<OrganizationTransactor, 'insertApi' | 'updateApi' | 'deleteApi'> {
  return {
    insertApi: (api) => insertApi(scope, api),
    updateApi: (uuid, changes) => updateApi(scope, uuid, changes),
    deleteApi: (uuid) => deleteApi(scope, uuid),
  };
}

async function readApi(db: Db, uuid: Uuid): Promise<Api> {
  return toApi(found(await db.api.findFirst({ where: { uuid }, include: API_INCLUDE }), 'Api', uuid));
}

async function insertApi({ db, organizationUuid }: Scope, { id, description, fields, bindings }: NewApi): Promise<Api> {
  const uuid = newUuid();
  await db.api.create({ data: { uuid, organizationUuid, id, description, fields: toJson(fields) } });
  await insertApiBindings(db, { organizationUuid, apiUuid: uuid }, bindings);
  return readApi(db, uuid);
}

async function updateApi(scope: Scope, uuid: Uuid, changes: Changes<Omit<NewApi, 'id'>>): Promise<Api> {
  const { db, organizationUuid } = scope;
  await lockApi(scope, uuid);
  const { fields, bindings, description } = changes;
  const api = await readApi(db, uuid);
  refuseManaged(api);
  const isNew = isNewDefinition(api, { fields, bindings });
  if (isNew) await assertNotMigrating(db, uuid);
  const data = {
    ...present({ description }),
    ...(fields === undefined ? {} : { fields: toJson(fields) }),
    ...(isNew ? { schemaVersion: { increment: 1 } } : {}),
  };
  await db.api.update({ where: { uuid }, data });
  if (bindings !== undefined) {
    await db.apiBinding.deleteMany({ where: { apiUuid: uuid } });
    await insertApiBindings(db, { organizationUuid, apiUuid: uuid }, bindings);
  }
  return readApi(db, uuid);
}

function refuseManaged({ managed, id }: Api): void {
  const suggestion = 'Change or delete its source';
  if (managed) throw new EdenError('API_MANAGED', { api_id: id, suggestion });
}

function isNewDefinition(api: Api, { fields, bindings }: Changes<ApiDefinition>): boolean {
  return !isSameJson([api.fields, api.bindings], [fields ?? api.fields, bindings ?? api.bindings]);
}

/** Held against T1, which locks the APIs of its run too: a definition never changes between T1 and T2. */
async function lockApi({ db, organizationUuid }: Scope, uuid: Uuid): Promise<void> {
  await db.$queryRaw(Prisma.sql`
    SELECT uuid FROM apis WHERE organization_uuid = ${organizationUuid}::uuid AND uuid = ${uuid}::uuid FOR UPDATE`);
}

/**
 * A run of another timeline may have begun, and even committed, and the control database has forgotten it: another version
 * of the definition would pass for the one that its gates let in.
 */
async function assertNotMigrating(db: Db, apiUuid: Uuid): Promise<void> {
  const underWay = { state: UNDER_WAY, memberships: { some: { apiUuid, active: true } } };
  const run = await db.run.findFirst({
    where: { OR: [{ slot: 'active', migration: underWay }, await forgottenRunsOf(db, apiUuid)] },
    select: { uuid: true },
  });
  if (run !== null) throw runInProgress(run.uuid);
}

/** Locked against attachApi, whose foreign key waits for the row. */
async function deleteApi(scope: Scope, uuid: Uuid): Promise<void> {
  await lockApi(scope, uuid);
  refuseManaged(await readApi(scope.db, uuid));
  const membership = await scope.db.membership.findFirst({
    where: { apiUuid: uuid, active: true },
    select: { migration: { select: { id: true } } },
  });
  if (membership !== null) throw new EdenError('API_IN_USE', { migration_id: membership.migration.id });
  await scope.db.api.delete({ where: { uuid } });
}
