import { EdenError, type Blocker, type Endpoint, type JsonObject } from '@eden/domain';
import type { Observer, SessionState } from '../session-watch.js';
import { connect, type SessionOptions } from './connect.js';
import { ERROR, hasErrno, isServerError } from './errors.js';
import { isRefusal, SessionGivenUp } from './guard/guard-errors.js';
import type { GuardedSession } from './guard/guarded-session.js';
import { preparedIn } from './two-phase.js';

/** Rows of a session: those of one account are seen by that account. */
const STATE = (id: number) => `SELECT COMMAND AS command FROM information_schema.PROCESSLIST WHERE ID = ${id}`;

/** Needs the right PROCESS: who is in the way is not everybody's business. */
const BLOCKERS = (
  id: number,
) => `SELECT DISTINCT b.trx_mysql_thread_id AS pid, p.USER AS user, LEFT(p.INFO, 200) AS query,
    TIMESTAMPDIFF(MICROSECOND, b.trx_started, NOW(6)) DIV 1000 AS age_ms
  FROM information_schema.INNODB_TRX r
  JOIN information_schema.INNODB_LOCK_WAITS w ON w.requesting_trx_id = r.trx_id
  JOIN information_schema.INNODB_TRX b ON b.trx_id = w.blocking_trx_id
  LEFT JOIN information_schema.PROCESSLIST p ON p.ID = b.trx_mysql_thread_id
 WHERE r.trx_mysql_thread_id = ${id}`;

/** What is looked at. */
export interface Observed {
  /** Of the session that waits for an answer. */
  readonly id: number;
  readonly database: string;
}

/** A session that looks at another one of the same account. @throws EdenError ENDPOINT_UNAVAILABLE */
export async function observe(endpoint: Endpoint, observed: Observed, options: SessionOptions): Promise<Observer> {
  const session = await connect(endpoint, options);
  const bound = { answerTimeoutMs: options.connectTimeoutMs };
  return {
    look: async () => {
      const { rows } = await session.query(STATE(observed.id), bound);
      return { state: stateOf(rows[0]), blockers: await blockersOf(session, observed, bound.answerTimeoutMs) };
    },
    end: () => session.end(),
    sever: () => session.sever(),
  };
}

function stateOf(row: JsonObject | undefined): SessionState {
  return { there: row !== undefined, works: row !== undefined && row['command'] !== 'Sleep', standby: false };
}

async function blockersOf(
  session: GuardedSession,
  { id, database }: Observed,
  answerTimeoutMs: number,
): Promise<readonly Blocker[]> {
  try {
    const { rows } = await session.query(BLOCKERS(id), { answerTimeoutMs });
    const sessions = rows.filter(({ pid }) => pid !== 0).map((row) => blockerOf(row, database));
    const isPrepared = rows.length > sessions.length;
    return isPrepared ? [...sessions, ...(await preparedBlockers(session, database, answerTimeoutMs))] : sessions;
  } catch (error) {
    if (hasErrno(error, ERROR.specificAccessDenied)) return [];
    throw error;
  }
}

/** The server does not tell which one: all that are prepared in this database may be it. */
async function preparedBlockers(
  session: GuardedSession,
  database: string,
  answerTimeoutMs: number,
): Promise<readonly Blocker[]> {
  const ids = await preparedIn(session, database, answerTimeoutMs);
  const none = { pid: null, user: null, application: null, query: null, age_ms: null, database };
  return ids.map((prepared_id) => ({ ...none, prepared_id }));
}

function blockerOf(row: JsonObject, database: string): Blocker {
  const text = (value: unknown) => (typeof value === 'string' ? value : null);
  return {
    pid: Number(row['pid']),
    user: text(row['user']),
    application: null,
    query: text(row['query']),
    age_ms: typeof row['age_ms'] === 'number' ? row['age_ms'] : null,
    database,
    prepared_id: null,
  };
}

/** Whether nobody has said anything: no refusal of the server, and none of ours but that we have waited long enough. */
export function isSilence(error: unknown): boolean {
  if (error instanceof EdenError) return error.cause !== undefined && isSilence(error.cause);
  return error instanceof SessionGivenUp || !(isServerError(error) || isRefusal(error));
}
