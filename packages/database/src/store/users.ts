import {
  asUuid,
  EdenError,
  type AccessLevel,
  type Changes,
  type NewUser,
  type OrganizationReader,
  type OrganizationTransactor,
  type User,
  type Uuid,
} from '@eden/domain';
import { Prisma, type User as UserRow } from '../generated/client.js';
import type { Scope } from '../scope.js';
import { newUuid } from '../uuid.js';
import { present } from './changes.js';
import { readPage } from './paging.js';
import { findByRef, found } from './references.js';

function toUser({ uuid, username, description, accessLevel, createdAt, updatedAt }: UserRow): User {
  return { uuid: asUuid(uuid), username, description, accessLevel: accessLevel as AccessLevel, createdAt, updatedAt };
}

export function userReads({ db }: Scope): Pick<OrganizationReader, 'user' | 'users'> {
  return {
    user: async (ref) => {
      const row = await findByRef(
        ref,
        (uuid) => db.user.findFirst({ where: { uuid } }),
        (username) => db.user.findFirst({ where: { username } }),
      );
      return toUser(found(row, 'User', ref));
    },
    users: (page) => readPage(page, (keyset) => db.user.findMany({ ...keyset }), toUser),
  };
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

/** Locks all SuperAdmins of the organization: two of them cannot remove each other at once. */
async function assertNotLastSuperAdmin({ db, organizationUuid }: Scope, uuid: Uuid): Promise<void> {
  const superAdmins = await db.$queryRaw<{ uuid: string }[]>(Prisma.sql`
    SELECT uuid FROM users
     WHERE organization_uuid = ${organizationUuid}::uuid AND access_level = 'SuperAdmin'
     ORDER BY uuid
       FOR UPDATE`);
  if (superAdmins.length === 1 && superAdmins[0]?.uuid === uuid) throw new EdenError('LAST_SUPER_ADMIN');
}
