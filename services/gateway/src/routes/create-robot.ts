import { createRobot as create } from '@eden/coordinator';
import { doneWith } from '../http/answer.js';
import { operation } from '../http/operation.js';
import { messageWithDataSchema } from '../schemas/envelope.js';
import { newRobotSchema, robotWithKeySchema } from '../schemas/identity.js';
import { viewRobotWithKey } from '../views/robot.js';

export const createRobot = operation({
  method: 'post',
  path: '/iam/robots',
  tag: 'Identity',
  summary: 'Create a robot and its key; one with the level Admin or SuperAdmin only by a SuperAdmin',
  body: newRobotSchema,
  result: messageWithDataSchema(robotWithKeySchema),
  errors: ['USER_EXISTS'],
  handler: async ({ subject, body, deps }) => {
    const { username, description = null, access_level: accessLevel, scopes, expires_in: keySeconds = null } = body;
    const robot = { username, description, accessLevel, scopes, keySeconds };
    return doneWith(viewRobotWithKey(subject, await create(deps, subject, robot)));
  },
});
