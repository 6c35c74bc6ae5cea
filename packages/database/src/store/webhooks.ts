import {
  asUuid,
  TEST_EVENT,
  type DeliveryState,
  type NewWebhook,
  type OrganizationReader,
  type OrganizationTransactor,
  type Uuid,
  type Webhook,
  type WebhookDelivery,
  type WebhookEvent,
  type WebhookEventType,
  type WebhookFormat,
} from '@eden/domain';
import { Prisma, type Webhook as WebhookRow, type WebhookDelivery as DeliveryRow } from '../generated/client.js';
import { fromJson } from '../json.js';
import type { Scope } from '../scope.js';
import { newUuid } from '../uuid.js';
import { readPage } from './paging.js';
import { found } from './references.js';
import { sealed } from './sealed.js';

function toWebhook({ uuid, place, format, events, createdBy, createdAt }: WebhookRow): Webhook {
  const wishes = { format: format as WebhookFormat, events: events as WebhookEventType[] };
  return { uuid: asUuid(uuid), place, ...wishes, createdBy, createdAt };
}

function toDelivery(row: DeliveryRow): WebhookDelivery {
  const { attempts, dueAt, lastStatus, lastError, createdAt, finishedAt } = row;
  const event = { id: asUuid(row.uuid), type: row.type as WebhookEvent['type'], at: row.at, data: dataOf(row.data) };
  return { event, state: row.state as DeliveryState, attempts, dueAt, lastStatus, lastError, createdAt, finishedAt };
}

/** An event says nothing of an error where there is none. */
export function dataOf(data: Prisma.JsonValue): WebhookEvent['data'] {
  const { error, ...others } = fromJson<WebhookEvent['data']>(data);
  return error === null || error === undefined ? others : { ...others, error };
}

type WebhookReads = Pick<OrganizationReader, 'webhook' | 'webhooks' | 'webhookDeliveries'>;

export function webhookReads({ db }: Scope): WebhookReads {
  return {
    webhook: async (uuid) => toWebhook(found(await db.webhook.findFirst({ where: { uuid } }), 'Webhook', uuid)),
    webhooks: (page) => readPage(page, (keyset) => db.webhook.findMany({ ...keyset }), toWebhook),
    webhookDeliveries: (webhookUuid, page) =>
      readPage(
        page,
        ({ where, ...keyset }) => db.webhookDelivery.findMany({ where: { ...where, webhookUuid }, ...keyset }),
        toDelivery,
      ),
  };
}

type WebhookWrites = Pick<
  OrganizationTransactor,
  'insertWebhook' | 'deleteWebhook' | 'insertWebhookTest' | 'redeliver'
>;

export function webhookWrites(scope: Scope): WebhookWrites {
  const { db, organizationUuid } = scope;
  return {
    insertWebhook: (webhook) => insertWebhook(scope, webhook),
    deleteWebhook: async (uuid) => {
      await db.webhook.delete({ where: { uuid } });
    },
    insertWebhookTest: async (webhookUuid) => {
      const data = { organizationUuid, webhookUuid, type: TEST_EVENT, at: new Date(), data: {} };
      return toDelivery(await db.webhookDelivery.create({ data }));
    },
    redeliver: (webhookUuid, deliveryUuid) => redeliver(scope, webhookUuid, deliveryUuid),
  };
}

async function insertWebhook(scope: Scope, { target, format, events, createdBy }: NewWebhook): Promise<Webhook> {
  const { db, organizationUuid } = scope;
  const uuid = newUuid();
  const { origin } = new URL(target.url);
  const data = { uuid, organizationUuid, place: origin, format, events: [...events], createdBy };
  return toWebhook(await db.webhook.create({ data: { ...data, target: sealed(scope, uuid, { ...target }) } }));
}

/** One that is under way may arrive twice: its id tells. */
async function redeliver({ db, organizationUuid }: Scope, webhookUuid: Uuid, uuid: Uuid): Promise<WebhookDelivery> {
  await db.$executeRaw(Prisma.sql`
    UPDATE webhook_deliveries
       SET state = 'pending', attempts = 0, due_at = now(), claimed_until = NULL, finished_at = NULL,
           retry_until = now() + interval '1 day'
     WHERE organization_uuid = ${organizationUuid}::uuid AND webhook_uuid = ${webhookUuid}::uuid
       AND uuid = ${uuid}::uuid`);
  await db.$executeRaw(Prisma.sql`SELECT pg_notify('eden_webhook', '')`);
  return toDelivery(
    found(await db.webhookDelivery.findFirst({ where: { uuid, webhookUuid } }), 'WebhookDelivery', uuid),
  );
}
