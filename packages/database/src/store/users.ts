import {
  asUuid,
  EdenError,
  type AccessLevel,
  type Changes,
  type KeptSubject,
  type NewUser,
  type OrganizationReader,
  type OrganizationTransactor,
  type Ref,
  type User,
  type Uuid,
} from '@eden/domain';
import { Prisma, type User as UserRow } from '../generated/client.js';
import type { Scope } from '../scope.js';
import { newUuid } from '../uuid.js';
import { present } from './changes.js';
import { readPage } from './paging.js';
import { findByRef, found } from './references.js';

export function toUser({ uuid, username, description, accessLevel, createdAt, updatedAt }: UserRow): User {
  return { uuid: asUuid(uuid), username, description, accessLevel: accessLevel as AccessLevel, createdAt, updatedAt };
}

/** The level of a subject of the identity provider is in its tokens alone: here it counts as the highest. */
export function toMember(row: UserRow): User {
  return row.kind === 'provided' ? { ...toUser(row), accessLevel: 'SuperAdmin' } : toUser(row);
}

export function userReads(scope: Scope): Pick<OrganizationReader, 'user' | 'users' | 'member' | 'keptSubjects'> {
  return {
    user: async (ref) => toUser(found(await findMember(scope, ref, { kind: 'user' }), 'User', ref)),
    users: (page) =>
      readPage(
        page,
        ({ where, ...keyset }) => scope.db.user.findMany({ where: { ...where, kind: 'user' }, ...keyset }),
        toUser,
      ),
    member: async (ref) => toMember(found(await findMember(scope, ref), 'User', ref)),
    keptSubjects: (usernames) => keptSubjects(scope, usernames),
  };
}

/** What is kept by name stays when its user is gone. */
async function keptSubjects(
  { db, organizationUuid }: Scope,
  usernames: readonly string[],
): Promise<ReadonlyMap<string, KeptSubject>> {
  const rows = await db.$queryRaw<{ subject: string; is_robot: boolean; keepers: KeptSubject['keepers'] }[]>(Prisma.sql`
    WITH RECURSIVE kept AS (
      SELECT * FROM subject_keepers
       WHERE organization_uuid = ${organizationUuid}::uuid AND subject = ANY (${[...usernames]})
      UNION
      SELECT further.* FROM kept JOIN subject_keepers further
          ON further.organization_uuid = kept.organization_uuid AND further.subject = kept.keeper
    )
    SELECT kept.subject, bool_or(kept.is_robot) AS is_robot,
           json_agg(json_build_object('name', kept.keeper, 'isSuperAdmin', users.uuid IS NOT NULL) ORDER BY kept.keeper) AS keepers
      FROM kept LEFT JOIN users
        ON users.organization_uuid = kept.organization_uuid AND users.username = kept.keeper AND users.access_level = 'SuperAdmin'
     GROUP BY kept.subject`);
  return new Map(rows.map(({ subject, is_robot: isRobot, keepers }) => [subject, { isRobot, keepers }]));
}

/** Of the given kind where one is given. */
export function findMember(
  { db }: Scope,
  ref: Ref,
  kind: { readonly kind?: 'user' | 'robot' } = {},
): Promise<UserRow | null> {
  return findByRef(
    ref,
    (uuid) => db.user.findFirst({ where: { uuid, ...kind } }),
    (username) => db.user.findFirst({ where: { username, ...kind } }),
  );
}

export function userWrites(scope: Scope): Pick<OrganizationTransactor, 'insertUser' | 'updateUser' | 'deleteUser'> {
  const { db, organizationUuid } = scope;
  return {
    insertUser: async (user) =>
      toUser(await db.user.create({ data: { ...userRow(user), uuid: newUuid(), organizationUuid } })),
    updateUser: (uuid, changes) => updateUser(scope, uuid, changes),
    deleteUser: async (uuid) => {
      await assertNotLastSuperAdmin(scope, uuid);
      await db.user.delete({ where: { uuid } });
    },
  };
}

/** The columns, and none of what else the object may hold. */
export function userRow({ username, description, accessLevel, passwordHash }: NewUser): NewUser {
  return { username, description, accessLevel, passwordHash };
}

async function updateUser(
  scope: Scope,
  uuid: Uuid,
  { description, accessLevel, passwordHash }: Changes<Omit<NewUser, 'username'>>,
): Promise<User> {
  if (accessLevel !== undefined && accessLevel !== 'SuperAdmin') await assertNotLastSuperAdmin(scope, uuid);
  if (passwordHash !== undefined) await revokeTokens(scope, uuid);
  const data = present({ description, accessLevel, passwordHash });
  return toUser(await scope.db.user.update({ where: { uuid }, data }));
}

/** Those of all logins so far. */
async function revokeTokens({ db, organizationUuid }: Scope, uuid: Uuid): Promise<void> {
  await db.$executeRaw(Prisma.sql`
    UPDATE users SET tokens_valid_after = clock_timestamp()
     WHERE organization_uuid = ${organizationUuid}::uuid AND uuid = ${uuid}::uuid`);
}

/** Locks all SuperAdmins among the people of the organization: two of them cannot remove each other at once. */
async function assertNotLastSuperAdmin({ db, organizationUuid }: Scope, uuid: Uuid): Promise<void> {
  const superAdmins = await db.$queryRaw<{ uuid: string }[]>(Prisma.sql`
    SELECT uuid FROM users
     WHERE organization_uuid = ${organizationUuid}::uuid AND kind = 'user' AND access_level = 'SuperAdmin'
     ORDER BY uuid
       FOR UPDATE`);
  if (superAdmins.length === 1 && superAdmins[0]?.uuid === uuid) throw new EdenError('LAST_SUPER_ADMIN');
}
