import {
  asUuid,
  EdenError,
  type HeldKey,
  type IdempotencyReservation,
  type IdempotencyStore,
  type JsonObject,
  type Subject,
} from '@eden/domain';
import type { Client } from './client.js';
import { Prisma } from './generated/client.js';

/** Answers are repeated for this long. */
const KEPT = Prisma.sql`interval '24 hours'`;

/** A reservation that was not renewed for this long is of a process that died. */
const ABANDONED = Prisma.sql`interval '60 seconds'`;

interface KeyRow {
  readonly request_hash: string;
  readonly status: number | null;
  readonly body: JsonObject | null;
}

/** Keys belong to a subject: two users may choose the same one. */
export function createIdempotencyStore(client: Client): IdempotencyStore {
  return {
    reserve: (subject, key, requestHash) => reserve(client, subject, { key, requestHash }),
    renew: async (subject, held) => {
      await client.$executeRaw(
        Prisma.sql`UPDATE idempotency_keys SET created_at = now() WHERE ${heldBy(subject, held)} AND status IS NULL`,
      );
    },
    answer: async (subject, held, status, body) => {
      await client.$executeRaw(Prisma.sql`
        UPDATE idempotency_keys SET status = ${status}, body = ${JSON.stringify(body)}::json
         WHERE ${heldBy(subject, held)}`);
    },
    forget: async (subject, held) => {
      await client.$executeRaw(
        Prisma.sql`DELETE FROM idempotency_keys WHERE ${heldBy(subject, held)} AND status IS NULL`,
      );
    },
  };
}

function keyOf({ organizationUuid, userUuid }: Subject, key: string): Prisma.Sql {
  return Prisma.sql`
    organization_uuid = ${organizationUuid}::uuid AND user_uuid = ${userUuid}::uuid AND key = ${key}`;
}

/** A process that wakes up too late finds the token of the one that has taken the key over. */
function heldBy(subject: Subject, { key, token }: HeldKey): Prisma.Sql {
  return Prisma.sql`${keyOf(subject, key)} AND token = ${token}::uuid`;
}

/** Of several equal requests at once one inserts the row; an old row is taken over as if it were not there. */
async function reserve(
  client: Client,
  subject: Subject,
  { key, requestHash }: { readonly key: string; readonly requestHash: string },
): Promise<IdempotencyReservation> {
  const { organizationUuid, userUuid } = subject;
  const [reserved] = await client.$queryRaw<{ readonly token: string }[]>(Prisma.sql`
    INSERT INTO idempotency_keys AS k (organization_uuid, user_uuid, key, request_hash)
    VALUES (${organizationUuid}::uuid, ${userUuid}::uuid, ${key}, ${requestHash})
    ON CONFLICT (organization_uuid, user_uuid, key) DO UPDATE
      SET request_hash = excluded.request_hash, token = excluded.token, status = NULL, body = NULL, created_at = now()
      WHERE k.created_at < now() - CASE WHEN k.status IS NULL THEN ${ABANDONED} ELSE ${KEPT} END
    RETURNING token`);
  if (reserved !== undefined) return { state: 'reserved', held: { key, token: asUuid(reserved.token) } };
  const [row] = await client.$queryRaw<KeyRow[]>(Prisma.sql`
    SELECT request_hash, status, body FROM idempotency_keys WHERE ${keyOf(subject, key)}`);
  // Given back in between: the request that had it changed nothing, and this one may be tried again.
  if (row === undefined) return { state: 'in progress' };
  if (row.request_hash !== requestHash) throw new EdenError('IDEMPOTENCY_KEY_REUSED');
  if (row.status === null || row.body === null) return { state: 'in progress' };
  return { state: 'answered', status: row.status, body: row.body };
}
