import { rotateKey } from '@eden/coordinator';
import { doneWith } from '../http/answer.js';
import { operation } from '../http/operation.js';
import { messageWithDataSchema } from '../schemas/envelope.js';
import { robotWithKeySchema, rotateKeySchema } from '../schemas/identity.js';
import { viewRobotWithKey } from '../views/robot.js';

export const rotateRobotKey = operation({
  method: 'post',
  path: '/iam/robots/{robot}/rotate-key',
  tag: 'Identity',
  summary: 'Give a robot another key; the one before is worth nothing from then on',
  body: rotateKeySchema,
  result: messageWithDataSchema(robotWithKeySchema),
  handler: async ({ subject, path, body, deps }) =>
    doneWith(viewRobotWithKey(subject, await rotateKey(deps, subject, path.robot, body.expires_in))),
});
