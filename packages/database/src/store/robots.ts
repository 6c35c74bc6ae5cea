import type { KeyScope, OrganizationReader, OrganizationTransactor, Robot, RobotKey } from '@eden/domain';
import { Prisma, type User as UserRow } from '../generated/client.js';
import type { Scope } from '../scope.js';
import { newUuid } from '../uuid.js';
import { readPage } from './paging.js';
import { found } from './references.js';
import { findMember, toUser } from './users.js';

/*
 * A robot is a user with a key in place of a password: name, level, grants and revocation are those of users.
 */

function toRobot(row: UserRow): Robot {
  return { ...toUser(row), scopes: row.scopes as KeyScope[], keyExpiresAt: row.keyExpiresAt };
}

export function robotReads(scope: Scope): Pick<OrganizationReader, 'robot' | 'robots'> {
  return {
    robot: async (ref) => toRobot(found(await findMember(scope, ref, { kind: 'robot' }), 'Robot', ref)),
    robots: (page) =>
      readPage(
        page,
        ({ where, ...keyset }) => scope.db.user.findMany({ where: { ...where, kind: 'robot' }, ...keyset }),
        toRobot,
      ),
  };
}

export function robotWrites(scope: Scope): Pick<OrganizationTransactor, 'insertRobot' | 'replaceKey' | 'deleteRobot'> {
  const { db, organizationUuid } = scope;
  return {
    insertRobot: async ({ username, description, accessLevel, scopes, key: { hash, seconds = null } }) => {
      const keyExpiresAt = await expiry(scope, seconds);
      const key = { keyHash: bytes(hash), keySeconds: seconds, keyExpiresAt };
      const named = { uuid: newUuid(), organizationUuid, kind: 'robot', username, description, accessLevel };
      return toRobot(await db.user.create({ data: { ...named, ...key, scopes: [...scopes] } }));
    },
    replaceKey: async (uuid, key) => toRobot(await replaceKey(scope, uuid, key)),
    deleteRobot: async (uuid) => {
      await db.user.delete({ where: { uuid } });
    },
  };
}

async function replaceKey(scope: Scope, uuid: string, { hash, seconds }: RobotKey): Promise<UserRow> {
  const { keySeconds } = await scope.db.user.findUniqueOrThrow({ where: { uuid } });
  const lifetime = seconds === undefined ? keySeconds : seconds;
  const keyExpiresAt = await expiry(scope, lifetime);
  const data = { keyHash: bytes(hash), keySeconds: lifetime, keyExpiresAt };
  return scope.db.user.update({ where: { uuid }, data });
}

/** By the clock of the control database, which looks at it for all gateways. */
async function expiry({ db }: Scope, seconds: number | null): Promise<Date | null> {
  if (seconds === null) return null;
  const [row] = await db.$queryRaw<[{ at: Date }]>(
    Prisma.sql`SELECT (clock_timestamp() + make_interval(secs => ${seconds}))::timestamptz(3) AS at`,
  );
  return row.at;
}

/** Prisma wants bytes that share no memory. */
function bytes(hash: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(hash);
}
