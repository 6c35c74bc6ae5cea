import { page } from '../http/answer.js';
import { operation } from '../http/operation.js';
import { pageRequest } from '../http/page-request.js';
import { pageQuerySchema, pageSchema } from '../schemas/envelope.js';
import { webhookSchema } from '../schemas/webhook.js';
import { viewWebhook } from '../views/webhook.js';

export const listWebhooks = operation({
  method: 'get',
  path: '/iam/webhooks',
  tag: 'Identity',
  summary: 'List the webhooks',
  query: pageQuerySchema,
  result: pageSchema(webhookSchema),
  handler: async ({ subject, query, deps }) =>
    page(await deps.store.organization(subject.organizationUuid).webhooks(pageRequest(query)), (webhook) =>
      viewWebhook(subject, webhook),
    ),
});
