import { randomBytes, randomUUID } from 'node:crypto';
import type { CoordinatorDeps, CoordinatorSettings } from '@eden/coordinator';
import { createEndpoint } from '@eden/coordinator';
import { createControlDatabase as connectControlDatabase } from '@eden/database';
import type { AccessLevel, Endpoint, Subject } from '@eden/domain';
import { NO_GRANTS, asUuid } from '@eden/domain';
import { createRedisLocks } from '@eden/locking';
import { systemChance, systemClock } from '@eden/runtime';
import { createTargets } from '@eden/targets';
import { createTelemetry } from '@eden/telemetry';
import { createSources } from '@eden/sources';
import { createTemplateEngine } from '@eden/templates';
import type { RedisServer, TestDatabase } from '@eden/testkit';
import { createControlDatabase, createDatabase, startRedisMasters, testServers, withClient } from '@eden/testkit';

const SETTINGS: CoordinatorSettings = {
  approvalBy: 'another',
  lockTimeoutMs: 10_000,
  statementTimeoutMs: 10_000,
  subjectsKeptMs: 10_000,
};
/** As in production: a busy machine keeps no lease of less than a second. */
const LOCK_TTL_MS = 10_000;

/** The use cases on real servers: a control database, a lock master, and a database on each target server. */
export interface World {
  readonly deps: CoordinatorDeps;
  readonly lockMaster: RedisServer;
  readonly databases: readonly [TestDatabase, TestDatabase];
  readonly endpoints: readonly [Endpoint, Endpoint];
  readonly admin: Subject;
  as(level: AccessLevel): Subject;
  /** The same with other limits. */
  within(lockTimeoutMs: number): CoordinatorDeps;
  /** Rows of one of the databases. */
  query(database: 0 | 1, sql: string): Promise<readonly Record<string, unknown>[]>;
  close(): Promise<void>;
}

export async function createWorld(): Promise<World> {
  const control = connectControlDatabase({
    url: (await createControlDatabase()).url,
    encryptionKeys: [randomBytes(32)],
  });
  const [lockMaster] = (await startRedisMasters(1)) as [RedisServer];
  const locks = createRedisLocks({ urls: [lockMaster.url], ttlMs: LOCK_TTL_MS, process: 'test', retryDelayMs: 20 });
  const reach = { allowedNetworks: [], allowLoopback: true, allowControlServer: false, ownServers: [] };
  const targets = createTargets({ reach: { ...reach, controlServer: control.server }, httpHosts: ['127.0.0.1'] });
  const deps: CoordinatorDeps = {
    store: control.store,
    locks,
    targets,
    templates: createTemplateEngine(),
    sources: createSources(),
    telemetry: createTelemetry({ service: 'test', level: 'error' }),
    clock: systemClock,
    chance: systemChance,
    settings: SETTINGS,
  };
  const organization = await deps.store.identity.createOrganization({ id: 'acme', description: null, superAdmins: [] });
  const as = (level: AccessLevel): Subject => ({
    organizationUuid: organization.uuid,
    organizationId: organization.id,
    userUuid: asUuid(randomUUID()),
    username: level.toLowerCase(),
    level,
    grants: NO_GRANTS,
    scopes: null,
  });
  const databases = await createTargetDatabases();
  return {
    deps,
    lockMaster,
    databases,
    endpoints: [
      await endpoint(deps, as('Admin'), 'first', databases[0]),
      await endpoint(deps, as('Admin'), 'second', databases[1]),
    ],
    admin: as('Admin'),
    as,
    within: (lockTimeoutMs) => ({ ...deps, settings: { ...SETTINGS, lockTimeoutMs } }),
    query: (database, sql) => withClient(databases[database].url, async (client) => (await client.query(sql)).rows),
    close: async () => {
      await Promise.all([control.close(), locks.close(), targets.close()]);
    },
  };
}

async function createTargetDatabases(): Promise<readonly [TestDatabase, TestDatabase]> {
  const { targets } = testServers();
  return [await createDatabase(targets[0]), await createDatabase(targets[1])];
}

function endpoint(deps: CoordinatorDeps, admin: Subject, id: string, { url }: TestDatabase): Promise<Endpoint> {
  return createEndpoint(deps, admin, { id, kind: 'Postgres', description: null, config: { url } });
}
