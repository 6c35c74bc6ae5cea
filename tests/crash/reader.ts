import type { CounterWorld } from './counter-world.js';

/** Calls the API again and again while things break, and keeps what it should never see. */
export class Reader {
  readonly torn: (readonly number[])[] = [];
  readonly unexpected: number[] = [];
  /** How often it was told to come again: a migration takes its time, or a database is away. */
  refused = 0;
  private reads = 0;
  private stopped = false;
  private readonly loop: Promise<void>;

  constructor(private readonly world: CounterWorld) {
    this.loop = this.readOn();
  }

  /** Resolves with the number of answered reads when the last one is back. */
  async stop(): Promise<number> {
    this.stopped = true;
    await this.loop;
    return this.reads;
  }

  private async readOn(): Promise<void> {
    while (!this.stopped) {
      const { status, counters } = await this.world.execute();
      if (status === 200) this.reads += 1;
      else if (status === 423 || status === 503) this.refused += 1;
      else this.unexpected.push(status);
      if (new Set(counters).size > 1) this.torn.push(counters);
    }
  }
}
