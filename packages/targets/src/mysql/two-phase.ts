import { setTimeout as delay } from 'node:timers/promises';
import { EdenError } from '@eden/domain';
import { endpointUnavailable, ERROR, hasErrno, isSessionLost } from './errors.js';
import type { GuardedSession } from './guard/guarded-session.js';
import { preparedIdIn, sessionLock, xidOf } from './names.js';
import { literal } from './sql.js';

/** Between two tries while the session that prepared is on its way out. */
const RETRY_MS = 5;

export interface Finish {
  readonly verb: 'COMMIT' | 'ROLLBACK';
  readonly preparedId: string;
  readonly database: string;
  readonly endpointId: string;
  readonly answerTimeoutMs: number;
}

/**
 * Ends a prepared transaction; false when the server does not know it. While the session that has prepared it is there,
 * the server says of others that it does not know it, either (1397): that session is ended first.
 * @throws EdenError ENDPOINT_UNAVAILABLE for everything that may pass
 */
export async function finishPrepared(session: GuardedSession, finish: Finish): Promise<boolean> {
  const { verb, preparedId, database, endpointId, answerTimeoutMs } = finish;
  const xid = xidOf(preparedId, database);
  if (xid === null) return false;
  const deadline = performance.now() + answerTimeoutMs;
  try {
    for (;;) {
      if (await settled(session, `XA ${verb} ${xid}`, answerTimeoutMs)) return true;
      const known = await preparedIn(session, database, answerTimeoutMs);
      if (!known.includes(preparedId)) return false;
      if (performance.now() > deadline) throw stillOwned(endpointId);
      await endOwner(session, preparedId, answerTimeoutMs);
      await delay(RETRY_MS);
    }
  } catch (error) {
    if (isSessionLost(error)) session.sever();
    throw error instanceof EdenError ? error : endpointUnavailable(endpointId, error);
  }
}

async function settled(session: GuardedSession, sql: string, answerTimeoutMs: number): Promise<boolean> {
  try {
    await session.query(sql, { answerTimeoutMs });
    return true;
  } catch (error) {
    if (hasErrno(error, ERROR.unknownXid)) return false;
    throw error;
  }
}

/** The ids of our prepared transactions in the database. */
export async function preparedIn(
  session: GuardedSession,
  database: string,
  answerTimeoutMs: number,
): Promise<readonly string[]> {
  const { rows } = await session.query('XA RECOVER', { answerTimeoutMs });
  return rows.flatMap(({ data, formatID }) => {
    const id = preparedIdIn(textOf(data), Number(formatID), database);
    return id === null ? [] : [id];
  });
}

/** Ids of others may hold any bytes, which then come in hexadecimal digits. */
function textOf(data: unknown): string {
  const text = String(data);
  return text.startsWith('0x') ? Buffer.from(text.slice(2), 'hex').toString('latin1') : text;
}

async function endOwner(session: GuardedSession, preparedId: string, answerTimeoutMs: number): Promise<void> {
  const lock = literal(sessionLock(preparedId));
  const { rows } = await session.query(`SELECT IS_USED_LOCK(${lock}) AS id`, { answerTimeoutMs });
  const id = rows[0]?.['id'];
  if (typeof id === 'number') await kill(session, id, answerTimeoutMs);
}

/** Ends a session of our account; nothing happens when it is gone. */
export async function kill(session: GuardedSession, id: number, answerTimeoutMs: number): Promise<void> {
  try {
    await session.query(`KILL CONNECTION ${id}`, { answerTimeoutMs });
  } catch (error) {
    if (!hasErrno(error, ERROR.noSuchThread)) throw error;
  }
}

function stillOwned(endpointId: string): EdenError {
  const details = 'the session that has prepared the transaction does not end';
  return new EdenError('ENDPOINT_UNAVAILABLE', { endpoint_id: endpointId, details });
}
