import { page } from '../http/answer.js';
import { operation } from '../http/operation.js';
import { pageRequest } from '../http/page-request.js';
import { pageQuerySchema, pageSchema } from '../schemas/envelope.js';
import { deliverySchema } from '../schemas/webhook.js';
import { viewDelivery } from '../views/webhook.js';

export const listWebhookDeliveries = operation({
  method: 'get',
  path: '/iam/webhooks/{webhook}/deliveries',
  tag: 'Identity',
  summary: 'What a webhook was told, what waits, and what was given up',
  query: pageQuerySchema,
  result: pageSchema(deliverySchema),
  handler: async ({ subject, path, query, deps }) => {
    const organization = deps.store.organization(subject.organizationUuid);
    const { uuid } = await organization.webhook(path.webhook);
    return page(await organization.webhookDeliveries(uuid, pageRequest(query)), viewDelivery);
  },
});
