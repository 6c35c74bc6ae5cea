import type { Socket } from 'node:net';
import pg from 'pg';
import { clientOf, type ControlHosts } from './control-hosts.js';
import { watchForDemotion } from './demotion.js';

/*
 * Time limits of the control database: a call that finds it away waits for a connection or for one answer, and is over
 * within two seconds, whatever the network or the server does.
 */
const CONNECT_TIMEOUT_MS = 1_500;
const ANSWER_TIMEOUT_MS = 1_500;
/** The server's own limit, a little shorter, so that what is merely slow or locked ends in order. */
const STATEMENT_TIMEOUT_MS = 1_200;
/** Longest transaction; the server frees the locks of one whose process has stopped. */
export const TRANSACTION_TIMEOUT_MS = 5_000;

const SESSION_OPTIONS = [
  // Prisma reads and writes times without a zone.
  '-c TimeZone=UTC',
  // Whatever is answered is on the disk, also where the role or the database is set to lazier commits.
  '-c synchronous_commit=on',
  `-c statement_timeout=${STATEMENT_TIMEOUT_MS}`,
  `-c idle_in_transaction_session_timeout=${TRANSACTION_TIMEOUT_MS}`,
].join(' ');

/** The connection string with our session settings behind those that it may bring. */
export function withSessionOptions(url: string): string {
  const parsed = new URL(url);
  const options = [parsed.searchParams.get('options'), SESSION_OPTIONS].filter((part) => part !== null);
  parsed.searchParams.set('options', options.join(' '));
  return parsed.toString();
}

/** A pool that gives up on connections, and on servers, that do not answer. */
export function createPool(hosts: ControlHosts, max: number): pg.Pool {
  const pool = new pg.Pool({
    connectionString: withSessionOptions(hosts.first),
    Client: clientOf(hosts),
    max,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    application_name: 'eden-control',
  });
  // A connection that breaks fails the query that is under way; an idle one is replaced at its next use.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  destroySilent(pool);
  watchForDemotion(pool, hosts);
  return pool;
}

/** What pg keeps on a client, and its types leave out. */
interface ClientState {
  readonly connection: { readonly stream: Socket };
  /** False from a query to the end of its answer. */
  readonly readyForQuery: boolean;
}

/**
 * Destroys a connection whose answer does not come. A server that hangs answers no statement, and no ROLLBACK either: a
 * mere timeout of the query would put its connection back into the pool within an open transaction, and the next user's
 * writes would vanish with that.
 */
function destroySilent(pool: pg.Pool): void {
  pool.on('connect', (client) => {
    const state = client as unknown as ClientState;
    const { stream } = state.connection;
    stream.setTimeout(ANSWER_TIMEOUT_MS, () => {
      if (state.readyForQuery) return;
      const { bytesRead } = stream;
      // An answer that came while this process itself stood still is read first.
      setImmediate(() => {
        if (stream.bytesRead === bytesRead) stream.destroy();
      });
    });
  });
}
