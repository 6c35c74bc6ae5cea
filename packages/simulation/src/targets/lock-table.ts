export type Mode = 'shared' | 'exclusive';

export type TakenLock = readonly [key: string, mode: Mode];

/** Whoever holds locks: a transaction, open or prepared. */
export type Holder = object;

interface Waiter {
  readonly holder: Holder;
  readonly mode: Mode;
  readonly grant: () => void;
}

interface Lock {
  readonly holders: Map<Holder, Mode>;
  readonly queue: Waiter[];
}

/** The heavyweight locks of one database: granted in the order of asking, so that nobody is overtaken for ever. */
export class LockTable {
  private readonly locks = new Map<string, Lock>();

  /** Grants it at once, or later by `grant`. Answers how to give up waiting; null when it was granted at once. */
  take(key: string, mode: Mode, holder: Holder, grant: () => void): (() => void) | null {
    const lock = this.locks.get(key) ?? { holders: new Map<Holder, Mode>(), queue: [] };
    this.locks.set(key, lock);
    const held = lock.holders.get(holder);
    if (held === 'exclusive' || held === mode) return null;
    if (lock.queue.length === 0 && isFree(lock, mode, holder)) {
      lock.holders.set(holder, mode);
      return null;
    }
    const waiter = { holder, mode, grant };
    lock.queue.push(waiter);
    return () => {
      const at = lock.queue.indexOf(waiter);
      if (at >= 0) lock.queue.splice(at, 1);
      this.advance(lock);
    };
  }

  /** Whoever had it before has it again, whatever is there: a database that has lost its last transactions. */
  force(key: string, holder: Holder): void {
    const lock = this.locks.get(key) ?? { holders: new Map<Holder, Mode>(), queue: [] };
    this.locks.set(key, lock);
    lock.holders.set(holder, 'exclusive');
  }

  release(key: string, holder: Holder): void {
    const lock = this.locks.get(key);
    if (lock === undefined) return;
    lock.holders.delete(holder);
    this.advance(lock);
  }

  isHeld(key: string): boolean {
    return (this.locks.get(key)?.holders.size ?? 0) > 0;
  }

  holdersOf(key: string): readonly Holder[] {
    return [...(this.locks.get(key)?.holders.keys() ?? [])];
  }

  /** Keys that anybody holds. */
  heldKeys(): readonly string[] {
    return [...this.locks.keys()].filter((key) => this.isHeld(key));
  }

  /** Whether whoever it waits for waits, in the end, for it. */
  isInACircle(holder: Holder): boolean {
    const seen = new Set<Holder>();
    const next = [...this.waitedFor(holder)];
    for (let other = next.pop(); other !== undefined; other = next.pop()) {
      if (other === holder) return true;
      if (seen.has(other)) continue;
      seen.add(other);
      next.push(...this.waitedFor(other));
    }
    return false;
  }

  /** Those who have what it waits for, or stand before it. */
  private waitedFor(waiting: Holder): readonly Holder[] {
    return [...this.locks.values()].flatMap(({ queue, holders }) => {
      const at = queue.findIndex(({ holder }) => holder === waiting);
      const waiter = queue[at];
      if (waiter === undefined) return [];
      const isInTheWay = (mode: Mode): boolean => mode === 'exclusive' || waiter.mode === 'exclusive';
      const having = [...holders].flatMap(([other, mode]) => (other !== waiting && isInTheWay(mode) ? [other] : []));
      return [...having, ...queue.slice(0, at).flatMap(({ holder, mode }) => (isInTheWay(mode) ? [holder] : []))];
    });
  }

  private advance(lock: Lock): void {
    for (;;) {
      const [first] = lock.queue;
      if (first === undefined || !isFree(lock, first.mode, first.holder)) return;
      lock.queue.shift();
      lock.holders.set(first.holder, first.mode);
      first.grant();
    }
  }
}

function isFree(lock: Lock, mode: Mode, holder: Holder): boolean {
  for (const [other, held] of lock.holders) {
    if (other !== holder && (mode === 'exclusive' || held === 'exclusive')) return false;
  }
  return true;
}
