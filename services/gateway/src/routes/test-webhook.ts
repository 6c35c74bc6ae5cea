import { testWebhook as test } from '@eden/coordinator';
import { doneWith } from '../http/answer.js';
import { operation } from '../http/operation.js';
import { emptyBodySchema, messageWithDataSchema } from '../schemas/envelope.js';
import { deliverySchema } from '../schemas/webhook.js';
import { viewDelivery } from '../views/webhook.js';

export const testWebhook = operation({
  method: 'post',
  path: '/iam/webhooks/{webhook}/test',
  tag: 'Identity',
  summary: 'Send a webhook.test; its deliveries tell how that went',
  body: emptyBodySchema,
  result: messageWithDataSchema(deliverySchema),
  handler: async ({ subject, path, deps }) => doneWith(viewDelivery(await test(deps, subject, path.webhook)), 'queued'),
});
