import {
  asUuid,
  retryPauseMs,
  type ClaimedDelivery,
  type DeliveryFailure,
  type WebhookEvent,
  type WebhookFormat,
  type WebhookOutbox,
  type WebhookTarget,
} from '@eden/domain';
import type { Client } from './client.js';
import type { ConfigCipher } from './encryption.js';
import { Prisma } from './generated/client.js';
import type { Notifications } from './listen.js';
import { dataOf } from './store/webhooks.js';

/** Answers of calls: far longer than a signature counts. */
const CALLS_KEPT = Prisma.sql`interval '1 hour'`;
const DELIVERED_KEPT = Prisma.sql`interval '7 days'`;
const DEAD_KEPT = Prisma.sql`interval '30 days'`;
const SWEPT_AT_ONCE = 2_000;

/** What came back may be of any length. */
const LONGEST_ERROR = 500;
const UNREADABLE = 'The service has no key that opens the URL of this webhook: create it anew';

export function createWebhookOutbox(client: Client, cipher: ConfigCipher, notifications: Notifications): WebhookOutbox {
  return {
    claim: async (limit, claimMs, busy) => {
      const rows = await client.$queryRaw<ClaimedRow[]>(claim(limit, claimMs, busy));
      const claimed = await Promise.all(rows.map((row) => open(client, cipher, row)));
      return claimed.filter((delivery) => delivery !== null);
    },
    delivered: async (delivery, status) => {
      await client.$executeRaw(Prisma.sql`
        UPDATE webhook_deliveries
           SET state = 'delivered', finished_at = now(), claimed_until = NULL, last_status = ${status}, last_error = NULL
         WHERE ${isClaimed(delivery)}`);
    },
    failed: (delivery, failure) => failed(client, delivery, failure),
    backlog: () => backlog(client),
    subscribe: (onDelivery) => notifications.on('eden_webhook', onDelivery),
    sweep: () => sweep(client),
  };
}

interface ClaimedRow {
  readonly uuid: string;
  readonly organization_uuid: string;
  readonly webhook_uuid: string;
  readonly type: string;
  readonly at: Date;
  readonly data: Prisma.JsonValue;
  readonly attempts: number;
  readonly format: string;
  readonly target: Uint8Array;
}

/** A claim that nobody ends is over by itself, and the event is sent again. */
function claim(limit: number, claimMs: number, busy: readonly string[]): Prisma.Sql {
  const isDue = Prisma.sql`state = 'pending' AND due_at <= now() AND (claimed_until IS NULL OR claimed_until < now())`;
  return Prisma.sql`
    UPDATE webhook_deliveries delivery
       SET claimed_until = now() + ${claimMs} * interval '1 millisecond', attempts = attempts + 1
      FROM webhooks webhook
     WHERE webhook.uuid = delivery.webhook_uuid AND delivery.uuid IN (
       SELECT uuid FROM webhook_deliveries
        WHERE ${isDue} AND uuid IN (
          SELECT DISTINCT ON (webhook_uuid) uuid FROM webhook_deliveries
           WHERE ${isDue} AND webhook_uuid <> ALL(${[...busy]}::uuid[])
           ORDER BY webhook_uuid, due_at, uuid)
        ORDER BY due_at LIMIT ${limit}
          FOR UPDATE SKIP LOCKED)
    RETURNING delivery.uuid, delivery.organization_uuid, delivery.webhook_uuid, delivery.type, delivery.at,
              delivery.data, delivery.attempts, webhook.format, webhook.target`;
}

/** Null for one that no key opens: it has failed, and the others are sent all the same. */
async function open(client: Client, cipher: ConfigCipher, row: ClaimedRow): Promise<ClaimedDelivery | null> {
  try {
    return toClaimed(cipher, row);
  } catch {
    const { attempts } = row;
    const failure = { status: null, error: UNREADABLE, pauseMs: retryPauseMs(attempts) };
    await failed(client, { event: { id: asUuid(row.uuid) }, attempts }, failure);
    return null;
  }
}

function toClaimed(cipher: ConfigCipher, row: ClaimedRow): ClaimedDelivery {
  const organizationUuid = asUuid(row.organization_uuid);
  const webhookUuid = asUuid(row.webhook_uuid);
  const { at, attempts } = row;
  return {
    organizationUuid,
    webhookUuid,
    event: { id: asUuid(row.uuid), type: row.type as WebhookEvent['type'], at, data: dataOf(row.data) },
    format: row.format as WebhookFormat,
    target: cipher.decrypt(row.target, { organizationUuid, endpointUuid: webhookUuid }) as unknown as WebhookTarget,
    attempts,
  };
}

/** Which delivery, and which try of it. */
type Claim = Pick<ClaimedDelivery, 'attempts'> & { readonly event: Pick<WebhookEvent, 'id'> };

/** Not by somebody else meanwhile, and not asked for anew. */
function isClaimed({ event, attempts }: Claim): Prisma.Sql {
  return Prisma.sql`uuid = ${event.id}::uuid AND state = 'pending' AND attempts = ${attempts} AND claimed_until IS NOT NULL`;
}

async function failed(
  client: Client,
  delivery: Claim,
  { status, error, pauseMs }: DeliveryFailure,
): Promise<'pending' | 'dead'> {
  const next = Prisma.sql`(now() + ${pauseMs} * interval '1 millisecond')`;
  const isOver = Prisma.sql`${next} > retry_until`;
  const [row] = await client.$queryRaw<{ state: 'pending' | 'dead' }[]>(Prisma.sql`
    UPDATE webhook_deliveries
       SET state = CASE WHEN ${isOver} THEN 'dead' ELSE 'pending' END,
           finished_at = CASE WHEN ${isOver} THEN now() END,
           due_at = ${next}, claimed_until = NULL,
           last_status = ${status}, last_error = ${error.slice(0, LONGEST_ERROR)}
     WHERE ${isClaimed(delivery)}
    RETURNING state`);
  return row?.state ?? 'pending';
}

async function backlog(client: Client) {
  const [row] = await client.$queryRaw<[{ pending: number; oldest_age_ms: number; dead: number }]>(Prisma.sql`
    SELECT (SELECT count(*)::int FROM webhook_deliveries WHERE state = 'pending') AS pending,
           (SELECT coalesce(extract(epoch FROM now() - min(created_at)) * 1000, 0)::float8
              FROM webhook_deliveries WHERE state = 'pending') AS oldest_age_ms,
           (SELECT count(*)::int FROM webhook_deliveries WHERE state = 'dead') AS dead`);
  return { pending: row.pending, oldestAgeMs: row.oldest_age_ms, dead: row.dead };
}

/** No statement takes more than `SWEPT_AT_ONCE` rows, however many have come together. */
async function sweep(client: Client): Promise<void> {
  const limit = Prisma.sql`LIMIT ${SWEPT_AT_ONCE}`;
  const deliveries = (state: string, kept: Prisma.Sql): Prisma.Sql => Prisma.sql`
    DELETE FROM webhook_deliveries WHERE uuid IN (
      SELECT uuid FROM webhook_deliveries WHERE state = ${state} AND finished_at < now() - ${kept} ${limit})`;
  const sweeps = [
    Prisma.sql`
      DELETE FROM hook_calls WHERE (hook_uuid, digest) IN (
        SELECT hook_uuid, digest FROM hook_calls WHERE created_at < now() - ${CALLS_KEPT} ${limit})`,
    deliveries('delivered', DELIVERED_KEPT),
    deliveries('dead', DEAD_KEPT),
  ];
  for (const statement of sweeps) {
    while ((await client.$executeRaw(statement)) >= SWEPT_AT_ONCE);
  }
}
