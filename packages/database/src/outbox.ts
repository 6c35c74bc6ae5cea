import { asUuid, originsOf, type ForgottenRun, type OutboxStore } from '@eden/domain';
import type { Client } from './client.js';
import { Prisma } from './generated/client.js';
import type { Notifications } from './listen.js';

/** Behind the notifications, for those that were missed. */
const POLL_INTERVAL_MS = 2_000;

/** The states in which a run waits for a worker to claim it. */
const CLAIMABLE = [...originsOf('claim'), ...originsOf('reclaim')];

/** Sent messages stay for a while: the reconciler goes by the age of a run's last one. */
const SENT_KEPT = Prisma.sql`interval '1 hour'`;

/** As long as a repeated request gets its first answer again. */
const KEYS_KEPT = Prisma.sql`interval '1 day'`;

const SWEPT_AT_ONCE = 2_000;

/** The queue is asked about each of them. */
const FORGOTTEN_AT_ONCE = 200;

export function createOutbox(client: Client, notifications: Notifications): OutboxStore {
  return {
    claim: async (limit, leaseMs) => {
      const rows = await client.$queryRaw<ClaimedRow[]>(claimMessages(limit, leaseMs));
      return rows.map(({ uuid, run_uuid: runUuid, traceparent }) => ({
        uuid: asUuid(uuid),
        runUuid: asUuid(runUuid),
        traceparent,
      }));
    },
    markSent: async (uuids) => {
      await client.$executeRaw(Prisma.sql`
        UPDATE outbox SET sent_at = now() WHERE uuid = ANY(${[...uuids]}::uuid[]) AND sent_at IS NULL`);
    },
    forgotten: (olderThanMs) => forgotten(client, olderThanMs),
    stillWaiting: async (messages) => {
      await client.$executeRaw(
        Prisma.sql`UPDATE outbox SET sent_at = now() WHERE uuid = ANY(${[...messages]}::uuid[])`,
      );
    },
    requeueForgotten: (olderThanMs, runs) =>
      client.$executeRaw(Prisma.sql`
        INSERT INTO outbox (organization_uuid, run_uuid)
        SELECT r.organization_uuid, r.uuid FROM runs r
         WHERE r.uuid = ANY(${[...runs]}::uuid[]) AND ${isForgotten(olderThanMs)}`),
    subscribe: (onMessage) => Promise.resolve(subscribe(notifications, onMessage)),
    sweep: () => sweep(client),
  };
}

interface ClaimedRow {
  readonly uuid: string;
  readonly run_uuid: string;
  readonly traceparent: string | null;
}

function milliseconds(duration: number): Prisma.Sql {
  return Prisma.sql`(${duration} * interval '1 millisecond')`;
}

/** A claim that was not followed by markSent ends by itself, and the message is sent again. */
function claimMessages(limit: number, leaseMs: number): Prisma.Sql {
  return Prisma.sql`
    UPDATE outbox SET claimed_until = now() + ${milliseconds(leaseMs)}
     WHERE uuid IN (
       SELECT uuid FROM outbox
        WHERE sent_at IS NULL AND (claimed_until IS NULL OR claimed_until < now())
          AND (due_at IS NULL OR due_at <= now())
        ORDER BY created_at LIMIT ${limit}
          FOR UPDATE SKIP LOCKED)
    RETURNING uuid, run_uuid, (SELECT traceparent FROM runs WHERE runs.uuid = outbox.run_uuid) AS traceparent`;
}

/**
 * The run `r` waits for a worker, and the last call for one is long ago, or its worker died before it got the lock. A
 * message that is not due yet is a call that is still to come.
 */
function isForgotten(olderThanMs: number): Prisma.Sql {
  const recent = Prisma.sql`now() - ${milliseconds(olderThanMs)}`;
  return Prisma.sql`
    r.slot = 'active' AND r.state = ANY(${CLAIMABLE}::text[])
       AND (r.owner IS NULL OR r.heartbeat_at < ${recent})
       AND NOT EXISTS (
         SELECT FROM outbox o WHERE o.run_uuid = r.uuid
            AND (o.sent_at IS NULL OR greatest(o.created_at, o.sent_at) >= ${recent}))`;
}

async function forgotten(client: Client, olderThanMs: number): Promise<readonly ForgottenRun[]> {
  const rows = await client.$queryRaw<{ uuid: string; message: string | null }[]>(Prisma.sql`
    SELECT r.uuid, (
             SELECT o.uuid FROM outbox o WHERE o.run_uuid = r.uuid ORDER BY o.created_at DESC LIMIT 1) AS message
      FROM runs r WHERE ${isForgotten(olderThanMs)} LIMIT ${FORGOTTEN_AT_ONCE}`);
  return rows.map(({ uuid, message }) => ({
    runUuid: asUuid(uuid),
    lastMessage: message === null ? null : asUuid(message),
  }));
}

function subscribe(notifications: Notifications, onMessage: () => void): () => Promise<void> {
  const stop = notifications.on('eden_outbox', onMessage);
  const poll = setInterval(onMessage, POLL_INTERVAL_MS);
  onMessage();
  return () => {
    clearInterval(poll);
    stop();
    return Promise.resolve();
  };
}

/** No statement takes more than `SWEPT_AT_ONCE` rows, however many have come together. */
async function sweep(client: Client): Promise<void> {
  const limit = Prisma.sql`LIMIT ${SWEPT_AT_ONCE}`;
  const sweeps = [
    Prisma.sql`DELETE FROM outbox WHERE uuid IN (SELECT uuid FROM outbox WHERE sent_at < now() - ${SENT_KEPT} ${limit})`,
    Prisma.sql`DELETE FROM revoked_tokens WHERE jti IN (SELECT jti FROM revoked_tokens WHERE expires_at < now() ${limit})`,
    Prisma.sql`DELETE FROM sessions WHERE uuid IN (SELECT uuid FROM sessions WHERE expires_at < now() ${limit})`,
    Prisma.sql`
      DELETE FROM idempotency_keys WHERE (organization_uuid, user_uuid, key) IN (
        SELECT organization_uuid, user_uuid, key FROM idempotency_keys WHERE created_at < now() - ${KEYS_KEPT} ${limit})`,
  ];
  for (const statement of sweeps) {
    while ((await client.$executeRaw(statement)) >= SWEPT_AT_ONCE);
  }
}
