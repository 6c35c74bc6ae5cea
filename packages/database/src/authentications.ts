import { asUuid, type AccessLevel, type Subject, type Uuid } from '@eden/domain';
import type pg from 'pg';
import { translated } from './client.js';

/** The user and the token of one request. */
interface Question {
  readonly userUuid: Uuid;
  readonly jti: string;
  readonly loggedInAt: Date;
}

/** By what `keyOf` says; null for those who may not come in. */
type Answers = ReadonlyMap<string, Subject>;

interface Batch {
  readonly questions: Map<string, Question>;
  readonly answers: Promise<Answers>;
}

/** A subject as SQL gives it. */
export interface SubjectRow {
  readonly organization_uuid: string;
  readonly organization_id: string;
  readonly user_uuid: string;
  readonly username: string;
  readonly access_level: AccessLevel;
}

interface AnswerRow extends SubjectRow {
  /** Of the question, from 1. */
  readonly number: number;
}

const LIVE_MEMBERSHIPS = `
  SELECT asked.number::int, o.uuid AS organization_uuid, o.id AS organization_id,
         u.uuid AS user_uuid, u.username, u.access_level
    FROM unnest($1::uuid[], $2::text[], $3::timestamptz[])
         WITH ORDINALITY AS asked (user_uuid, jti, logged_in_at, number)
    JOIN users u ON u.uuid = asked.user_uuid
    JOIN organizations o ON o.uuid = u.organization_uuid
   WHERE (u.tokens_valid_after IS NULL OR u.tokens_valid_after <= asked.logged_in_at)
     AND NOT EXISTS (SELECT FROM revoked_tokens r WHERE r.jti = asked.jti)`;

/**
 * Who asks, read from the control database for every request anew, but for many requests with one query: those that
 * come while a query is under way share the next one (docs/adr/0011). No answer is kept, and a query begins after the
 * last of its requests has come, so a revocation that was answered before a request came is seen by it, on every gateway.
 */
export class Authentications {
  private waiting: Batch | undefined;
  private underWay: Promise<Answers> | undefined;

  constructor(private readonly pool: pg.Pool) {}

  /** Null when the user is gone, or the token was revoked or is of a login before the last change of the password. @throws EdenError SERVICE_UNAVAILABLE */
  async authenticate(question: Question): Promise<Subject | null> {
    this.waiting ??= this.openBatch();
    const { questions, answers } = this.waiting;
    const key = keyOf(question);
    questions.set(key, question);
    return (await answers).get(key) ?? null;
  }

  /** When the query under way fails, so do those who waited for it: they would only find out later, one by one. */
  private openBatch(): Batch {
    const questions = new Map<string, Question>();
    const turn = this.underWay ?? Promise.resolve();
    const answers = turn.finally(() => (this.waiting = undefined)).then(() => this.answer([...questions.values()]));
    return { questions, answers };
  }

  private async answer(questions: readonly Question[]): Promise<Answers> {
    const underWay = translated(() => findSubjects(this.pool, questions), null);
    this.underWay = underWay;
    try {
      return await underWay;
    } finally {
      if (this.underWay === underWay) this.underWay = undefined;
    }
  }
}

function keyOf({ userUuid, jti }: Question): string {
  return `${userUuid} ${jti}`;
}

/** By the driver itself, as a prepared statement: no other query runs as often as this one. */
async function findSubjects(pool: pg.Pool, questions: readonly Question[]): Promise<Answers> {
  const { rows } = await pool.query<AnswerRow>({
    name: 'live-memberships',
    text: LIVE_MEMBERSHIPS,
    values: [
      questions.map(({ userUuid }) => userUuid),
      questions.map(({ jti }) => jti),
      questions.map(({ loggedInAt }) => loggedInAt),
    ],
  });
  return new Map(
    rows.flatMap((row) => {
      const question = questions[row.number - 1];
      return question === undefined ? [] : [[keyOf(question), toSubject(row)]];
    }),
  );
}

export function toSubject(row: SubjectRow): Subject {
  return {
    organizationUuid: asUuid(row.organization_uuid),
    organizationId: row.organization_id,
    userUuid: asUuid(row.user_uuid),
    username: row.username,
    level: row.access_level,
  };
}
