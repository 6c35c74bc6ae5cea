import { deleteWebhook as remove } from '@eden/coordinator';
import { done } from '../http/answer.js';
import { operation } from '../http/operation.js';
import { messageSchema } from '../schemas/envelope.js';

export const deleteWebhook = operation({
  method: 'delete',
  path: '/iam/webhooks/{webhook}',
  tag: 'Identity',
  summary: 'Delete a webhook, with what is on its way to it',
  result: messageSchema,
  handler: async ({ subject, path, deps }) => {
    await remove(deps, subject, path.webhook);
    return done();
  },
});
