import type { Chance, Clock } from '@eden/domain';
import { calendarOf } from './calendar.js';
import type { Random } from './random.js';
import type { Scheduled, Scheduler } from './scheduler.js';

/**
 * A worker or a gateway as the operating system sees it. It may be frozen, and goes on later with all that it knew; it may
 * be killed, and then nothing of it ever happens again: whoever is started in its place is another process.
 */
export class Process {
  readonly clock: Clock;
  readonly chance: Chance;
  private state: 'up' | 'frozen' | 'dead' = 'up';
  private readonly held: (() => void)[] = [];
  private readonly endings: (() => void)[] = [];
  private readonly thaws: (() => void)[] = [];
  /** Of the calendar, in milliseconds. */
  private calendarOffset = 0;

  constructor(
    private readonly scheduler: Scheduler,
    readonly name: string,
    readonly random: Random,
    /** How fast its clock goes; 1 is right. */
    private readonly rate: number,
  ) {
    this.clock = this.makeClock();
    this.chance = { fraction: () => random.fraction(), uuid: () => random.uuid() };
  }

  get isUp(): boolean {
    return this.state === 'up';
  }

  get isDead(): boolean {
    return this.state === 'dead';
  }

  /** Milliseconds by its own clock. */
  get elapsedMs(): number {
    return this.scheduler.now * this.rate;
  }

  /** Does the work in this process after a while: not while it is frozen, and never when it is dead. */
  deliver(delayMs: number, work: () => void): Scheduled {
    let isCancelled = false;
    const arrive = (): void => {
      if (isCancelled || this.state === 'dead') return;
      if (this.state === 'frozen') this.held.push(arrive);
      else work();
    };
    const event = this.scheduler.schedule(delayMs, arrive, true);
    return {
      cancel: () => {
        isCancelled = true;
        event.cancel();
      },
    };
  }

  freeze(ms: number): void {
    if (this.state !== 'up') return;
    this.state = 'frozen';
    this.scheduler.schedule(ms, () => this.thaw());
  }

  kill(): void {
    if (this.state === 'dead') return;
    this.state = 'dead';
    this.held.length = 0;
    for (const ending of this.endings) ending();
  }

  onEnd(work: () => void): void {
    this.endings.push(work);
  }

  /** Told whenever it goes on after it was frozen. */
  onThaw(work: () => void): void {
    this.thaws.push(work);
  }

  moveCalendar(ms: number): void {
    this.calendarOffset += ms;
  }

  /** What has come meanwhile comes now, all at one moment and in its order. */
  private thaw(): void {
    if (this.state !== 'frozen') return;
    this.state = 'up';
    for (const arrive of this.held.splice(0)) this.scheduler.schedule(0, arrive, true);
    for (const thaw of this.thaws) thaw();
  }

  private makeClock(): Clock {
    return {
      now: () => calendarOf(this.scheduler.now + this.calendarOffset),
      elapsedMs: () => this.elapsedMs,
      sleep: (ms, signal) => this.sleep(ms, signal),
      after: (ms, work) => {
        const timer = this.deliver(ms / this.rate, work);
        return () => timer.cancel();
      },
      every: (ms, work) => this.every(ms, work),
    };
  }

  private sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(signal.reason as Error);
        return;
      }
      const timer = this.deliver(ms / this.rate, () => {
        signal?.removeEventListener('abort', stop);
        resolve();
      });
      const stop = (): void => {
        timer.cancel();
        reject(signal?.reason as Error);
      };
      signal?.addEventListener('abort', stop, { once: true });
    });
  }

  private every(ms: number, work: () => void): () => void {
    let timer = this.deliver(ms / this.rate, again);
    const process = this as Process;
    const rate = this.rate;
    function again(): void {
      timer = process.deliver(ms / rate, again);
      work();
    }
    return () => timer.cancel();
  }
}
