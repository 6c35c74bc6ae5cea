import type { Ref, Subject } from '@eden/domain';
import { transactAudited } from '../transact-audited.js';
import type { SubjectDeps } from './deps.js';
import { endKeptSubjects } from './end-kept-subjects.js';
import { assertMayDelete } from './user-rules.js';

/** @throws EdenError ROBOT_NOT_FOUND, INSUFFICIENT_PERMISSIONS */
export async function deleteRobot(deps: SubjectDeps, subject: Subject, ref: Ref): Promise<void> {
  await transactAudited(deps, subject, {
    action: 'robot.delete',
    work: async (tx) => {
      const target = await tx.robot(ref);
      assertMayDelete(subject, target);
      await tx.deleteRobot(target.uuid);
      return target;
    },
  });
  await endKeptSubjects(deps, subject.organizationUuid);
}
