import pg from 'pg';
import { clientOf, type ControlHosts } from './control-hosts.js';
import { watchForDemotion } from './demotion.js';
import { driverStateOf } from './driver-state.js';
import { lentClientOf } from './lent-sessions.js';
import { withSessionOptions } from './session-settings.js';

/*
 * Time limits of the control database: a call that finds it away waits for a connection or for one answer, and is over
 * within two seconds, whatever the network or the server does.
 */
const ANSWER_TIMEOUT_MS = 1_500;
/** Nobody else waits for a command that is given by hand. */
export const PATIENT_MS = 30_000;

/** A pool that gives up on connections, and on servers, that do not answer in time. */
export function createPool(hosts: ControlHosts, max: number, timeoutMs = ANSWER_TIMEOUT_MS): pg.Pool {
  const pool = new pg.Pool({
    ...(hosts.lendsSessions
      ? { connectionString: hosts.first, Client: lentClientOf(hosts) }
      : { connectionString: withSessionOptions(hosts.first), Client: clientOf(hosts) }),
    max,
    connectionTimeoutMillis: timeoutMs,
    keepAlive: true,
    application_name: 'eden-control',
  });
  // A connection that breaks fails the query that is under way; an idle one is replaced at its next use.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  destroySilent(pool, timeoutMs);
  watchForDemotion(pool, hosts);
  return pool;
}

/**
 * Destroys a connection whose answer does not come. A server that hangs answers no statement, and no ROLLBACK either: a
 * mere timeout of the query would put its connection back into the pool within an open transaction, and the next user's
 * writes would vanish with that. Nor does it answer a goodbye, for which a pool that is ended waits.
 */
function destroySilent(pool: pg.Pool, timeoutMs: number): void {
  pool.on('connect', (client) => {
    const state = driverStateOf(client);
    const { stream } = state.connection;
    stream.setTimeout(timeoutMs);
    // Every time: Node calls what setTimeout itself is given once, and a connection at rest is silent, too.
    stream.on('timeout', () => {
      if (state.readyForQuery && !stream.writableEnded) return;
      const { bytesRead } = stream;
      // An answer that came while this process itself stood still is read first.
      setImmediate(() => {
        if (stream.bytesRead === bytesRead) stream.destroy();
      });
    });
  });
}
