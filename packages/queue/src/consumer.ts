import type { JobOutcome, Uuid } from '@eden/domain';
import { DelayedError, UnrecoverableError, Worker, type Job } from 'bullmq';
import { connect, end, type RedisClient, parseRedisAddress } from '@eden/redis';
import { parseJob, PREFIX, QUEUE_NAME } from './job-catalogue.js';
import { telemetryOf } from './telemetry-of.js';
import { within } from './within.js';

/** Longest wait for Redis while closing, once the last handler has returned. */
const CLOSE_TIMEOUT_MS = 2_000;

/** For another process, as this one is closing. */
const AT_ONCE: JobOutcome = { kind: 'later', delayMs: 0 };

export interface JobConsumerOptions {
  /** See `parseRedisAddress` for the forms. */
  readonly redisUrl: string;
  /** Jobs handled at once by this process. */
  readonly concurrency: number;
  /** How long a job of a dead or frozen process stays with it, in milliseconds. Default 10 000. */
  readonly stalledAfterMs?: number;
  /**
   * Does what a job asks for. The signal aborts when the consumer closes. At least once, and concurrently: a job whose
   * process froze is handled by another one meanwhile. An error is reported and the job comes again after a pause.
   */
  readonly handle: (runUuid: Uuid, signal: AbortSignal) => Promise<JobOutcome>;
  readonly onError: (error: unknown) => void;
  /** Whether what a job asks for is done in the trace that the job carries. */
  readonly traced?: boolean;
}

export interface JobConsumer {
  /** Resolves when jobs are being fetched; waits as long as Redis is away. */
  ready(): Promise<void>;
  /** Fetches no more jobs, aborts the handlers' signal and returns when all of them have. */
  close(): Promise<void>;
}

/**
 * Fetches jobs, from now on and whenever Redis is there.
 * @throws RangeError when the address is none
 */
export function createJobConsumer(options: JobConsumerOptions): JobConsumer {
  return new BullConsumer(options);
}

class BullConsumer implements JobConsumer {
  private readonly client: RedisClient;
  private readonly worker: Worker<unknown, void>;
  private readonly draining = new AbortController();
  private readonly givingUp = new AbortController();
  private readonly handling = new Set<Promise<void>>();
  private closed: Promise<void> | undefined;

  constructor(private readonly options: JobConsumerOptions) {
    const stalledAfterMs = options.stalledAfterMs ?? 10_000;
    this.client = connect(parseRedisAddress(options.redisUrl), {
      connectionName: 'eden:consumer',
      enableOfflineQueue: true,
      maxRetriesPerRequest: null,
      signal: this.givingUp.signal,
    });
    // The worker reports the errors of its connections; ioredis prints those that nobody listens to.
    this.client.on('error', () => undefined);
    this.worker = new Worker<unknown, void>(QUEUE_NAME, (job, token) => this.track(this.process(job, token)), {
      connection: this.client,
      prefix: PREFIX,
      concurrency: options.concurrency,
      lockDuration: stalledAfterMs,
      stalledInterval: stalledAfterMs,
      // The run decides how often it is tried; that its workers died says nothing about the job.
      maxStalledCount: Number.MAX_SAFE_INTEGER,
      runRetryDelay: 1_000,
      ...telemetryOf(options),
    });
    this.worker.on('error', options.onError);
  }

  async ready(): Promise<void> {
    await this.worker.waitUntilReady();
  }

  close(): Promise<void> {
    this.closed ??= this.drain();
    return this.closed;
  }

  private async process(job: Job<unknown, void>, token: string | undefined): Promise<void> {
    const payload = parseJob('run', job.name, job.data);
    if (payload === null) throw this.reported(new UnrecoverableError(`job ${job.name} is not one of ours`));
    // BullMQ may have been about to fetch a job when it was told not to.
    const outcome = this.draining.signal.aborted ? AT_ONCE : await this.handle(payload.runUuid);
    if (outcome.kind === 'done') return;
    await job.moveToDelayed(Date.now() + outcome.delayMs, token);
    throw new DelayedError();
  }

  private async handle(runUuid: Uuid): Promise<JobOutcome> {
    try {
      return await this.options.handle(runUuid, this.draining.signal);
    } catch (error) {
      throw this.reported(error);
    }
  }

  private reported(error: unknown): unknown {
    this.options.onError(error);
    return error;
  }

  private track(work: Promise<void>): Promise<void> {
    const tracked = work.finally(() => this.handling.delete(tracked));
    this.handling.add(tracked);
    return tracked;
  }

  private async drain(): Promise<void> {
    await this.worker.pause(true);
    this.draining.abort();
    await Promise.allSettled(this.handling);
    if (!(await this.isRedisThere())) await this.giveUp();
    await this.worker.close();
    this.client.disconnect();
  }

  private async isRedisThere(): Promise<boolean> {
    try {
      await within(CLOSE_TIMEOUT_MS, this.client.ping());
      return true;
    } catch (error) {
      this.options.onError(error);
      return false;
    }
  }

  /**
   * BullMQ would wait for ever for its answers to arrive. What the last handlers answered is lost; their jobs stall
   * and come again elsewhere.
   */
  private async giveUp(): Promise<void> {
    this.givingUp.abort();
    const { blockingClient } = this.worker.getBackend();
    await Promise.allSettled([end(this.client), blockingClient?.then(end)]);
  }
}
