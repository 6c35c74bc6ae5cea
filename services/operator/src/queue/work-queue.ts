/** What a look at an object asks for. */
export type Again =
  /** Nothing: the next change wakes it, and the round of all objects. */
  | { readonly after: 'change' }
  /** Something is under way: soon, then less often. */
  | { readonly after: 'progress' }
  /** Something is in the way: soon, then less and less often, but for ever. */
  | { readonly after: 'backoff' }
  | { readonly after: 'delay'; readonly ms: number };

export interface QueueTiming {
  readonly firstProgressMs: number;
  readonly longestProgressMs: number;
  readonly firstBackoffMs: number;
  readonly longestBackoffMs: number;
}

export interface QueueOptions {
  /** Must not reject. */
  readonly handle: (key: string) => Promise<Again>;
  readonly concurrency: number;
  readonly timing: QueueTiming;
}

const PROGRESS_GROWTH = 1.5;
const BACKOFF_GROWTH = 2;

/**
 * Looks at one key at a time each. A key that is added while it is looked at is looked at once more afterwards; a key that
 * fails is tried again for ever, at intervals that grow up to a limit and begin anew with its next success.
 */
export class WorkQueue {
  private readonly ready = new Set<string>();
  private readonly active = new Set<string>();
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private readonly rounds = new Map<string, { readonly after: Again['after']; readonly count: number }>();
  private stopped = false;
  private whenIdle: (() => void) | undefined;

  constructor(private readonly options: QueueOptions) {}

  /** Asks for a look now; what was waited for before does not count any more. */
  add(key: string): void {
    if (this.stopped) return;
    clearTimeout(this.timers.get(key));
    this.timers.delete(key);
    this.ready.add(key);
    this.next();
  }

  /** The object is gone. */
  forget(key: string): void {
    this.rounds.delete(key);
  }

  /** Takes no more, and waits for what is being looked at. */
  async stop(): Promise<void> {
    this.stopped = true;
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.ready.clear();
    if (this.active.size > 0) await new Promise<void>((resolve) => (this.whenIdle = resolve));
  }

  private next(): void {
    for (const key of this.ready) {
      if (this.active.size >= this.options.concurrency) return;
      if (this.active.has(key)) continue;
      this.ready.delete(key);
      this.active.add(key);
      void this.look(key);
    }
  }

  private async look(key: string): Promise<void> {
    const again = await this.options.handle(key);
    this.active.delete(key);
    if (this.stopped) {
      if (this.active.size === 0) this.whenIdle?.();
      return;
    }
    this.wait(key, again);
    this.next();
  }

  private wait(key: string, again: Again): void {
    const last = this.rounds.get(key);
    const count = last?.after === again.after ? last.count + 1 : 0;
    if (again.after === 'change') this.rounds.delete(key);
    else this.rounds.set(key, { after: again.after, count });
    const ms = this.delayMs(again, count);
    if (ms === null || this.ready.has(key)) return;
    this.timers.set(
      key,
      setTimeout(() => this.add(key), ms),
    );
  }

  private delayMs(again: Again, count: number): number | null {
    const { firstProgressMs, longestProgressMs, firstBackoffMs, longestBackoffMs } = this.options.timing;
    switch (again.after) {
      case 'change':
        return null;
      case 'progress':
        return Math.min(longestProgressMs, firstProgressMs * PROGRESS_GROWTH ** count);
      case 'backoff':
        return Math.min(longestBackoffMs, firstBackoffMs * BACKOFF_GROWTH ** count);
      case 'delay':
        return again.ms;
    }
  }
}
