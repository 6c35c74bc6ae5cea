import { data } from '../http/answer.js';
import { operation } from '../http/operation.js';
import { dataSchema } from '../schemas/envelope.js';
import { webhookSchema } from '../schemas/webhook.js';
import { viewWebhook } from '../views/webhook.js';

export const getWebhook = operation({
  method: 'get',
  path: '/iam/webhooks/{webhook}',
  tag: 'Identity',
  summary: 'Show a webhook, without its secrets',
  result: dataSchema(webhookSchema),
  handler: async ({ subject, path, deps }) =>
    data(viewWebhook(subject, await deps.store.organization(subject.organizationUuid).webhook(path.webhook))),
});
