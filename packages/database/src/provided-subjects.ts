import { createHash } from 'node:crypto';
import { asUuid, isUuid, nameOfProvided, type ProvidedSubject, type Subject, type Uuid } from '@eden/domain';
import type pg from 'pg';
import { Batches } from './batches.js';
import { translated } from './client.js';
import type { GrantCache } from './grant-cache.js';

interface AnswerRow {
  /** Of the question, from 1. */
  readonly number: number;
  readonly uuid: string;
  readonly id: string;
  /** Of the row that a subject with grants has. */
  readonly grants_version: string | null;
}

/** An id may look like a uuid: what really has that uuid is meant, and whoever is revoked there is nobody elsewhere. */
const OF_PROVIDED = `
  SELECT asked.number::int, o.uuid, o.id, u.grants_version
    FROM unnest($1::text[], $2::uuid[], $3::text[], $4::text[], $5::text[])
         WITH ORDINALITY AS asked (organization, uuid, subject, jti, name, number)
   CROSS JOIN LATERAL (
         SELECT named.uuid, named.id FROM organizations named
          WHERE named.uuid = asked.uuid OR named.id = asked.organization
          ORDER BY named.uuid = asked.uuid DESC NULLS LAST LIMIT 1) AS o
    LEFT JOIN users u ON u.organization_uuid = o.uuid AND u.username = asked.name
   WHERE NOT EXISTS (SELECT FROM revoked_subjects s WHERE s.organization_uuid = o.uuid AND s.subject = asked.subject)
     AND NOT EXISTS (SELECT FROM revoked_tokens r WHERE r.jti = asked.jti)`;

/** The same for the same subject, whether it has a row or none, and of a kind that no other row has (RFC 9562, version 8). */
export function uuidOfProvided(organization: Uuid, subject: string): Uuid {
  const hex = createHash('sha256').update(`${organization} ${subject}`).digest('hex');
  return asUuid(hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-8$3-8$4-$5'));
}

/** Those for whom the identity provider vouches: asked for every request anew, and for many with one query. */
export class ProvidedSubjects {
  private readonly batches: Batches<ProvidedSubject, AnswerRow>;

  constructor(
    pool: pg.Pool,
    private readonly grants: GrantCache,
  ) {
    this.batches = new Batches(
      ({ organization, subject, jti }) => JSON.stringify([organization, subject, jti]),
      (questions) => find(pool, questions),
    );
  }

  /** @throws EdenError SERVICE_UNAVAILABLE */
  async authenticate(question: ProvidedSubject): Promise<Omit<Subject, 'level'> | null> {
    const row = await this.batches.ask(question);
    if (row === null) return null;
    const organizationUuid = asUuid(row.uuid);
    const userUuid = uuidOfProvided(organizationUuid, question.subject);
    return {
      organizationUuid,
      organizationId: row.id,
      userUuid,
      username: nameOfProvided(question.subject),
      grants: await this.grants.of(userUuid, row.grants_version),
      scopes: null,
      provided: question.subject,
    };
  }
}

async function find(pool: pg.Pool, questions: readonly ProvidedSubject[]): Promise<(AnswerRow | undefined)[]> {
  const values = [
    questions.map(({ organization }) => organization),
    questions.map(({ organization }) => (isUuid(organization) ? organization : null)),
    questions.map(({ subject }) => subject),
    questions.map(({ jti }) => jti),
    questions.map(({ subject }) => nameOfProvided(subject)),
  ];
  const query = { name: 'provided-subjects', text: OF_PROVIDED, values };
  const { rows } = await translated(() => pool.query<AnswerRow>(query), null);
  const answers = Array.from<AnswerRow | undefined>({ length: questions.length });
  for (const row of rows) answers[row.number - 1] = row;
  return answers;
}
