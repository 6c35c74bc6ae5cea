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
import { createJobConsumer, createJobProducer } from '@eden/queue';
import type { JobConsumer, RunJobProducer } from '@eden/queue';
import { createTargets } from '@eden/targets';
import { createTelemetry } from '@eden/telemetry';
import type { ServiceTelemetry } from '@eden/telemetry';
import { createTemplateEngine } from '@eden/templates';

const STATEMENT_TIMEOUT_MS = 30_000;
const MAX_ATTEMPTS = 5;
const MAX_PARALLEL = 8;
/** Runs that one worker has in hand at once. */
const RUN_CONCURRENCY = 4;

/** Everything a worker is made of, built here and nowhere else. */
export interface WorkerContext {
  readonly config: WorkerConfig;
  readonly telemetry: ServiceTelemetry;
  readonly database: ControlDatabase;
  readonly producer: RunJobProducer;
  readonly deps: RunDeps;
  startConsumer(handle: (runUuid: Uuid) => Promise<JobOutcome>): JobConsumer;
  close(): Promise<void>;
}

/** `crashPoints` is given by tests only; in production every point is passed without stopping. */
export function createContext(config: WorkerConfig, crashPoints: CrashPoints = NO_CRASH_POINTS): WorkerContext {
  const { secrets } = config;
  const process = `${hostname()}:${pid}`;
  const telemetry = createTelemetry({ service: 'worker', level: config.logLevel });
  const database = createControlDatabase({ url: secrets.databaseUrl, encryptionKeys: secrets.encryptionKeys });
  const locks = createRedisLocks({
    urls: secrets.lockRedisUrls,
    ttlMs: config.locks.ttlMs,
    process,
    onWait: telemetry.lockWaited.bind(telemetry),
  });
  const targets = createTargets();
  const producer = createJobProducer({ redisUrl: secrets.redisUrl });
  const deps: RunDeps = {
    store: database.store,
    journal: database.journal,
    locks,
    targets,
    templates: createTemplateEngine(),
    telemetry,
    crashPoints,
    settings: { lockTimeoutMs: config.locks.timeoutMs, statementTimeoutMs: STATEMENT_TIMEOUT_MS },
    run: {
      owner: `${process}:${randomUUID()}`,
      leaseMs: config.locks.ttlMs,
      maxAttempts: MAX_ATTEMPTS,
      maxParallel: MAX_PARALLEL,
    },
  };
  const startConsumer: WorkerContext['startConsumer'] = (handle) =>
    createJobConsumer({
      redisUrl: secrets.redisUrl,
      concurrency: RUN_CONCURRENCY,
      handle,
      onError: (error) => {
        telemetry.log.warn('queue trouble', { error });
      },
    });
  const close = async (): Promise<void> => {
    await Promise.all([producer.close(), locks.close(), targets.close()]);
    await database.close();
  };
  return { config, telemetry, database, producer, deps, startConsumer, close };
}
