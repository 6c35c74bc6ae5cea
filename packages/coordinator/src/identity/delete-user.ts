import type { Ref, Subject } from '@eden/domain';
import { transactAudited } from '../transact-audited.js';
import type { IdentityDeps } from './deps.js';
import { assertMayDelete } from './user-rules.js';

/** @throws EdenError USER_NOT_FOUND, INSUFFICIENT_PERMISSIONS, LAST_SUPER_ADMIN */
export async function deleteUser(deps: Pick<IdentityDeps, 'store'>, subject: Subject, ref: Ref): Promise<void> {
  await transactAudited(deps, subject, {
    action: 'user.delete',
    work: async (tx) => {
      const target = await tx.user(ref);
      assertMayDelete(subject, target);
      await tx.deleteUser(target.uuid);
      return target;
    },
  });
}
