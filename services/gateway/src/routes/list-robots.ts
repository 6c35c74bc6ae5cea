import { page } from '../http/answer.js';
import { operation } from '../http/operation.js';
import { pageRequest } from '../http/page-request.js';
import { pageQuerySchema, pageSchema } from '../schemas/envelope.js';
import { robotSchema } from '../schemas/identity.js';
import { viewRobot } from '../views/robot.js';

export const listRobots = operation({
  method: 'get',
  path: '/iam/robots',
  tag: 'Identity',
  summary: 'List the robots, without their keys',
  query: pageQuerySchema,
  result: pageSchema(robotSchema),
  handler: async ({ subject, query, deps }) =>
    page(await deps.store.organization(subject.organizationUuid).robots(pageRequest(query)), (robot) =>
      viewRobot(subject, robot),
    ),
});
