import type { Env } from './env.js';
import { processEnv } from './env.js';
import type {
  DatabaseConfig,
  LockConfig,
  LogLevel,
  ReachConfig,
  ResultConfig,
  StoreSecrets,
  TenantSecrets,
} from './process-config.js';
import {
  PROCESS_VARIABLES,
  databaseConfig,
  lockConfig,
  reachConfig,
  resultConfig,
  storeSecrets,
  tenantSecrets,
} from './process-config.js';
import { readVariables } from './read-variables.js';
import { sealed } from './secrets.js';

export interface WorkerConfig {
  /** Listener of /metrics, /healthz and /readyz. */
  readonly operations: { readonly host: string; readonly port: number };
  readonly reach: ReachConfig;
  /** Hosts that webhooks may lead to. */
  readonly webhookHosts: readonly string[];
  /** Hosts that endpoints of the kind Http may reach. */
  readonly httpHosts: readonly string[];
  readonly database: DatabaseConfig;
  readonly locks: LockConfig;
  readonly results: ResultConfig;
  /** How long runs and their events stay after their end. */
  readonly retentionDays: number;
  /** How long the entries of the audit stay; 0 = for ever. */
  readonly auditRetentionDays: number;
  /** The place of the installation where the control database's host says nothing. */
  readonly installationName: string | undefined;
  readonly logLevel: LogLevel;
  /** Where traces are sent to; undefined: nothing is traced. */
  readonly otlpEndpoint: string | undefined;
  readonly secrets: StoreSecrets & { readonly ofTenants: TenantSecrets };
}

/** @throws ConfigError */
export function loadWorkerConfig(env: Env = processEnv()): WorkerConfig {
  const values = readVariables(env, [
    ...PROCESS_VARIABLES,
    'HOST',
    'METRICS_PORT',
    'RETENTION_DAYS',
    'AUDIT_RETENTION_DAYS',
  ]);
  return {
    operations: { host: values.HOST, port: values.METRICS_PORT },
    reach: reachConfig(values),
    httpHosts: values.HTTP_ALLOWED_HOSTS,
    webhookHosts: values.WEBHOOK_ALLOWED_HOSTS,
    database: databaseConfig(values),
    locks: lockConfig(values),
    results: resultConfig(values),
    retentionDays: values.RETENTION_DAYS,
    auditRetentionDays: values.AUDIT_RETENTION_DAYS,
    installationName: values.EDEN_INSTALLATION,
    logLevel: values.LOG_LEVEL,
    otlpEndpoint: values.OTEL_EXPORTER_OTLP_ENDPOINT,
    secrets: sealed({ ...storeSecrets(values), ofTenants: tenantSecrets(env, values) }),
  };
}
