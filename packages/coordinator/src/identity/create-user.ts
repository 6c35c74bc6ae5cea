import type { NewUser, Subject, User } from '@eden/domain';
import { transactAudited } from '../transact-audited.js';
import type { IdentityDeps } from './deps.js';
import { resourcesKeptFrom } from './grant-rules.js';
import { assertMayCreate } from './user-rules.js';

export interface CreateUser extends Omit<NewUser, 'passwordHash'> {
  readonly password: string;
}

/** @throws EdenError INSUFFICIENT_PERMISSIONS, USER_EXISTS */
export async function createUser(
  deps: IdentityDeps,
  subject: Subject,
  { password, ...user }: CreateUser,
): Promise<User> {
  assertMayCreate(subject, user.accessLevel);
  const passwordHash = await deps.passwords.hash(password);
  return transactAudited(deps, subject, {
    action: 'user.create',
    data: { access_level: user.accessLevel },
    work: async (tx) => {
      const inserted = await tx.insertUser({ ...user, passwordHash });
      await tx.copyGrants(subject.userUuid, inserted.uuid, resourcesKeptFrom(subject));
      return inserted;
    },
  });
}
