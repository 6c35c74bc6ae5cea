import pg from 'pg';

/*
 * Time limits of the control database. Together they bound every call at two seconds, whatever the network or the
 * server does: connecting (or waiting for a free connection) + one use of a connection.
 */
const CONNECT_TIMEOUT_MS = 700;
/** Longest use of a connection, be it one statement or one transaction. */
export const USE_LIMIT_MS = 1_300;
/** The server's own limit, a little shorter, so that what is merely slow or locked ends in order. */
const STATEMENT_TIMEOUT_MS = 1_100;
/** Frees the locks of a process that stopped in the middle of a transaction. */
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 2_000;

/** Prisma reads and writes times without a zone. */
const SESSION_OPTIONS = [
  '-c TimeZone=UTC',
  `-c statement_timeout=${STATEMENT_TIMEOUT_MS}`,
  `-c idle_in_transaction_session_timeout=${IDLE_IN_TRANSACTION_TIMEOUT_MS}`,
].join(' ');

/** The connection string with our session settings behind those that it may bring. */
export function withSessionOptions(url: string): string {
  const parsed = new URL(url);
  const options = [parsed.searchParams.get('options'), SESSION_OPTIONS].filter((part) => part !== null);
  parsed.searchParams.set('options', options.join(' '));
  return parsed.toString();
}

/** A pool in which no connection is used for longer than the limit: it is destroyed instead. */
export function createPool(url: string, max: number): pg.Pool {
  const pool = new pg.Pool({
    connectionString: withSessionOptions(url),
    max,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    application_name: 'eden-control',
  });
  // An idle connection that breaks is replaced at its next use.
  pool.on('error', () => undefined);
  limitUse(pool);
  return pool;
}

/**
 * A server that hangs answers no statement, and no ROLLBACK either: without this its connection would go back into the
 * pool within an open transaction, and the next user's writes would vanish with that.
 */
function limitUse(pool: pg.Pool): void {
  const inUse = new Map<pg.PoolClient, NodeJS.Timeout>();
  const expire = (client: pg.PoolClient): void => {
    // An answer that has arrived while this process stood still goes first.
    setImmediate(() => {
      if (inUse.has(client)) destroy(client);
    });
  };
  pool.on('acquire', (client) => inUse.set(client, setTimeout(expire, USE_LIMIT_MS, client)));
  pool.on('release', (_error, client) => {
    clearTimeout(inUse.get(client));
    inUse.delete(client);
  });
}

/** Everything waiting on the connection fails at once. */
function destroy(client: pg.PoolClient): void {
  (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
}
