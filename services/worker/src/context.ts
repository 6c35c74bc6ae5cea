import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { pid } from 'node:process';
import type { WorkerConfig } from '@eden/config';
import { createControlDatabase } from '@eden/database';
import type { ControlDatabase } from '@eden/database';
import { NO_CRASH_POINTS } from '@eden/domain';
import type { CrashPoints, JobOutcome, Uuid } from '@eden/domain';
import type { EngineDeps, EngineSettings, Retention } from '@eden/engine';
import { RunSlots } from '@eden/engine';
import { createRedisLocks } from '@eden/locking';
import type { RedisLocks } from '@eden/locking';
import { createJobConsumer, createJobProducer } from '@eden/queue';
import type { JobConsumer, RunJobProducer } from '@eden/queue';
import { systemChance, systemClock } from '@eden/runtime';
import { createReach, createTargets, post } from '@eden/targets';
import { createTelemetry, NO_TRACING, startOperationsServer, tracedTargets } from '@eden/telemetry';
import type { OperationsServer, ServiceTelemetry, Tracing } from '@eden/telemetry';
import { createTemplateEngine } from '@eden/templates';
import { createSources } from '@eden/sources';
import type { AuditKeeping } from './loops/audit-chain.js';
import type { DeliveryDeps } from './webhooks/deliver.js';

const MAX_ATTEMPTS = 5;
const MAX_PARALLEL = 8;
/** Runs that one worker has in hand at once; those of one organization take half of them at most. */
const RUN_SLOTS = 8;

type Targets = ReturnType<typeof createTargets>;
type HandleRun = (runUuid: Uuid) => Promise<JobOutcome>;

/** Everything a worker is made of, built here and nowhere else. */
export interface WorkerContext {
  readonly telemetry: ServiceTelemetry;
  readonly database: ControlDatabase;
  readonly producer: RunJobProducer;
  readonly deps: EngineDeps;
  readonly retention: Retention;
  readonly auditKeeping: AuditKeeping;
  readonly webhooks: DeliveryDeps;
  startConsumer(handle: HandleRun): JobConsumer;
  /** `/metrics`, `/healthz` and `/readyz` on METRICS_PORT. */
  startOperations(): Promise<OperationsServer>;
  close(): Promise<void>;
}

/** All that has connections, or holds them back. */
function createInfrastructure(config: WorkerConfig, tracing: Tracing) {
  const process = `${hostname()}:${pid}`;
  const telemetry = createTelemetry({ service: 'worker', level: config.logLevel, tracing });
  const database = openDatabase(config);
  return {
    process,
    telemetry,
    database,
    locks: createLocks(config, process, telemetry),
    targets: tracedTargets(openTargets(config, database), tracing),
    producer: createJobProducer({ redisUrl: config.secrets.redisUrl, traced: tracing.isOn }),
  };
}

/** `crashPoints` is given by tests only; in production every point is passed without stopping. */
export function createContext(
  config: WorkerConfig,
  crashPoints: CrashPoints = NO_CRASH_POINTS,
  tracing: Tracing = NO_TRACING,
): WorkerContext {
  const { process, telemetry, database, locks, targets, producer } = createInfrastructure(config, tracing);
  const deps: EngineDeps = {
    journal: database.journal,
    locks,
    targets,
    templates: createTemplateEngine(),
    sources: createSources(),
    telemetry,
    clock: systemClock,
    chance: systemChance,
    crashPoints,
    settings: settingsOf(config, process),
  };
  return {
    telemetry,
    database,
    producer,
    retention: { store: database.retention, keptDays: config.retentionDays },
    auditKeeping: { chains: database.auditChains, keptDays: config.auditRetentionDays },
    webhooks: webhooksOf(config, database, telemetry),
    deps,
    startConsumer: (handle) => startConsumer(config, deps, handle),
    startOperations: () => startOperations(config, telemetry, database),
    close: async () => {
      await closeAll([producer, locks, targets], database);
      await tracing.stop();
    },
  };
}

function startOperations(
  { operations }: WorkerConfig,
  telemetry: ServiceTelemetry,
  database: ControlDatabase,
): Promise<OperationsServer> {
  const checkReady = () => checkReadiness(database);
  return startOperationsServer({ ...operations, metrics: telemetry, log: telemetry.log, checkReadiness: checkReady });
}

/** The control database last: the others may still write to it. */
async function closeAll(open: readonly { close(): Promise<void> }[], database: ControlDatabase): Promise<void> {
  await Promise.all(open.map((each) => each.close()));
  await database.close();
}

function openTargets(
  { results, reach, locks, secrets, httpHosts }: WorkerConfig,
  { server: controlServer }: ControlDatabase,
): Targets {
  const postgres = { silenceMs: locks.ttlMs };
  return createTargets({
    results,
    postgres,
    httpHosts,
    secrets: secrets.ofTenants,
    reach: { ...reach, controlServer },
  });
}

/** They lead where their list of hosts says, to the networks of no endpoint, and never home. */
function webhooksOf(
  { reach, webhookHosts }: WorkerConfig,
  { webhooks, server }: ControlDatabase,
  telemetry: ServiceTelemetry,
): DeliveryDeps {
  const rules = { ...reach, allowedNetworks: [], allowControlServer: false, controlServer: server };
  const ways = createReach(rules);
  return {
    outbox: webhooks,
    clock: systemClock,
    chance: systemChance,
    log: telemetry.log,
    allowedHosts: webhookHosts,
    post: (wanted, stop) => post({ ...wanted, socket: () => ways.socket() }, stop),
    onResult: (result) => telemetry.webhookAttempted(result),
  };
}

function openDatabase({
  secrets: { databaseUrl: url, databaseDirectUrl: directUrl, encryptionKeys },
  database: { poolSize },
  installationName,
}: WorkerConfig): ControlDatabase {
  return createControlDatabase({ url, directUrl, encryptionKeys, installationName, poolSize });
}

function startConsumer({ secrets, otlpEndpoint }: WorkerConfig, deps: EngineDeps, handle: HandleRun): JobConsumer {
  const slots = new RunSlots(deps, RUN_SLOTS);
  return createJobConsumer({
    redisUrl: secrets.redisUrl,
    traced: otlpEndpoint !== undefined,
    concurrency: RUN_SLOTS,
    handle: (runUuid) => slots.share(runUuid, () => handle(runUuid)),
    onError: (error) => deps.telemetry.log.warn('queue trouble', { error }),
  });
}

async function checkReadiness({ store }: ControlDatabase): Promise<void> {
  await store.checkSchema();
  await store.checkPlace();
}

function createLocks({ secrets, locks }: WorkerConfig, process: string, telemetry: ServiceTelemetry): RedisLocks {
  const onWait = telemetry.lockWaited.bind(telemetry);
  const onMasterError = (error: unknown): void => telemetry.log.warn('lock master trouble', { error });
  return createRedisLocks({ urls: secrets.lockRedisUrls, ttlMs: locks.ttlMs, process, onWait, onMasterError });
}

function settingsOf({ locks, retentionDays }: WorkerConfig, process: string): EngineSettings {
  return {
    owner: `${process}:${randomUUID()}`,
    leaseMs: locks.ttlMs,
    lockTimeoutMs: locks.timeoutMs,
    maxAttempts: MAX_ATTEMPTS,
    keptDays: retentionDays,
    maxParallel: MAX_PARALLEL,
  };
}
