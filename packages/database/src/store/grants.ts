import {
  asUuid,
  EdenError,
  nameOfProvided,
  providedOfName,
  type GrantLevel,
  type NewGrant,
  type OrganizationReader,
  type OrganizationTransactor,
  type Ref,
  type Resource,
  type ResourceKind,
  type User,
  type Uuid,
} from '@eden/domain';
import { Prisma } from '../generated/client.js';
import { uuidOfProvided } from '../provided-subjects.js';
import type { Scope } from '../scope.js';
import { findByRef, found } from './references.js';
import { findMember, toMember } from './users.js';

/** All grants of one subject are kept in the memory of the gateways that it calls. */
const MOST_GRANTS_OF_ONE = 1_000;

const MODELS = { endpoint: 'Endpoint', template: 'Template', api: 'Api', migration: 'Migration' } as const;

type GrantReads = Pick<OrganizationReader, 'resource' | 'grantsOn' | 'grantsOf'>;

export function grantReads(scope: Scope): GrantReads {
  return {
    resource: async (kind, ref) => {
      const { uuid, id } = found(await findResource(scope, kind, ref), MODELS[kind], ref);
      return { kind, uuid: asUuid(uuid), id };
    },
    grantsOn: async (resourceUuid) => {
      const rows = await scope.db.resourceGrant.findMany({
        where: { resourceUuid },
        include: { user: true },
        orderBy: { user: { username: 'asc' } },
      });
      return rows.map(({ user, level }) => ({ user: toMember(user), level: level as GrantLevel }));
    },
    grantsOf: async (userUuid) => {
      const rows = await scope.db.resourceGrant.findMany({ where: { userUuid } });
      return new Map(rows.map(({ resourceUuid, level }) => [asUuid(resourceUuid), level as GrantLevel]));
    },
  };
}

interface ResourceRow {
  readonly uuid: string;
  readonly id: string;
}

function findResource({ db }: Scope, kind: ResourceKind, ref: Ref): Promise<ResourceRow | null> {
  const select = { uuid: true, id: true };
  const find = (where: { uuid: Uuid } | { id: string }): Promise<ResourceRow | null> => {
    switch (kind) {
      case 'endpoint':
        return db.endpoint.findFirst({ where, select });
      case 'template':
        return db.template.findFirst({ where, select });
      case 'api':
        return db.api.findFirst({ where, select });
      case 'migration':
        // The grants of a deleted one, which keep its runs, are reached by its uuid.
        return db.migration.findFirst({ where: 'uuid' in where ? where : { ...where, deletedAt: null }, select });
    }
  };
  return findByRef(
    ref,
    (uuid) => find({ uuid }),
    (id) => find({ id }),
  );
}

type GrantWrites = Pick<OrganizationTransactor, 'grantees' | 'putGrants' | 'copyGrants' | 'deleteGrant'>;

export function grantWrites(scope: Scope): GrantWrites {
  const { db } = scope;
  return {
    grantees: (refs) => grantees(scope, refs),
    putGrants: (resource, grants) => putGrants(scope, resource, grants),
    copyGrants: (from, to, resources) => copyGrants(scope, { from, to, resources }),
    deleteGrant: async (resourceUuid, userUuid) => {
      const { count } = await db.resourceGrant.deleteMany({ where: { resourceUuid, userUuid } });
      return count > 0;
    },
  };
}

async function grantees(scope: Scope, refs: readonly Ref[]): Promise<readonly User[]> {
  const uuids: Uuid[] = [];
  for (const ref of refs) uuids.push(await uuidOf(scope, ref));
  await lockUsers(scope, uuids);
  const rows = await scope.db.user.findMany({ where: { uuid: { in: uuids } } });
  return refs.map((ref, index) => toMember(found(rows.find(({ uuid }) => uuid === uuids[index]) ?? null, 'User', ref)));
}

async function uuidOf(scope: Scope, ref: Ref): Promise<Uuid> {
  const subject = providedOfName(ref);
  if (subject !== null) return insertProvided(scope, subject);
  return asUuid(found(await findMember(scope, ref), 'User', ref).uuid);
}

/** A row for its grants to hang on, once: it has neither password nor key, and the lowest level. */
async function insertProvided({ db, organizationUuid }: Scope, subject: string): Promise<Uuid> {
  const uuid = uuidOfProvided(organizationUuid, subject);
  const row = { uuid, organizationUuid, kind: 'provided', username: nameOfProvided(subject), accessLevel: 'Read' };
  await db.user.createMany({ data: [row], skipDuplicates: true });
  return uuid;
}

async function putGrants(scope: Scope, resource: Resource, grants: readonly NewGrant[]): Promise<void> {
  const { db, organizationUuid } = scope;
  const resourceUuid = resource.uuid;
  for (const { userUuid, level } of grants) {
    await db.resourceGrant.deleteMany({ where: { resourceUuid, userUuid } });
    const data = { organizationUuid, resourceUuid, resourceKind: resource.kind, userUuid, level };
    await db.resourceGrant.create({ data });
    await assertNotTooMany(scope, userUuid);
  }
}

interface CopyOfGrants {
  readonly from: Uuid;
  readonly to: Uuid;
  readonly resources: readonly Uuid[];
}

async function copyGrants({ db }: Scope, { from, to, resources }: CopyOfGrants): Promise<void> {
  if (resources.length === 0) return;
  const grants = await db.resourceGrant.findMany({ where: { userUuid: from, resourceUuid: { in: [...resources] } } });
  await db.resourceGrant.createMany({ data: grants.map(({ createdAt: _, ...grant }) => ({ ...grant, userUuid: to })) });
}

/** In one order everywhere: two who give grants to the same subjects at once do so one after the other. */
async function lockUsers({ db, organizationUuid }: Scope, uuids: readonly Uuid[]): Promise<void> {
  await db.$queryRaw(Prisma.sql`
    SELECT uuid FROM users
     WHERE organization_uuid = ${organizationUuid}::uuid AND uuid = ANY(${uuids}::uuid[])
     ORDER BY uuid
       FOR UPDATE`);
}

/** Those on deleted migrations, which are reached by their uuids alone, leave room for others. */
async function assertNotTooMany({ db, organizationUuid }: Scope, userUuid: Uuid): Promise<void> {
  const [{ count }] = await db.$queryRaw<[{ count: number }]>(Prisma.sql`
    SELECT count(*)::int FROM resource_grants g
     WHERE g.organization_uuid = ${organizationUuid}::uuid AND g.user_uuid = ${userUuid}::uuid
       AND NOT EXISTS (SELECT FROM migrations m WHERE m.uuid = g.resource_uuid AND m.deleted_at IS NOT NULL)`);
  if (count <= MOST_GRANTS_OF_ONE) return;
  const { username } = await db.user.findUniqueOrThrow({ where: { uuid: userUuid } });
  throw new EdenError('GRANTS_EXCEEDED', { subject: username, most: MOST_GRANTS_OF_ONE });
}
