import type { Env } from './env.js';
import { processEnv } from './env.js';
import type { LockConfig, LogLevel, ReachConfig, ResultConfig, StoreSecrets } from './process-config.js';
import { PROCESS_VARIABLES, lockConfig, reachConfig, resultConfig, storeSecrets } from './process-config.js';
import { readVariables } from './read-variables.js';
import { sealed } from './secrets.js';

export interface GatewayConfig {
  readonly http: { readonly host: string; readonly port: number };
  /** Networks (CIDR) whose X-Forwarded-For counts. */
  readonly trustedProxies: readonly string[];
  /** How long after a login its tokens may be refreshed. */
  readonly longestSessionMs: number;
  readonly reach: ReachConfig;
  readonly locks: LockConfig;
  readonly results: ResultConfig;
  /** How long sync and migrate wait for their run before they answer 202. */
  readonly migrateWaitMs: number;
  /** The place of the installation where the control database's host says nothing. */
  readonly installationName: string | undefined;
  readonly logLevel: LogLevel;
  readonly secrets: StoreSecrets & {
    readonly jwtSecret: string;
    /** Bearer of POST /new. */
    readonly newOrgToken: string;
  };
}

const MS_PER_HOUR = 3_600_000;

/** @throws ConfigError */
export function loadGatewayConfig(env: Env = processEnv()): GatewayConfig {
  const values = readVariables(env, [
    ...PROCESS_VARIABLES,
    'PORT',
    'HOST',
    'TRUSTED_PROXIES',
    'SESSION_MAX_HOURS',
    'MIGRATE_WAIT_MS',
    'JWT_SECRET',
    'NEW_ORG_TOKEN',
  ]);
  return {
    http: { host: values.HOST, port: values.PORT },
    trustedProxies: values.TRUSTED_PROXIES,
    longestSessionMs: values.SESSION_MAX_HOURS * MS_PER_HOUR,
    reach: reachConfig(values),
    locks: lockConfig(values),
    results: resultConfig(values),
    migrateWaitMs: values.MIGRATE_WAIT_MS,
    installationName: values.EDEN_INSTALLATION,
    logLevel: values.LOG_LEVEL,
    secrets: sealed({
      ...storeSecrets(values),
      jwtSecret: values.JWT_SECRET,
      newOrgToken: values.NEW_ORG_TOKEN,
    }),
  };
}
