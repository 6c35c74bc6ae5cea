import { EdenError, type JobProducer, type Uuid } from '@eden/domain';
import { Queue } from 'bullmq';
import { connect, type RedisClient, parseRedisAddress } from '@eden/redis';
import { JOB_OPTIONS, PREFIX, QUEUE_NAME, type JobCatalogue } from './job-catalogue.js';
import { telemetryOf } from './telemetry-of.js';
import { within } from './within.js';

/** Longest wait for Redis in any call. */
const ANSWER_TIMEOUT_MS = 2_000;

/** The states of a job that a consumer will come by. One that is `active` may be with a consumer that has died. */
const WAITING: ReadonlySet<string> = new Set(['waiting', 'prioritized', 'delayed']);

export interface JobProducerOptions {
  /** See `parseRedisAddress` for the forms. */
  readonly redisUrl: string;
  /** Whether jobs carry the trace that they belong to. */
  readonly traced?: boolean;
}

/** How many jobs there are, for the metrics. */
export interface QueueDepth {
  readonly waiting: number;
  readonly active: number;
  readonly delayed: number;
  readonly failed: number;
  /** Age of the job that waits for longest; 0 when none waits. */
  readonly oldestWaitingMs: number;
}

export interface RunJobProducer extends JobProducer {
  /** @throws EdenError SERVICE_UNAVAILABLE within 2 s when Redis is away */
  queueDepth(): Promise<QueueDepth>;
  close(): Promise<void>;
}

/**
 * Sends wake-up calls. Connects in the background: a Redis that is away, from the start or later, makes calls fail
 * within 2 s, and the first call after its return succeeds.
 * @throws RangeError when the address is none
 */
export function createJobProducer(options: JobProducerOptions): RunJobProducer {
  return new BullProducer(options);
}

class BullProducer implements RunJobProducer {
  private readonly client: RedisClient;
  private queue: Queue<JobCatalogue['run']> | undefined;
  /** Calls that wait for the connection. */
  private readonly waiters = new Set<() => void>();

  constructor(private readonly options: JobProducerOptions) {
    this.client = connect(parseRedisAddress(options.redisUrl), {
      connectionName: 'eden:producer',
      enableOfflineQueue: false,
      maxRetriesPerRequest: 1,
      commandTimeoutMs: ANSWER_TIMEOUT_MS,
    });
    // It goes on reconnecting by itself, and a call that finds it away says so.
    this.client.on('error', () => undefined);
    this.client.on('ready', () => {
      for (const goOn of this.waiters) goOn();
    });
  }

  async send(messageUuid: Uuid, runUuid: Uuid): Promise<void> {
    await this.ask((queue) => queue.add('run', { runUuid }, { ...JOB_OPTIONS, jobId: messageUuid }));
  }

  waiting(messageUuids: readonly Uuid[]): Promise<readonly Uuid[]> {
    return this.ask(async (queue) => {
      const states = await Promise.all(messageUuids.map((uuid) => queue.getJobState(uuid)));
      return messageUuids.filter((_, n) => WAITING.has(states[n] ?? 'unknown'));
    });
  }

  async queueDepth(): Promise<QueueDepth> {
    return this.ask(async (queue) => {
      const counts = await queue.getJobCounts('waiting', 'active', 'delayed', 'failed');
      const [oldest] = await queue.getWaiting(0, 0);
      const { waiting = 0, active = 0, delayed = 0, failed = 0 } = counts;
      const oldestWaitingMs = oldest === undefined ? 0 : Math.max(0, Date.now() - oldest.timestamp);
      return { waiting, active, delayed, failed, oldestWaitingMs };
    });
  }

  async close(): Promise<void> {
    await this.queue?.close();
    this.client.disconnect();
  }

  private async ask<T>(question: (queue: Queue<JobCatalogue['run']>) => Promise<T>): Promise<T> {
    try {
      return await within(ANSWER_TIMEOUT_MS, this.openQueue().then(question));
    } catch (error) {
      throw new EdenError('SERVICE_UNAVAILABLE', { details: 'The queue does not answer' }, { cause: error });
    }
  }

  /** BullMQ's `add` never returns on a connection that was never ready: there is no queue before the first time. */
  private async openQueue(): Promise<Queue<JobCatalogue['run']>> {
    await this.ready();
    this.queue ??= this.makeQueue();
    return this.queue;
  }

  private makeQueue(): Queue<JobCatalogue['run']> {
    const queue = new Queue<JobCatalogue['run']>(QUEUE_NAME, {
      connection: this.client,
      prefix: PREFIX,
      // Its INFO could fail without an offline queue, and would leave the queue broken for good.
      skipVersionCheck: true,
      ...telemetryOf(this.options),
    });
    // It repeats what the connection reports; without a listener it would be printed.
    queue.on('error', () => undefined);
    return queue;
  }

  private async ready(): Promise<void> {
    if (this.client.status === 'ready') return;
    let goOn = (): void => undefined;
    const isReady = new Promise<void>((resolve) => (goOn = resolve));
    this.waiters.add(goOn);
    await within(ANSWER_TIMEOUT_MS, isReady).finally(() => this.waiters.delete(goOn));
  }
}
