import { createWebhook as create } from '@eden/coordinator';
import { EdenError, isAllowedHost } from '@eden/domain';
import { doneWith } from '../http/answer.js';
import { operation } from '../http/operation.js';
import { newSecret } from '../identity/authenticate-hook.js';
import { messageWithDataSchema } from '../schemas/envelope.js';
import { newWebhookSchema, webhookWithSecretSchema } from '../schemas/webhook.js';

export const createWebhook = operation({
  method: 'post',
  path: '/iam/webhooks',
  tag: 'Identity',
  summary: 'Tell somebody outside of runs; the secret that signs is shown this once',
  body: newWebhookSchema,
  result: messageWithDataSchema(webhookWithSecretSchema),
  errors: ['WEBHOOK_NOT_ALLOWED'],
  handler: async ({ subject, body, deps }) => {
    const { url, format, events, secret = newSecret() } = body;
    assertAllowed(new URL(url), deps.webhookHosts);
    const { uuid } = await create(deps, subject, { target: { url, secret }, format, events });
    return doneWith({ uuid, secret });
  },
});

function assertAllowed(url: URL, allowed: readonly string[]): void {
  if (isAllowedHost(url, allowed)) return;
  const details = `Webhooks may not lead to ${url.host}: whoever runs this service lists the hosts`;
  throw new EdenError('WEBHOOK_NOT_ALLOWED', { details, setting: 'WEBHOOK_ALLOWED_HOSTS' });
}
