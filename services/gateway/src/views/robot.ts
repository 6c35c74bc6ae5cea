import type { RobotWithKey } from '@eden/coordinator';
import type { Robot, Subject } from '@eden/domain';
import type { z } from 'zod';
import type { robotSchema, robotWithKeySchema } from '../schemas/identity.js';
import { actionsOnRobot } from './actions.js';
import { viewMember } from './user.js';

export function viewRobot(subject: Subject, robot: Robot): z.output<typeof robotSchema> {
  return {
    ...viewMember(robot),
    scopes: [...robot.scopes],
    expires_at: robot.keyExpiresAt?.toISOString() ?? null,
    actions: actionsOnRobot(subject, robot),
  };
}

export function viewRobotWithKey(subject: Subject, { robot, key }: RobotWithKey): z.output<typeof robotWithKeySchema> {
  return { ...viewRobot(subject, robot), api_key: key };
}
