import type { Ref, Subject } from '@eden/domain';
import { transactAudited } from '../transact-audited.js';
import type { SubjectDeps } from './deps.js';
import { endKeptSubjects } from './end-kept-subjects.js';
import { assertMayDelete } from './user-rules.js';

/** @throws EdenError USER_NOT_FOUND, INSUFFICIENT_PERMISSIONS, LAST_SUPER_ADMIN */
export async function deleteUser(deps: SubjectDeps, subject: Subject, ref: Ref): Promise<void> {
  await transactAudited(deps, subject, {
    action: 'user.delete',
    work: async (tx) => {
      const target = await tx.user(ref);
      assertMayDelete(subject, target);
      await tx.deleteUser(target.uuid);
      return target;
    },
  });
  await endKeptSubjects(deps, subject.organizationUuid);
}
