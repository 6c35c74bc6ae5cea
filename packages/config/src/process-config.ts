import { ConfigError } from './config-error.js';
import type { Env } from './env.js';
import { ownServers, type OwnServer } from './own-servers.js';
import type { Values, VariableName } from './variables.js';
import { VARIABLES, isSingleRedis } from './variables.js';

/** What the gateway and the worker have in common. */
export const PROCESS_VARIABLES = [
  'DATABASE_URL',
  'DATABASE_DIRECT_URL',
  'DATABASE_POOL_SIZE',
  'REDIS_URL',
  'LOCK_REDIS_URLS',
  'ENCRYPTION_KEY',
  'LOCK_TTL_MS',
  'LOCK_TIMEOUT_MS',
  'MAX_RESULT_BYTES',
  'MAX_RESULT_ROWS',
  'ENDPOINT_ALLOWED_NETWORKS',
  'ENDPOINT_ALLOW_LOOPBACK',
  'ENDPOINT_ALLOW_CONTROL_SERVER',
  'SECRETS_DIR',
  'HTTP_ALLOWED_HOSTS',
  'WEBHOOK_ALLOWED_HOSTS',
  'EDEN_INSTALLATION',
  'LOG_LEVEL',
  'OTEL_EXPORTER_OTLP_ENDPOINT',
] as const satisfies readonly VariableName[];

type ProcessValues = Values<(typeof PROCESS_VARIABLES)[number]>;

export type LogLevel = ProcessValues['LOG_LEVEL'];

export interface LockConfig {
  /** Length of a lease. */
  readonly ttlMs: number;
  /** How long anybody waits for the lock. */
  readonly timeoutMs: number;
}

/** How the control database is reached. */
export interface DatabaseConfig {
  /** Connections of this process, beside the one that listens. */
  readonly poolSize: number;
}

/** What one statement may answer in a target. */
export interface ResultConfig {
  readonly maxBytes: number;
  readonly maxRows: number;
}

/** Where the endpoints of tenants may lead. */
export interface ReachConfig {
  /** CIDR; none = everywhere that nothing else forbids. */
  readonly allowedNetworks: readonly string[];
  readonly allowLoopback: boolean;
  /** Whether other databases of the control database's server are allowed. */
  readonly allowControlServer: boolean;
  /** Never allowed. */
  readonly ownServers: readonly OwnServer[];
}

/** Where the secrets of tenants are that their endpoints only name. */
export interface TenantSecrets {
  readonly env: Env;
  readonly dir: string | undefined;
}

/** Everything that opens a connection or a ciphertext; never printed (see sealed). */
export interface StoreSecrets {
  readonly databaseUrl: string;
  /** Past the pooler, where there is one. */
  readonly databaseDirectUrl: string | undefined;
  readonly redisUrl: string;
  /** An odd number of independent masters. */
  readonly lockRedisUrls: readonly string[];
  /** The first one encrypts; all of them decrypt. 32 bytes each. */
  readonly encryptionKeys: readonly Buffer[];
}

export function lockConfig(values: ProcessValues): LockConfig {
  return { ttlMs: values.LOCK_TTL_MS, timeoutMs: values.LOCK_TIMEOUT_MS };
}

export function databaseConfig(values: ProcessValues): DatabaseConfig {
  return { poolSize: values.DATABASE_POOL_SIZE };
}

export function resultConfig(values: ProcessValues): ResultConfig {
  return { maxBytes: values.MAX_RESULT_BYTES, maxRows: values.MAX_RESULT_ROWS };
}

/** Of the environment what is theirs, and nothing of our own. */
export function tenantSecrets(env: Env, { SECRETS_DIR }: ProcessValues): TenantSecrets {
  const theirs = Object.entries(env).filter(([name]) => name.startsWith('EDEN_SECRET_'));
  return { env: Object.fromEntries(theirs), dir: SECRETS_DIR };
}

export function reachConfig(values: ProcessValues): ReachConfig {
  return {
    allowedNetworks: values.ENDPOINT_ALLOWED_NETWORKS,
    allowLoopback: values.ENDPOINT_ALLOW_LOOPBACK,
    allowControlServer: values.ENDPOINT_ALLOW_CONTROL_SERVER,
    ownServers: ownServers(values),
  };
}

/** Sentinels and clusters fail over, and a lock must not: they serve the queue, but are no lock master by default. */
function lockRedisUrls({ LOCK_REDIS_URLS, REDIS_URL }: ProcessValues): readonly string[] {
  if (LOCK_REDIS_URLS !== undefined) return LOCK_REDIS_URLS;
  if (isSingleRedis(REDIS_URL)) return [REDIS_URL];
  throw new ConfigError(
    `LOCK_REDIS_URLS is missing and REDIS_URL is no single master, expected ${VARIABLES.LOCK_REDIS_URLS.description}`,
  );
}

/** @throws ConfigError */
export function storeSecrets(values: ProcessValues): StoreSecrets {
  return {
    databaseUrl: values.DATABASE_URL,
    databaseDirectUrl: values.DATABASE_DIRECT_URL,
    redisUrl: values.REDIS_URL,
    lockRedisUrls: lockRedisUrls(values),
    encryptionKeys: values.ENCRYPTION_KEY,
  };
}
