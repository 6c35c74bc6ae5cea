import { fork, type ChildProcess } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { brokenPorts, type Breakage } from './guards/guards.js';
import type { Order, Report } from './lane.js';

const BATCH = 10;
/** The first of them that fails is enough. */
const BATCH_OF_A_GUARD = 2;

export interface Campaign {
  /** The next seed; null when there are enough. */
  next(): number | null;
  /** What is taken away. */
  readonly breakage: Breakage | null;
  report(report: Report): void;
}

/** Simulates seed after seed in as many processes as there are processors. */
export async function runLanes(campaign: Campaign): Promise<void> {
  await Promise.all(Array.from({ length: availableParallelism() }, () => new Lane(campaign).run()));
}

/** One process, and another one in its place when it has died. */
class Lane {
  private child: ChildProcess | null = null;
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
    const { breakage } = this.campaign;
    const register = new URL('./guards/register-mutation.js', import.meta.url);
    register.searchParams.set('guards', breakage?.name ?? '');
    const execArgv = breakage === null ? [] : ['--import', register.href];
    const child = fork(fileURLToPath(new URL('./lane.js', import.meta.url)), { execArgv });
    this.child = child;
    child.on('message', (message: Report | 'more') => this.hear(message));
    child.on('exit', () => this.ended(child));
    this.order();
  }

  private order(): void {
    const { breakage, next } = this.campaign;
    const length = breakage === null ? BATCH : BATCH_OF_A_GUARD;
    const seeds = Array.from({ length }, () => next()).filter((seed) => seed !== null);
    if (seeds.length === 0) {
      this.stop();
      return;
    }
    this.pending = seeds;
    const broken = breakage === null ? [] : brokenPorts(breakage);
    const order: Order = { seeds, breakage: breakage?.name ?? null, broken };
    this.child?.send(order);
  }

  private hear(message: Report | 'more'): void {
    if (message === 'more') {
      this.order();
      return;
    }
    this.pending = this.pending.filter((seed) => seed !== message.seed);
    this.campaign.report(message);
  }

  private stop(): void {
    const { child } = this;
    this.child = null;
    child?.kill();
    this.done();
  }

  /** It has ended itself because it stood still, or has died. */
  private ended(child: ChildProcess): void {
    if (this.child !== child) return;
    const [seed] = this.pending;
    const violations = ['no crash: its process stands still or has died'];
    if (seed !== undefined) {
      this.campaign.report({ seed, steps: 0, runs: 0, executions: 0, faults: [], violations });
    }
    this.start();
  }
}
