import type { Endpoint } from '@eden/domain';
import type { ClientConfig } from 'pg';
import type { Admission } from './admission.js';
import { parseConfig, type Host, type PostgresConfig } from './config.js';
import { connectError } from './errors.js';
import type { AnswerLimits } from '../answer-limits.js';
import { GuardedClient } from './guard/guarded-client.js';
import { sessionAtHost } from './session-at-host.js';

/** A session that does not answer its goodbye within this time is cut off. */
const GOODBYE_MS = 1000;

/** When TCP starts to ask whether a silent peer is still there. */
const TCP_KEEP_ALIVE_MS = 10_000;

export interface SessionOptions {
  readonly applicationName: string;
  readonly connectTimeoutMs: number;
  readonly admission: Admission;
  /** Longest wait for any answer; the session is cut off then. Absent = none of ours. */
  readonly answerTimeoutMs?: number;
  /** What statements may answer. */
  readonly answers: AnswerLimits;
}

/** A session of its own, outside the pool. @throws EdenError ENDPOINT_UNAVAILABLE, ENDPOINT_NOT_ALLOWED */
export async function connect(endpoint: Endpoint, options: SessionOptions): Promise<GuardedClient> {
  const config = parseConfig(endpoint.config);
  try {
    return (await sessionAtHost(config, (host) => dial(endpoint, { ...config, ...host }, options))).client;
  } catch (error) {
    throw connectError(endpoint.id, error);
  }
}

/** Which of several hosts may serve now. @throws what keeps it from being told */
export async function findHost(endpoint: Endpoint, config: PostgresConfig, options: SessionOptions): Promise<Host> {
  const { host, client } = await sessionAtHost(config, (at) => dial(endpoint, { ...config, ...at }, options));
  sever(client);
  return host;
}

async function dial(endpoint: Endpoint, config: PostgresConfig, options: SessionOptions): Promise<GuardedClient> {
  const client = new GuardedClient(clientConfig(config, options), options.answers);
  try {
    await client.connect();
    await options.admission.assertElsewhere(client, endpoint);
    return client;
  } catch (error) {
    sever(client);
    throw error;
  }
}

/** What the driver needs. Nothing is left to the PG* variables of this process. */
export function clientConfig(config: PostgresConfig, options: Omit<SessionOptions, 'answers'>): ClientConfig {
  return {
    host: config.host,
    port: config.port,
    database: config.database,
    user: config.username,
    // As a function, because the driver takes an empty password for none and asks PGPASSWORD and ~/.pgpass.
    password: () => config.password,
    ssl: tlsOptions(config),
    stream: () => options.admission.socket(),
    application_name: options.applicationName,
    connectionTimeoutMillis: options.connectTimeoutMs,
    query_timeout: options.answerTimeoutMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: TCP_KEEP_ALIVE_MS,
  };
}

/** libpq's meanings: `require` encrypts only, `verify-ca` checks the chain, `verify-full` the host name as well. */
function tlsOptions({ ssl_mode: mode }: PostgresConfig): ClientConfig['ssl'] {
  switch (mode) {
    case 'disable':
      return false;
    case 'require':
      return { rejectUnauthorized: false };
    case 'verify-ca':
      return { rejectUnauthorized: true, checkServerIdentity: () => undefined };
    case 'verify-full':
      return { rejectUnauthorized: true };
  }
}

/** Says goodbye to a session that has nothing to do, and waits until it is gone. Never throws. */
export async function disconnect(client: GuardedClient): Promise<void> {
  const timer = setTimeout(() => sever(client), GOODBYE_MS);
  try {
    await client.end();
  } finally {
    clearTimeout(timer);
  }
}

/** Cuts a session off, whatever it is doing. The server notices and rolls back. */
export function sever(client: GuardedClient): void {
  client.sever();
}
