import type { Endpoint, ParticipantSpec, Uuid } from '@eden/domain';
import { connect, type SessionOptions } from './connect.js';
import { ERROR, hasErrno } from './errors.js';
import type { GuardedSession } from './guard/guarded-session.js';
import { participantPreparedId, sessionLock } from './names.js';
import { literal, whole } from './sql.js';

export interface ParticipantSessionOptions extends SessionOptions {
  readonly answerTimeoutMs: number;
  /** The server ends a session that says nothing for so long. */
  readonly idleInTransactionMs: number;
  /** Makes our tables where they are missing. */
  readonly install: (migrationUuid: Uuid) => Promise<unknown>;
}

/**
 * A session that others find and can end: it has a lock of its own, which is there for as long as it is itself, and a row
 * that names it by its run. MariaDB lets sessions have no names.
 */
export async function openParticipantSession(
  endpoint: Endpoint,
  spec: ParticipantSpec,
  options: ParticipantSessionOptions,
): Promise<GuardedSession> {
  const preparedId = participantPreparedId(spec);
  const session = await connect(endpoint, options);
  const run = (sql: string) => session.query(sql, { answerTimeoutMs: options.answerTimeoutMs });
  try {
    await run(`SET SESSION wait_timeout = ${Math.max(1, Math.ceil(options.idleInTransactionMs / 1000))}`);
    await run(`SELECT GET_LOCK(${literal(sessionLock(preparedId))}, 0)`);
    const name = nameSql(spec, preparedId);
    await run(name).catch(async (error: unknown) => {
      if (!hasErrno(error, ERROR.noSuchTable)) throw error;
      await options.install(spec.migrationUuid);
      await run(name);
    });
    return session;
  } catch (error) {
    session.sever();
    throw error;
  }
}

function nameSql({ runUuid, epoch }: ParticipantSpec, preparedId: string): string {
  const values = [literal(preparedId), literal(runUuid), whole(epoch), 'CURRENT_USER()'];
  return `REPLACE INTO _eden_session (prepared_id, run_uuid, epoch, role) VALUES (${values.join(', ')})`;
}

/** In a participant's own transaction, it is there until that has committed. */
export function forgetSessionSql(preparedId: string): string {
  return `DELETE FROM _eden_session WHERE prepared_id = ${literal(preparedId)}`;
}
