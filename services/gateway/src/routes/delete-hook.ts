import { deleteHook as remove } from '@eden/coordinator';
import { done } from '../http/answer.js';
import { operation } from '../http/operation.js';
import { messageSchema } from '../schemas/envelope.js';

export const deleteHook = operation({
  method: 'delete',
  path: '/iam/hooks/{hook}',
  tag: 'Identity',
  summary: 'Delete a deploy hook: nobody is let in by it any more',
  result: messageSchema,
  handler: async ({ subject, path, deps }) => {
    await remove(deps, subject, path.hook);
    return done();
  },
});
