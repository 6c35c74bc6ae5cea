import { hostname } from 'node:os';
import { pid } from 'node:process';
import type { GatewayConfig } from '@eden/config';
import { createControlDatabase } from '@eden/database';
import { createRedisLocks } from '@eden/locking';
import { systemChance, systemClock } from '@eden/runtime';
import { createSources } from '@eden/sources';
import { createTargets } from '@eden/targets';
import type { ServiceTelemetry } from '@eden/telemetry';
import { createTelemetry } from '@eden/telemetry';
import { createTemplateEngine } from '@eden/templates';
import type { GatewayDeps } from './deps.js';
import { LoginLimiter } from './identity/login-limiter.js';
import { Passwords } from './identity/passwords.js';
import { Tokens } from './identity/tokens.js';
import { EventStreams } from './runs/event-streams.js';

export interface GatewayContext {
  readonly deps: GatewayDeps;
  /** Closes every pool and connection. */
  close(): Promise<void>;
}

/** Longest statement of an execution whose template names no limit of its own. */
const STATEMENT_TIMEOUT_MS = 60_000;

function createInfrastructure(config: GatewayConfig, telemetry: ServiceTelemetry) {
  const { secrets, locks, reach, results, installationName } = config;
  const database = createControlDatabase({
    url: secrets.databaseUrl,
    encryptionKeys: secrets.encryptionKeys,
    installationName,
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
    targets: createTargets({ results, reach: { ...reach, controlServer: database.server } }),
    templates: createTemplateEngine(),
    sources: createSources(),
  };
}

/** The composition root: the only place of this service that builds infrastructure. */
export async function createContext(config: GatewayConfig): Promise<GatewayContext> {
  const telemetry = createTelemetry({ service: 'gateway', level: config.logLevel });
  const { database, locks, targets, templates, sources } = createInfrastructure(config, telemetry);
  const deps: GatewayDeps = {
    store: database.store,
    locks,
    targets,
    templates,
    sources,
    telemetry,
    clock: systemClock,
    chance: systemChance,
    settings: { lockTimeoutMs: config.locks.timeoutMs, statementTimeoutMs: STATEMENT_TIMEOUT_MS },
    tokens: new Tokens(config.secrets.jwtSecret, config.longestSessionMs),
    passwords: await Passwords.create(),
    logins: new LoginLimiter(),
    streams: new EventStreams(),
    trustedProxies: config.trustedProxies,
    newOrganizationToken: config.secrets.newOrgToken,
    migrateWaitMs: config.migrateWaitMs,
  };
  return {
    deps,
    close: async () => {
      await Promise.all([database.close(), locks.close(), targets.close()]);
    },
  };
}
