import { hostname } from 'node:os';
import { pid } from 'node:process';
import { fileURLToPath } from 'node:url';
import type { GatewayConfig } from '@eden/config';
import { createControlDatabase } from '@eden/database';
import { createRedisLimits } from '@eden/limits';
import { createRedisLocks } from '@eden/locking';
import { systemChance, systemClock } from '@eden/runtime';
import { createSources } from '@eden/sources';
import { createTargets } from '@eden/targets';
import type { ServiceTelemetry, Tracing } from '@eden/telemetry';
import { createTelemetry, NO_TRACING, tracedTargets } from '@eden/telemetry';
import { createTemplateEngine } from '@eden/templates';
import { readDashboard } from './dashboard/dashboard-files.js';
import type { GatewayDeps } from './deps.js';
import { UploadMemory } from './http/upload-memory.js';
import { GateTickets } from './identity/gate-tickets.js';
import { ApiKeys } from './identity/api-keys.js';
import { KeptSubjects } from './identity/kept-subjects.js';
import { Passwords } from './identity/passwords.js';
import { LoginProvider } from './identity/provider/login-provider.js';
import { ProviderTokens } from './identity/provider/provider-tokens.js';
import { Sessions } from './identity/sessions/sessions.js';
import { Tokens } from './identity/tokens.js';
import { EVENT_STREAM_LIMITS, EXPORT_LIMITS, GATE_LIMITS, OpenRequests } from './runs/open-requests.js';

export interface GatewayContext {
  readonly deps: GatewayDeps;
  /** Closes every pool and connection. */
  close(): Promise<void>;
}

/** Longest statement of an execution whose template names no limit of its own. */
const STATEMENT_TIMEOUT_MS = 60_000;
/** A revocation takes no longer while the lock masters are away. No setting: all gateways have to agree. */
const SUBJECTS_KEPT_MS = 10_000;

/** What `npm run build` makes of services/dashboard, seen from src and from dist alike. */
const DASHBOARD = fileURLToPath(new URL('../../dashboard/dist/pages', import.meta.url));

function createInfrastructure(config: GatewayConfig, telemetry: ServiceTelemetry) {
  const { secrets, database: control, locks, reach, results, installationName } = config;
  const database = createControlDatabase({
    url: secrets.databaseUrl,
    directUrl: secrets.databaseDirectUrl,
    encryptionKeys: secrets.encryptionKeys,
    installationName,
    poolSize: control.poolSize,
  });
  return {
    database,
    locks: createRedisLocks({
      urls: secrets.lockRedisUrls,
      ttlMs: locks.ttlMs,
      process: `${hostname()}:${pid}`,
      onWait: (mode, waitedMs, outcome) => telemetry.lockWaited(mode, waitedMs, outcome),
      onMasterError: (error) => telemetry.log.warn('lock master unreachable', { reason: error.message }),
    }),
    limits: createRedisLimits({
      redisUrl: secrets.redisUrl,
      // Whole deployments wait at gates: they take nothing from those who work.
      perMinute: { ...config.rateLimits, gate: config.rateLimits.request },
      onUncounted: (what, error) => telemetry.requestUncounted(what, error),
    }),
    targets: createTargets({
      results,
      httpHosts: config.httpHosts,
      secrets: secrets.ofTenants,
      reach: { ...reach, controlServer: database.server },
    }),
    templates: createTemplateEngine(),
    sources: createSources(),
  };
}

function loginProviderOf({ loginProvider, secrets }: GatewayConfig): LoginProvider | null {
  if (loginProvider === null) return null;
  return new LoginProvider({ ...loginProvider, clientSecret: secrets.oidcClientSecret ?? '' });
}

/** Who asks, and how that is told. */
async function createIdentity(config: GatewayConfig) {
  const { identityProvider, longestSessionMs, secrets } = config;
  return {
    provider: identityProvider === null ? null : new ProviderTokens(identityProvider),
    loginProvider: loginProviderOf(config),
    sessions: new Sessions(longestSessionMs),
    tokens: new Tokens(secrets.jwtSecret, longestSessionMs, secrets.jwtSecretPrevious),
    tickets: new GateTickets(secrets.jwtSecret, secrets.jwtSecretPrevious),
    apiKeys: new ApiKeys(),
    passwords: await Passwords.create(),
  };
}

function settingsOf({ approvalBy, locks }: GatewayConfig): GatewayDeps['settings'] {
  return {
    approvalBy,
    lockTimeoutMs: locks.timeoutMs,
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
    subjectsKeptMs: SUBJECTS_KEPT_MS,
  };
}

/** What stays open, of each kind. */
function createOpenRequests(limits: GatewayDeps['limits']) {
  return {
    streams: new OpenRequests(limits, EVENT_STREAM_LIMITS),
    gates: new OpenRequests(limits, GATE_LIMITS),
    exports: new OpenRequests(limits, EXPORT_LIMITS),
  };
}

/** The composition root: the only place of this service that builds infrastructure. */
export async function createContext(config: GatewayConfig, tracing: Tracing = NO_TRACING): Promise<GatewayContext> {
  const telemetry = createTelemetry({
    service: 'gateway',
    level: config.logLevel,
    requestLogShare: config.requestLogShare,
    tracing,
  });
  const { database, locks, limits, targets, templates, sources } = createInfrastructure(config, telemetry);
  const deps: GatewayDeps = {
    store: database.store,
    locks,
    targets: tracedTargets(targets, tracing),
    templates,
    sources,
    telemetry,
    clock: systemClock,
    chance: systemChance,
    settings: settingsOf(config),
    ...(await createIdentity(config)),
    subjects: new KeptSubjects(locks, systemClock, SUBJECTS_KEPT_MS),
    limits,
    uploads: new UploadMemory(),
    answers: targets.answers,
    ...createOpenRequests(limits),
    dashboard: readDashboard(DASHBOARD),
    webhookHosts: config.webhookHosts,
    trustedProxies: config.trustedProxies,
    newOrganizationToken: config.secrets.newOrgToken,
    migrateWaitMs: config.migrateWaitMs,
  };
  const close = async (): Promise<void> => {
    await Promise.all([database.close(), locks.close(), limits.close(), targets.close()]);
    await tracing.stop();
  };
  return { deps, close };
}
