import { redeliver as again } from '@eden/coordinator';
import { doneWith } from '../http/answer.js';
import { operation } from '../http/operation.js';
import { emptyBodySchema, messageWithDataSchema } from '../schemas/envelope.js';
import { deliverySchema } from '../schemas/webhook.js';
import { viewDelivery } from '../views/webhook.js';

export const redeliver = operation({
  method: 'post',
  path: '/iam/webhooks/{webhook}/deliveries/{delivery}/redeliver',
  tag: 'Identity',
  summary: 'Send an event once more, with the same id',
  body: emptyBodySchema,
  result: messageWithDataSchema(deliverySchema),
  handler: async ({ subject, path, deps }) =>
    doneWith(viewDelivery(await again(deps, subject, path.webhook, path.delivery)), 'queued'),
});
