import { data } from '../http/answer.js';
import { operation } from '../http/operation.js';
import { dataSchema } from '../schemas/envelope.js';
import { robotSchema } from '../schemas/identity.js';
import { viewRobot } from '../views/robot.js';

export const getRobot = operation({
  method: 'get',
  path: '/iam/robots/{robot}',
  tag: 'Identity',
  summary: 'Show a robot, without its key',
  result: dataSchema(robotSchema),
  handler: async ({ subject, path, deps }) =>
    data(viewRobot(subject, await deps.store.organization(subject.organizationUuid).robot(path.robot))),
});
