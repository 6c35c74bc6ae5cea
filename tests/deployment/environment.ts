import { loadDeployConfig, loadGatewayConfig, loadWorkerConfig } from '@eden/config';

/** Every variable that the processes know, as operators are promised them. */
export const CONTRACT_VARIABLES: ReadonlySet<string> = new Set([
  'PORT',
  'HOST',
  'DATABASE_URL',
  'DATABASE_DIRECT_URL',
  'REDIS_URL',
  'LOCK_REDIS_URLS',
  'JWT_SECRET',
  'JWT_PUBLIC_KEY',
  'JWKS_URL',
  'JWT_ISSUER',
  'JWT_AUDIENCE',
  'JWT_CLAIM_ORG',
  'JWT_CLAIM_LEVEL',
  'JWT_LEVEL_MAP',
  'OIDC_ISSUER',
  'OIDC_CLIENT_ID',
  'OIDC_CLIENT_SECRET',
  'NEW_ORG_TOKEN',
  'ENCRYPTION_KEY',
  'LOCK_TTL_MS',
  'LOCK_TIMEOUT_MS',
  'MIGRATE_WAIT_MS',
  'APPROVAL_BY',
  'MAX_RESULT_BYTES',
  'MAX_RESULT_ROWS',
  'METRICS_PORT',
  'RETENTION_DAYS',
  'AUDIT_RETENTION_DAYS',
  'RATE_LIMIT_PER_MINUTE',
  'EXECUTION_RATE_LIMIT_PER_MINUTE',
  'HTTP_ALLOWED_HOSTS',
  'SECRETS_DIR',
  'WEBHOOK_ALLOWED_HOSTS',
  'ENDPOINT_ALLOWED_NETWORKS',
  'ENDPOINT_ALLOW_LOOPBACK',
  'ENDPOINT_ALLOW_CONTROL_SERVER',
  'TRUSTED_PROXIES',
  'SESSION_MAX_HOURS',
  'EDEN_INSTALLATION',
  'LOG_LEVEL',
  'OTEL_EXPORTER_OTLP_ENDPOINT',
]);

/** A SIGTERM drain ends within this; whoever stops a process has to wait longer. */
export const DRAIN_SECONDS = 25;

/** The process that runs in a container, by the name of its image and workload, and the reader of its environment. */
export const CONFIG_LOADERS = {
  gateway: loadGatewayConfig,
  worker: loadWorkerConfig,
  'db-deploy': loadDeployConfig,
} as const;

export type ProcessName = keyof typeof CONFIG_LOADERS;
export const PROCESS_NAMES = Object.keys(CONFIG_LOADERS) as ProcessName[];

/** The operator is for clusters only: docker-compose.yml has none. */
export const IMAGE_NAMES = [...PROCESS_NAMES, 'operator'] as const;
