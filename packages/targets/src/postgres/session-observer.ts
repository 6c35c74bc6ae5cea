import { EdenError, type Blocker, type Endpoint } from '@eden/domain';
import { DatabaseError } from 'pg';
import type { AnswerLimits } from '../answer-limits.js';
import type { Observer, SessionState, Watched } from '../session-watch.js';
import type { Admission } from './admission.js';
import { connect, disconnect, sever } from './connect.js';
import { isRefusal } from './guard/guard-errors.js';
import type { GuardedClient } from './guard/guarded-client.js';
import { onlyRow, type Columns } from './guard/rows.js';
import { OBSERVER_APPLICATION } from './names.js';
import { readSql } from './sql.js';

const BLOCKERS = readSql('blockers');
const SESSION_STATE = readSql('session-state');
const STATE_COLUMNS: Columns<SessionState> = { there: 'boolean', works: 'boolean', standby: 'boolean' };

export interface ObserverLimits {
  readonly connectTimeoutMs: number;
  readonly admission: Admission;
  readonly answers: AnswerLimits;
}

/** A session that looks at the one with this application name. @throws EdenError ENDPOINT_UNAVAILABLE */
export async function observe(
  endpoint: Endpoint,
  observed: string,
  { connectTimeoutMs, admission, answers }: ObserverLimits,
): Promise<Observer> {
  const client = await connect(endpoint, {
    applicationName: OBSERVER_APPLICATION,
    connectTimeoutMs,
    admission,
    answerTimeoutMs: connectTimeoutMs,
    answers,
  });
  return {
    look: async () => {
      const [blockers, state] = await Promise.all([
        client.query<Blocker>(BLOCKERS, [observed]),
        client.query(SESSION_STATE, [observed]),
      ]);
      return { blockers: blockers.rows, state: onlyRow(state, STATE_COLUMNS) };
    },
    end: () => disconnect(client),
    sever: () => sever(client),
  };
}

/** A session as it is watched. */
export function watched(client: GuardedClient): Watched {
  return {
    get received() {
      return client.guarded.received;
    },
    sever: () => sever(client),
  };
}

/** Whether nobody has said anything: no refusal of the server, and none of ours. */
export function isSilence(error: unknown): boolean {
  if (error instanceof EdenError) return error.cause !== undefined && isSilence(error.cause);
  return !(error instanceof DatabaseError) && !isRefusal(error);
}
