import { setTimeout as delay } from 'node:timers/promises';
import type { Scheduler } from '../schedule/scheduler.js';

/** Nothing is overtaken by a process that stands still for a while; in milliseconds. */
const LONGEST_TURN_MS = 20;

/** Simulated time that goes as the clock on the wall does, or so many times as fast: for suites that run over servers as well. */
export class PacedScheduler {
  private isOver = false;
  private readonly running: Promise<void>;

  constructor(
    private readonly scheduler: Scheduler,
    private readonly rate = 1,
  ) {
    this.running = this.run();
  }

  /** What is due then never happens. */
  stop(): Promise<void> {
    this.isOver = true;
    return this.running;
  }

  private async run(): Promise<void> {
    for (let last = performance.now(); !this.isOver;) {
      const now = performance.now();
      await this.scheduler.runUntil(this.scheduler.now + Math.min(now - last, LONGEST_TURN_MS) * this.rate);
      last = now;
      await delay(1);
    }
  }
}
