import type { Ref, Subject } from '@eden/domain';
import { transactAudited } from '../transact-audited.js';
import type { RobotWithKey } from './create-robot.js';
import type { IdentityDeps } from './deps.js';
import { endKeptSubjects } from './end-kept-subjects.js';
import { assertMayActAs } from './grant-rules.js';
import { assertMayDelete } from './user-rules.js';

/**
 * Gives a robot another key; the one before is worth nothing from then on. Whoever does it has the robot's key, and so
 * needs what taking the robot away needs, and no less than the robot on any resource.
 * @throws EdenError ROBOT_NOT_FOUND, INSUFFICIENT_PERMISSIONS
 */
export async function rotateKey(
  deps: IdentityDeps,
  subject: Subject,
  ref: Ref,
  seconds: number | undefined,
): Promise<RobotWithKey> {
  const { key, hash } = deps.apiKeys.create();
  const robot = await transactAudited(deps, subject, {
    action: 'robot.rotate_key',
    work: async (tx) => {
      const target = await tx.robot(ref);
      assertMayDelete(subject, target);
      await assertMayActAs(tx, subject, target);
      return tx.replaceKey(target.uuid, { hash, seconds });
    },
  });
  await endKeptSubjects(deps, subject.organizationUuid);
  return { robot, key };
}
