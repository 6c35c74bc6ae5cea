import type { Env } from './env.js';
import { processEnv } from './env.js';
import type { LockConfig, LogLevel, ResultConfig, StoreSecrets } from './process-config.js';
import { PROCESS_VARIABLES, lockConfig, resultConfig, storeSecrets } from './process-config.js';
import { readVariables } from './read-variables.js';
import { sealed } from './secrets.js';

export interface WorkerConfig {
  /** Listener of /metrics, /healthz and /readyz. */
  readonly operations: { readonly host: string; readonly port: number };
  readonly locks: LockConfig;
  readonly results: ResultConfig;
  readonly logLevel: LogLevel;
  readonly secrets: StoreSecrets;
}

/** @throws ConfigError */
export function loadWorkerConfig(env: Env = processEnv()): WorkerConfig {
  const values = readVariables(env, [...PROCESS_VARIABLES, 'HOST', 'METRICS_PORT']);
  return {
    operations: { host: values.HOST, port: values.METRICS_PORT },
    locks: lockConfig(values),
    results: resultConfig(values),
    logLevel: values.LOG_LEVEL,
    secrets: sealed(storeSecrets(values)),
  };
}
