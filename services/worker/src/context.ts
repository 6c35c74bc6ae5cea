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
import { createTargets } from '@eden/targets';
import { createTelemetry, startOperationsServer } from '@eden/telemetry';
import type { OperationsServer, ServiceTelemetry } from '@eden/telemetry';
import { createTemplateEngine } from '@eden/templates';
import { createSources } from '@eden/sources';

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
  startConsumer(handle: HandleRun): JobConsumer;
  /** `/metrics`, `/healthz` and `/readyz` on METRICS_PORT. */
  startOperations(): Promise<OperationsServer>;
  close(): Promise<void>;
}

/** `crashPoints` is given by tests only; in production every point is passed without stopping. */
export function createContext(config: WorkerConfig, crashPoints: CrashPoints = NO_CRASH_POINTS): WorkerContext {
  const process = `${hostname()}:${pid}`;
  const { redisUrl } = config.secrets;
  const telemetry = createTelemetry({ service: 'worker', level: config.logLevel });
  const database = openDatabase(config);
  const locks = createLocks(config, process, telemetry);
  const targets = openTargets(config, database);
  const producer = createJobProducer({ redisUrl });
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
    deps,
    startConsumer: (handle) => startConsumer(redisUrl, deps, handle),
    startOperations: () =>
      startOperationsServer({
        ...config.operations,
        metrics: telemetry,
        log: telemetry.log,
        checkReadiness: () => checkReadiness(database),
      }),
    close: async () => {
      await Promise.all([producer.close(), locks.close(), targets.close()]);
      await database.close();
    },
  };
}

function openTargets({ results, reach, locks }: WorkerConfig, { server }: ControlDatabase): Targets {
  const postgres = { silenceMs: locks.ttlMs };
  return createTargets({ results, postgres, reach: { ...reach, controlServer: server } });
}

function openDatabase({
  secrets: { databaseUrl: url, encryptionKeys },
  installationName,
}: WorkerConfig): ControlDatabase {
  return createControlDatabase({ url, encryptionKeys, installationName });
}

function startConsumer(redisUrl: string, deps: EngineDeps, handle: HandleRun): JobConsumer {
  const slots = new RunSlots(deps, RUN_SLOTS);
  return createJobConsumer({
    redisUrl,
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
