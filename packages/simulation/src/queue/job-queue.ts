import { EdenError } from '@eden/domain';
import type { JobOutcome, JobProducer, Uuid } from '@eden/domain';
import type { Network } from '../schedule/network.js';
import { Server } from '../schedule/network.js';
import type { Process } from '../schedule/process.js';

/** A worker that takes jobs. */
export interface Consumer {
  readonly process: Process;
  readonly slots: number;
  handle(runUuid: Uuid): Promise<JobOutcome>;
  onError(error: unknown): void;
}

interface Job {
  readonly id: string;
  readonly runUuid: Uuid;
}

/** How long a worker may keep a job without a word, and how soon a job that failed comes again. */
const STALLED_MS = 4_000;

/** The queue in memory: at least once, late, doubled, and lost with everything that it knows. */
export class JobQueue extends Server {
  private readonly known = new Set<string>();
  private readonly consumers = new Map<Consumer, number>();
  private waiting: Job[] = [];
  /** Ids of jobs that wait to be taken up, at once or later. */
  private readonly pending = new Map<string, number>();
  /** Raised when Redis loses its memory, and all jobs with it. */
  private memory = 0;
  /** How likely a job is doubled or lost; each of 1. */
  doubled = 0;
  lost = 0;

  constructor(private readonly network: Network) {
    super('queue');
  }

  producerFor(process: Process): JobProducer {
    return {
      send: (messageUuid, runUuid) =>
        this.network.ask(process, {
          name: 'queue.send',
          server: this,
          patienceMs: 1_000,
          unavailable: () => new EdenError('SERVICE_UNAVAILABLE', { details: 'The queue does not answer' }),
          perform: (reply) => {
            this.add({ id: messageUuid, runUuid });
            reply({ value: undefined });
          },
        }),
      waiting: (messageUuids) =>
        this.network.ask(process, {
          name: 'queue.waiting',
          server: this,
          patienceMs: 1_000,
          unavailable: () => new EdenError('SERVICE_UNAVAILABLE', { details: 'The queue does not answer' }),
          perform: (reply) => reply({ value: messageUuids.filter((uuid) => (this.pending.get(uuid) ?? 0) > 0) }),
        }),
    };
  }

  consume(consumer: Consumer): void {
    this.consumers.set(consumer, 0);
    consumer.process.onEnd(() => this.consumers.delete(consumer));
    consumer.process.onThaw(() => this.dispatch());
    this.dispatch();
  }

  /** Redis has lost its memory. */
  empty(): void {
    this.known.clear();
    this.pending.clear();
    this.memory += 1;
    this.waiting = [];
  }

  private add(job: Job): void {
    if (this.known.has(job.id)) return;
    this.known.add(job.id);
    const fate = this.network.between(0, 1);
    if (fate < this.lost) {
      this.network.count('job lost');
      return;
    }
    this.offer(job, this.network.latency());
    if (fate > 1 - this.doubled) {
      this.network.count('job doubled');
      this.offer(job, this.network.between(0, 2_000));
    }
  }

  private offer(job: Job, delayMs: number): void {
    const { memory } = this;
    this.count(job, 1);
    this.network.later(delayMs, () => {
      if (memory !== this.memory) return;
      this.waiting.push(job);
      this.dispatch();
    });
  }

  private dispatch(): void {
    for (;;) {
      const free = [...this.consumers].filter(([{ process, slots }, taken]) => process.isUp && taken < slots);
      const [job] = this.waiting;
      if (job === undefined || free.length === 0) return;
      const chosen = free[Math.floor(this.network.between(0, free.length))];
      if (chosen === undefined) return;
      this.waiting.shift();
      this.give(job, chosen[0]);
    }
  }

  private give(job: Job, consumer: Consumer): void {
    this.take(consumer, 1);
    this.count(job, -1);
    let isAnswered = false;
    consumer.process.deliver(this.network.latency(), () => {
      void this.work(job, consumer).then((outcome) => {
        isAnswered = true;
        this.take(consumer, -1);
        if (outcome.kind === 'later') this.offer(job, outcome.delayMs);
        this.dispatch();
      });
    });
    consumer.process.onEnd(() => {
      if (!isAnswered) this.offer(job, STALLED_MS);
    });
  }

  /** What fails comes again. */
  private async work({ runUuid }: Job, consumer: Consumer): Promise<JobOutcome> {
    try {
      return await consumer.handle(runUuid);
    } catch (error) {
      consumer.onError(error);
      return { kind: 'later', delayMs: 1_000 };
    }
  }

  private count({ id }: Job, jobs: number): void {
    this.pending.set(id, Math.max(0, (this.pending.get(id) ?? 0) + jobs));
  }

  private take(consumer: Consumer, slots: number): void {
    const taken = this.consumers.get(consumer);
    if (taken !== undefined) this.consumers.set(consumer, taken + slots);
  }
}
