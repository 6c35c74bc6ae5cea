import { deleteRobot as remove } from '@eden/coordinator';
import { done } from '../http/answer.js';
import { operation } from '../http/operation.js';
import { messageSchema } from '../schemas/envelope.js';

export const deleteRobot = operation({
  method: 'delete',
  path: '/iam/robots/{robot}',
  tag: 'Identity',
  summary: 'Delete a robot; its key is worth nothing from then on',
  result: messageSchema,
  handler: async ({ subject, path, deps }) => {
    await remove(deps, subject, path.robot);
    return done();
  },
});
