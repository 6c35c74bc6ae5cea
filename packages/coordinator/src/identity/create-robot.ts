import type { NewRobot, Robot, Subject } from '@eden/domain';
import { transactAudited } from '../transact-audited.js';
import type { IdentityDeps } from './deps.js';
import { resourcesKeptFrom } from './grant-rules.js';
import { assertMayCreate } from './user-rules.js';

export interface CreateRobot extends Omit<NewRobot, 'key'> {
  /** How long each of its keys is good; null = until it is replaced. */
  readonly keySeconds: number | null;
}

/** A robot with its key, which is told this once. */
export interface RobotWithKey {
  readonly robot: Robot;
  readonly key: string;
}

/** @throws EdenError INSUFFICIENT_PERMISSIONS, USER_EXISTS: robots and people share their names */
export async function createRobot(
  deps: IdentityDeps,
  subject: Subject,
  { keySeconds, ...robot }: CreateRobot,
): Promise<RobotWithKey> {
  assertMayCreate(subject, robot.accessLevel);
  const { key, hash } = deps.apiKeys.create();
  const created = await transactAudited(deps, subject, {
    action: 'robot.create',
    data: { access_level: robot.accessLevel, scopes: [...robot.scopes] },
    work: async (tx) => {
      const inserted = await tx.insertRobot({ ...robot, key: { hash, seconds: keySeconds } });
      await tx.copyGrants(subject.userUuid, inserted.uuid, resourcesKeptFrom(subject));
      return inserted;
    },
  });
  return { robot: created, key };
}
