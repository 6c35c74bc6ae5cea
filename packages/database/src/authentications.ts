import { asUuid, type AccessLevel, type KeyHolder, type KeyScope, type Subject, type Uuid } from '@eden/domain';
import type pg from 'pg';
import { Batches } from './batches.js';
import { translated } from './client.js';
import type { GrantCache } from './grant-cache.js';

/** The user and the token of one request. */
interface TokenQuestion {
  readonly userUuid: Uuid;
  readonly jti: string;
  readonly loggedInAt: Date;
}

/** A subject as SQL gives it. */
export interface SubjectRow {
  readonly organization_uuid: string;
  readonly organization_id: string;
  readonly user_uuid: string;
  readonly username: string;
  readonly access_level: AccessLevel;
  readonly grants_version: string | null;
}

interface AnswerRow extends SubjectRow {
  /** Of the question, from 1. */
  readonly number: number;
}

interface KeyAnswerRow extends AnswerRow {
  readonly scopes: readonly KeyScope[];
  readonly good_for_ms: number | null;
}

const SUBJECT = `asked.number::int, o.uuid AS organization_uuid, o.id AS organization_id,
         u.uuid AS user_uuid, u.username, u.access_level, u.grants_version`;

const OF_TOKENS = `
  SELECT ${SUBJECT}
    FROM unnest($1::uuid[], $2::text[], $3::timestamptz[])
         WITH ORDINALITY AS asked (user_uuid, jti, logged_in_at, number)
    JOIN users u ON u.uuid = asked.user_uuid
    JOIN organizations o ON o.uuid = u.organization_uuid
   WHERE (u.tokens_valid_after IS NULL OR u.tokens_valid_after <= asked.logged_in_at)
     AND NOT EXISTS (SELECT FROM revoked_tokens r WHERE r.jti = asked.jti)`;

const OF_KEYS = `
  SELECT ${SUBJECT}, u.scopes,
         (extract(epoch FROM u.key_expires_at - clock_timestamp()) * 1000)::float8 AS good_for_ms
    FROM unnest($1::bytea[]) WITH ORDINALITY AS asked (key_hash, number)
    JOIN users u ON u.key_hash = asked.key_hash
    JOIN organizations o ON o.uuid = u.organization_uuid
   WHERE u.key_expires_at IS NULL OR u.key_expires_at > clock_timestamp()`;

/**
 * Who asks, read from the control database for every request anew, but for many requests with one query
 * (docs/adr/0011). No answer is kept, so what ends a token or a key, or lowers a level, is seen by every request that
 * comes after it, on every gateway. Of the grants only the version is read: those of that version are in memory.
 */
export class Authentications {
  private readonly tokens: Batches<TokenQuestion, AnswerRow>;
  private readonly keys: Batches<Uint8Array, KeyAnswerRow>;

  constructor(
    pool: pg.Pool,
    private readonly grants: GrantCache,
  ) {
    this.tokens = new Batches(
      ({ userUuid, jti }) => `${userUuid} ${jti}`,
      (questions) => findByTokens(pool, questions),
    );
    this.keys = new Batches(
      (hash) => Buffer.from(hash).toString('base64'),
      (hashes) => findByKeys(pool, hashes),
    );
  }

  /** Null when the user is gone, or the token was revoked or is of a login before the last change of the password. @throws EdenError SERVICE_UNAVAILABLE */
  async byToken(question: TokenQuestion): Promise<Subject | null> {
    const row = await this.tokens.ask(question);
    return row === null ? null : this.toSubject(row, null);
  }

  /** Null when there is no such key, or it has expired. @throws EdenError SERVICE_UNAVAILABLE */
  async byKey(hash: Uint8Array): Promise<KeyHolder | null> {
    const row = await this.keys.ask(hash);
    if (row === null) return null;
    return { subject: await this.toSubject(row, row.scopes), goodForMs: row.good_for_ms };
  }

  /** As somebody who has just logged in. */
  async toSubject(row: SubjectRow, scopes: readonly KeyScope[] | null): Promise<Subject> {
    const userUuid = asUuid(row.user_uuid);
    return {
      organizationUuid: asUuid(row.organization_uuid),
      organizationId: row.organization_id,
      userUuid,
      username: row.username,
      level: row.access_level,
      grants: await this.grants.of(userUuid, row.grants_version),
      scopes,
    };
  }
}

/** By the driver itself, as a prepared statement: no other query runs as often as this one. */
function findByTokens(pool: pg.Pool, questions: readonly TokenQuestion[]): Promise<(AnswerRow | undefined)[]> {
  return find<AnswerRow>(pool, questions.length, {
    name: 'subjects-of-tokens',
    text: OF_TOKENS,
    values: [
      questions.map(({ userUuid }) => userUuid),
      questions.map(({ jti }) => jti),
      questions.map(({ loggedInAt }) => loggedInAt),
    ],
  });
}

function findByKeys(pool: pg.Pool, hashes: readonly Uint8Array[]): Promise<(KeyAnswerRow | undefined)[]> {
  const values = [hashes.map((hash) => Buffer.from(hash))];
  return find<KeyAnswerRow>(pool, hashes.length, { name: 'subjects-of-keys', text: OF_KEYS, values });
}

/** One row for each question, in their order; undefined for those who may not come in. */
async function find<Row extends AnswerRow>(
  pool: pg.Pool,
  count: number,
  query: pg.QueryConfig,
): Promise<(Row | undefined)[]> {
  const { rows } = await translated(() => pool.query<Row>(query), null);
  const answers = Array.from<Row | undefined>({ length: count });
  for (const row of rows) answers[row.number - 1] = row;
  return answers;
}
