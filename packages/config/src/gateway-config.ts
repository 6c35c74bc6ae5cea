import type { Env } from './env.js';
import { processEnv } from './env.js';
import type { LockConfig, LogLevel, ResultConfig, StoreSecrets } from './process-config.js';
import { PROCESS_VARIABLES, lockConfig, resultConfig, storeSecrets } from './process-config.js';
import { readVariables } from './read-variables.js';
import { sealed } from './secrets.js';

export interface GatewayConfig {
  readonly http: { readonly host: string; readonly port: number };
  readonly locks: LockConfig;
  readonly results: ResultConfig;
  /** How long sync and migrate wait for their run before they answer 202. */
  readonly migrateWaitMs: number;
  readonly logLevel: LogLevel;
  readonly secrets: StoreSecrets & {
    readonly jwtSecret: string;
    /** Bearer of POST /new. */
    readonly newOrgToken: string;
  };
}

/** @throws ConfigError */
export function loadGatewayConfig(env: Env = processEnv()): GatewayConfig {
  const values = readVariables(env, [
    ...PROCESS_VARIABLES,
    'PORT',
    'HOST',
    'MIGRATE_WAIT_MS',
    'JWT_SECRET',
    'NEW_ORG_TOKEN',
  ]);
  return {
    http: { host: values.HOST, port: values.PORT },
    locks: lockConfig(values),
    results: resultConfig(values),
    migrateWaitMs: values.MIGRATE_WAIT_MS,
    logLevel: values.LOG_LEVEL,
    secrets: sealed({
      ...storeSecrets(values),
      jwtSecret: values.JWT_SECRET,
      newOrgToken: values.NEW_ORG_TOKEN,
    }),
  };
}
