import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { pid } from 'node:process';
import type { WorkerConfig } from '@eden/config';
import type { RunDeps } from '@eden/coordinator';
import { createControlDatabase } from '@eden/database';
import type { ControlDatabase } from '@eden/database';
import { NO_CRASH_POINTS } from '@eden/domain';
import type { CrashPoints, JobOutcome, Uuid } from '@eden/domain';
import { createRedisLocks } from '@eden/locking';
import type { RedisLocks } from '@eden/locking';
import { createJobConsumer, createJobProducer } from '@eden/queue';
import type { JobConsumer, RunJobProducer } from '@eden/queue';
import { createTargets } from '@eden/targets';
import { createTelemetry, startOperationsServer } from '@eden/telemetry';
import type { OperationsServer, ServiceTelemetry } from '@eden/telemetry';
import { createTemplateEngine } from '@eden/templates';

const STATEMENT_TIMEOUT_MS = 30_000;
const MAX_ATTEMPTS = 5;
const MAX_PARALLEL = 8;
/** Runs that one worker has in hand at once. */
const RUN_CONCURRENCY = 4;

/** Everything a worker is made of, built here and nowhere else. */
export interface WorkerContext {
  readonly telemetry: ServiceTelemetry;
  readonly database: ControlDatabase;
  readonly producer: RunJobProducer;
  readonly deps: RunDeps;
  startConsumer(handle: (runUuid: Uuid) => Promise<JobOutcome>): JobConsumer;
  /** `/metrics`, `/healthz` and `/readyz` on METRICS_PORT. */
  startOperations(): Promise<OperationsServer>;
  close(): Promise<void>;
}

/** `crashPoints` is given by tests only; in production every point is passed without stopping. */
export function createContext(config: WorkerConfig, crashPoints: CrashPoints = NO_CRASH_POINTS): WorkerContext {
  const process = `${hostname()}:${pid}`;
  const { redisUrl, databaseUrl, encryptionKeys } = config.secrets;
  const telemetry = createTelemetry({ service: 'worker', level: config.logLevel });
  const database = createControlDatabase({ url: databaseUrl, encryptionKeys });
  const locks = createLocks(config, process, telemetry);
  const targets = createTargets({ results: config.results });
  const producer = createJobProducer({ redisUrl });
  const templates = createTemplateEngine();
  const { store, journal } = database;
  const onError = (error: unknown): void => telemetry.log.warn('queue trouble', { error });
  return {
    telemetry,
    database,
    producer,
    deps: { store, journal, locks, targets, templates, telemetry, crashPoints, ...limits(config, process) },
    startConsumer: (handle) => createJobConsumer({ redisUrl, concurrency: RUN_CONCURRENCY, handle, onError }),
    startOperations: () =>
      startOperationsServer({
        ...config.operations,
        metrics: telemetry,
        log: telemetry.log,
        checkReadiness: () => store.check(),
      }),
    close: async () => {
      await Promise.all([producer.close(), locks.close(), targets.close()]);
      await database.close();
    },
  };
}

function createLocks({ secrets, locks }: WorkerConfig, process: string, telemetry: ServiceTelemetry): RedisLocks {
  const onWait = telemetry.lockWaited.bind(telemetry);
  const onMasterError = (error: unknown): void => telemetry.log.warn('lock master trouble', { error });
  return createRedisLocks({ urls: secrets.lockRedisUrls, ttlMs: locks.ttlMs, process, onWait, onMasterError });
}

function limits({ locks }: WorkerConfig, process: string): Pick<RunDeps, 'settings' | 'run'> {
  return {
    settings: { lockTimeoutMs: locks.timeoutMs, statementTimeoutMs: STATEMENT_TIMEOUT_MS },
    run: {
      owner: `${process}:${randomUUID()}`,
      leaseMs: locks.ttlMs,
      maxAttempts: MAX_ATTEMPTS,
      maxParallel: MAX_PARALLEL,
    },
  };
}
