import { Cluster, Redis } from 'ioredis';
import type { RedisAddress } from './redis-address.js';

export type RedisClient = Redis | Cluster;

/** How a connection behaves while Redis is away; what BullMQ asks of its two sides is the opposite of each other. */
export interface ConnectionRole {
  readonly connectionName: string;
  /** Commands given while there is no connection: kept for later, or refused at once. */
  readonly enableOfflineQueue: boolean;
  /** null = for ever, as a blocking worker needs it. */
  readonly maxRetriesPerRequest: number | null;
  readonly commandTimeoutMs?: number;
  /** Once aborted, a connection that is lost is not opened again. */
  readonly signal?: AbortSignal;
}

const FIRST_RETRY_MS = 50;
const LONGEST_RETRY_MS = 1_000;
const CONNECT_TIMEOUT_MS = 2_000;
const KEEP_ALIVE_MS = 10_000;

/** Connects in the background, and again whenever the connection is lost. */
export function connect(address: RedisAddress, role: ConnectionRole): RedisClient {
  const options = redisOptions(address, role);
  switch (address.kind) {
    case 'single':
      return new Redis({ ...options, host: address.host, port: address.port, db: address.database });
    case 'sentinel':
      return new Redis({
        ...options,
        sentinels: [...address.sentinels],
        name: address.master,
        sentinelRetryStrategy: options.retryStrategy,
        ...(address.tls ? { enableTLSForSentinelMode: true, sentinelTLS: {} } : {}),
      });
    case 'cluster':
      return new Cluster([...address.nodes], {
        clusterRetryStrategy: options.retryStrategy,
        enableOfflineQueue: role.enableOfflineQueue,
        redisOptions: options,
      });
  }
}

function redisOptions({ username, password, tls }: RedisAddress, role: ConnectionRole) {
  return {
    connectionName: role.connectionName,
    enableOfflineQueue: role.enableOfflineQueue,
    maxRetriesPerRequest: role.maxRetriesPerRequest,
    retryStrategy: (attempts: number) => (role.signal?.aborted === true ? null : retryDelayMs(attempts)),
    reconnectOnError: repeatElsewhere,
    connectTimeout: CONNECT_TIMEOUT_MS,
    keepAlive: KEEP_ALIVE_MS,
    ...(role.commandTimeoutMs === undefined ? {} : { commandTimeout: role.commandTimeoutMs }),
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(tls ? { tls: {} } : {}),
  };
}

function retryDelayMs(attempts: number): number {
  return Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(attempts - 1, 10));
}

/** A master that was demoted under us: 2 = connect again and repeat the command that it refused. */
function repeatElsewhere(error: Error): 2 | false {
  return error.message.startsWith('READONLY') ? 2 : false;
}

/** What ioredis and BullMQ's wrapper of it have in common. */
interface EndingClient {
  readonly status: string;
  once(event: 'ready' | 'end', listener: () => void): unknown;
  disconnect(): unknown;
}

/**
 * Ends a connection whose retries were stopped by its role's signal. To disconnect it while it waits for its next
 * retry would leave it waiting for ever, and with it every command that it keeps: that retry ends it.
 */
export async function end(client: EndingClient): Promise<void> {
  if (client.status === 'end') return;
  const settled = new Promise<void>((resolve) => {
    client.once('end', resolve);
    client.once('ready', resolve);
  });
  if (client.status !== 'reconnecting') client.disconnect();
  await settled;
}
