import type { Env } from './env.js';
import { processEnv } from './env.js';
import type { LockConfig, LogLevel, ReachConfig, ResultConfig, StoreSecrets } from './process-config.js';
import { PROCESS_VARIABLES, lockConfig, reachConfig, resultConfig, storeSecrets } from './process-config.js';
import { readVariables } from './read-variables.js';
import { sealed } from './secrets.js';

export interface WorkerConfig {
  /** Listener of /metrics, /healthz and /readyz. */
  readonly operations: { readonly host: string; readonly port: number };
  readonly reach: ReachConfig;
  readonly locks: LockConfig;
  readonly results: ResultConfig;
  /** How long runs and their events stay after their end. */
  readonly retentionDays: number;
  /** The place of the installation where the control database's host says nothing. */
  readonly installationName: string | undefined;
  readonly logLevel: LogLevel;
  readonly secrets: StoreSecrets;
}

/** @throws ConfigError */
export function loadWorkerConfig(env: Env = processEnv()): WorkerConfig {
  const values = readVariables(env, [...PROCESS_VARIABLES, 'HOST', 'METRICS_PORT', 'RETENTION_DAYS']);
  return {
    operations: { host: values.HOST, port: values.METRICS_PORT },
    reach: reachConfig(values),
    locks: lockConfig(values),
    results: resultConfig(values),
    retentionDays: values.RETENTION_DAYS,
    installationName: values.EDEN_INSTALLATION,
    logLevel: values.LOG_LEVEL,
    secrets: sealed(storeSecrets(values)),
  };
}
