import { fork, type ChildProcess } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Guard } from './guards/guards.js';
import type { Order, Report } from './lane.js';

/** A schedule takes less than a second; whoever says nothing for so long has an event loop that stands still. */
const SILENCE_MS = 60_000;
const BATCH = 10;

export interface Campaign {
  /** The next seed; null when there are enough. */
  next(): number | null;
  readonly guard: Guard | null;
  report(report: Report): void;
}

/** Simulates seed after seed in as many processes as there are processors. */
export async function runLanes(campaign: Campaign): Promise<void> {
  await Promise.all(Array.from({ length: availableParallelism() }, () => new Lane(campaign).run()));
}

/** One process, and another one in its place when it hangs. */
class Lane {
  private child: ChildProcess | null = null;
  private silence: NodeJS.Timeout | undefined;
  private pending: number[] = [];
  private done: () => void = () => undefined;

  constructor(private readonly campaign: Campaign) {}

  run(): Promise<void> {
    return new Promise((resolve) => {
      this.done = resolve;
      this.start();
    });
  }

  private start(): void {
    const { guard } = this.campaign;
    const register = new URL('./guards/register-mutation.js', import.meta.url);
    register.searchParams.set('guard', guard?.name ?? '');
    const execArgv = guard?.mutation === undefined ? [] : ['--import', register.href];
    const child = fork(fileURLToPath(new URL('./lane.js', import.meta.url)), { execArgv });
    this.child = child;
    child.on('message', (message: Report | 'more') => this.hear(message));
    child.on('exit', () => this.ended(child));
    this.order();
  }

  private order(): void {
    const { guard, next } = this.campaign;
    const seeds = Array.from({ length: BATCH }, () => next()).filter((seed) => seed !== null);
    if (seeds.length === 0) {
      this.stop();
      return;
    }
    this.pending = seeds;
    const broken = guard !== null && guard.mutation === undefined ? [guard.name] : [];
    const order: Order = { seeds, broken };
    this.child?.send(order);
    this.listen();
  }

  private hear(message: Report | 'more'): void {
    if (message === 'more') {
      this.order();
      return;
    }
    this.pending = this.pending.filter((seed) => seed !== message.seed);
    this.campaign.report(message);
    this.listen();
  }

  private listen(): void {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => this.child?.kill('SIGKILL'), SILENCE_MS);
  }

  private stop(): void {
    clearTimeout(this.silence);
    const { child } = this;
    this.child = null;
    child?.kill();
    this.done();
  }

  /** It was killed because it hung, or has died. */
  private ended(child: ChildProcess): void {
    if (this.child !== child) return;
    clearTimeout(this.silence);
    const [seed] = this.pending;
    const violations = ['no crash: its process stands still or has died'];
    if (seed !== undefined) {
      this.campaign.report({ seed, steps: 0, runs: 0, executions: 0, faults: [], violations });
    }
    this.start();
  }
}
