import type { Env } from './env.js';
import { processEnv } from './env.js';
import type { LoginProviderConfig, ProviderConfig } from './identity-provider.js';
import { PROVIDER_VARIABLES, hasProvider, loginProviderConfig, providerConfig } from './identity-provider.js';
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
import { signingSecrets } from './signing-secrets.js';

export interface GatewayConfig {
  readonly http: { readonly host: string; readonly port: number };
  /** Networks (CIDR) whose X-Forwarded-For counts. */
  readonly trustedProxies: readonly string[];
  /** How long after a login its tokens may be refreshed. */
  readonly longestSessionMs: number;
  /** Whose tokens are taken beside our own; null = nobody's. */
  readonly identityProvider: ProviderConfig | null;
  /** Where browsers may log in beside their passwords; null = nowhere. */
  readonly loginProvider: LoginProviderConfig | null;
  /** Of one organization, by the minute; 0 = no limit. */
  readonly rateLimits: { readonly request: number; readonly execution: number };
  readonly reach: ReachConfig;
  /** Hosts that webhooks may lead to. */
  readonly webhookHosts: readonly string[];
  /** Hosts that endpoints of the kind Http may reach. */
  readonly httpHosts: readonly string[];
  readonly database: DatabaseConfig;
  readonly locks: LockConfig;
  readonly results: ResultConfig;
  /** Who approves plans. */
  readonly approvalBy: 'another' | 'unrelated';
  /** How long sync and migrate wait for their run before they answer 202. */
  readonly migrateWaitMs: number;
  /** The place of the installation where the control database's host says nothing. */
  readonly installationName: string | undefined;
  readonly logLevel: LogLevel;
  /** How many of the requests that were answered well have a log line. */
  readonly requestLogShare: number;
  /** Where traces are sent to; undefined: nothing is traced. */
  readonly otlpEndpoint: string | undefined;
  readonly secrets: StoreSecrets & {
    readonly ofTenants: TenantSecrets;
    readonly jwtSecret: string;
    /** Of this service at the login provider. */
    readonly oidcClientSecret: string | undefined;
    /** Signs no more, and its tokens are good until they expire. */
    readonly jwtSecretPrevious: string | undefined;
    /** Bearer of POST /new. */
    readonly newOrgToken: string;
  };
}

const MS_PER_HOUR = 3_600_000;

const GATEWAY_VARIABLES = [
  ...PROCESS_VARIABLES,
  ...PROVIDER_VARIABLES,
  'PORT',
  'HOST',
  'TRUSTED_PROXIES',
  'SESSION_MAX_HOURS',
  'MIGRATE_WAIT_MS',
  'APPROVAL_BY',
  'REQUEST_LOG_SHARE',
  'JWT_SECRET_PREVIOUS',
  'RATE_LIMIT_PER_MINUTE',
  'EXECUTION_RATE_LIMIT_PER_MINUTE',
  'NEW_ORG_TOKEN',
] as const;

/** Where an identity provider signs the tokens, `JWT_SECRET` may be missing. */
function readGatewayVariables(env: Env) {
  if (hasProvider(env)) return readVariables(env, GATEWAY_VARIABLES, ['JWT_SECRET']);
  return readVariables(env, [...GATEWAY_VARIABLES, 'JWT_SECRET']);
}

/** @throws ConfigError */
export function loadGatewayConfig(env: Env = processEnv()): GatewayConfig {
  const values = readGatewayVariables(env);
  return {
    http: { host: values.HOST, port: values.PORT },
    trustedProxies: values.TRUSTED_PROXIES,
    longestSessionMs: values.SESSION_MAX_HOURS * MS_PER_HOUR,
    identityProvider: providerConfig(values),
    loginProvider: loginProviderConfig(values),
    rateLimits: { request: values.RATE_LIMIT_PER_MINUTE, execution: values.EXECUTION_RATE_LIMIT_PER_MINUTE },
    reach: reachConfig(values),
    httpHosts: values.HTTP_ALLOWED_HOSTS,
    webhookHosts: values.WEBHOOK_ALLOWED_HOSTS,
    database: databaseConfig(values),
    locks: lockConfig(values),
    results: resultConfig(values),
    approvalBy: values.APPROVAL_BY,
    migrateWaitMs: values.MIGRATE_WAIT_MS,
    installationName: values.EDEN_INSTALLATION,
    logLevel: values.LOG_LEVEL,
    requestLogShare: values.REQUEST_LOG_SHARE,
    otlpEndpoint: values.OTEL_EXPORTER_OTLP_ENDPOINT,
    secrets: sealed({
      ...storeSecrets(values),
      ofTenants: tenantSecrets(env, values),
      ...signingSecrets(values),
      oidcClientSecret: values.OIDC_CLIENT_SECRET,
      newOrgToken: values.NEW_ORG_TOKEN,
    }),
  };
}
