import type { Changes, JsonObject, Ref, Subject, User } from '@eden/domain';
import { transactAudited } from '../transact-audited.js';
import type { CreateUser } from './create-user.js';
import type { IdentityDeps } from './deps.js';
import { assertMayAlter } from './user-rules.js';

export type UserChanges = Changes<Omit<CreateUser, 'username'>>;

/** @throws EdenError USER_NOT_FOUND, INSUFFICIENT_PERMISSIONS, LAST_SUPER_ADMIN */
export async function updateUser(deps: IdentityDeps, subject: Subject, ref: Ref, changes: UserChanges): Promise<User> {
  const { password, description, accessLevel } = changes;
  const passwordHash = password === undefined ? undefined : await deps.passwords.hash(password);
  return transactAudited(deps, subject, {
    action: 'user.update',
    data: (updated) => auditData(changes, updated),
    work: async (tx) => {
      const target = await tx.user(ref);
      assertMayAlter(subject, target, accessLevel);
      return tx.updateUser(target.uuid, { passwordHash, description, accessLevel });
    },
  });
}

/** Names of what was given, never a password. */
function auditData({ password, description, accessLevel }: UserChanges, updated: User): JsonObject {
  const given = Object.entries({ password, description, access_level: accessLevel });
  const changed = given.filter(([, value]) => value !== undefined).map(([name]) => name);
  return { changed, access_level: updated.accessLevel };
}
