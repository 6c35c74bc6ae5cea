import type { OrganizationTransactor, Subject, Uuid, WebhookDelivery } from '@eden/domain';
import type { CoordinatorDeps } from '../deps.js';

type Deps = Pick<CoordinatorDeps, 'store'>;

/** Sends something that says it is a test. @throws EdenError WEBHOOK_NOT_FOUND */
export function testWebhook(deps: Deps, subject: Subject, webhook: Uuid): Promise<WebhookDelivery> {
  return send(deps, subject, { webhook, action: 'webhook.test', work: (tx) => tx.insertWebhookTest(webhook) });
}

/** Sends an event once more, with the id that it had. @throws EdenError WEBHOOK_NOT_FOUND, DELIVERY_NOT_FOUND */
export function redeliver(deps: Deps, subject: Subject, webhook: Uuid, delivery: Uuid): Promise<WebhookDelivery> {
  return send(deps, subject, { webhook, action: 'webhook.redeliver', work: (tx) => tx.redeliver(webhook, delivery) });
}

interface Sending {
  readonly webhook: Uuid;
  readonly action: string;
  readonly work: (tx: OrganizationTransactor) => Promise<WebhookDelivery>;
}

function send({ store }: Deps, subject: Subject, { webhook, action, work }: Sending): Promise<WebhookDelivery> {
  return store.organization(subject.organizationUuid).transact(async (tx) => {
    await tx.webhook(webhook);
    const delivery = await work(tx);
    const data = { delivery_uuid: delivery.event.id };
    const { username: actor, origin } = subject;
    await tx.audit({ actor, origin, action, subject: webhook, data });
    return delivery;
  });
}
