import type { Changes, JsonObject, Ref, Subject, User } from '@eden/domain';
import { transactAudited } from '../transact-audited.js';
import type { CreateUser } from './create-user.js';
import type { IdentityDeps } from './deps.js';
import { endKeptSubjects } from './end-kept-subjects.js';
import { assertMayActAs } from './grant-rules.js';
import { assertMayAlter, isRaise } from './user-rules.js';

export type UserChanges = Changes<Omit<CreateUser, 'username'>>;

/** @throws EdenError USER_NOT_FOUND, INSUFFICIENT_PERMISSIONS, LAST_SUPER_ADMIN */
export async function updateUser(deps: IdentityDeps, subject: Subject, ref: Ref, changes: UserChanges): Promise<User> {
  const { password, description, accessLevel } = changes;
  const passwordHash = password === undefined ? undefined : await deps.passwords.hash(password);
  const updated = await transactAudited<User>(deps, subject, {
    action: 'user.update',
    data: (changed) => auditData(changes, changed),
    work: async (tx) => {
      const target = await tx.user(ref);
      assertMayAlter(subject, target, accessLevel);
      const raised = accessLevel !== undefined && isRaise(target, accessLevel) ? accessLevel : null;
      const { uuid, accessLevel: level } = target;
      if (password !== undefined || raised !== null)
        await assertMayActAs(tx, subject, { uuid, accessLevel: raised ?? level });
      return tx.updateUser(target.uuid, { passwordHash, description, accessLevel });
    },
  });
  await endKeptSubjects(deps, subject.organizationUuid);
  return updated;
}

/** Names of what was given, never a password. */
function auditData({ password, description, accessLevel }: UserChanges, updated: User): JsonObject {
  const given = Object.entries({ password, description, access_level: accessLevel });
  const changed = given.filter(([, value]) => value !== undefined).map(([name]) => name);
  return { changed, access_level: updated.accessLevel };
}
