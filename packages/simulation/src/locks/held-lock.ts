import { EdenError } from '@eden/domain';
import type { HeldLock, HeldWriteLock, LockMode } from '@eden/domain';
import type { Process } from '../schedule/process.js';
import type { Claim, LockMasters } from './lock-masters.js';

export interface Holding {
  readonly masters: LockMasters;
  readonly process: Process;
  readonly ttlMs: number;
  readonly claim: Claim;
  readonly names: readonly string[];
  readonly mode: LockMode;
  /** By the process's own clock, when the request was sent. */
  readonly askedAt: number;
  readonly waitedMs: number;
}

/** How much shorter a holder takes its lease to be, so that clocks may differ. */
const DRIFT = 0.05;

/** As packages/locking/src/hold.ts: renewed at a third of the lease, lost when nobody can have renewed it in time. */
export class Hold implements HeldWriteLock {
  readonly mode: LockMode;
  readonly waitedMs: number;
  readonly leases: readonly object[] = [this];
  private readonly controller = new AbortController();
  private until: number;
  private renewal: () => void = () => undefined;
  private expiry: () => void = () => undefined;
  private released: Promise<void> | null = null;

  constructor(private readonly holding: Holding) {
    this.mode = holding.mode;
    this.waitedMs = holding.waitedMs;
    this.until = this.leaseFrom(holding.askedAt);
    this.keep();
  }

  get isLost(): boolean {
    return this.signal.aborted;
  }

  /** Whoever looks after a stall sees the loss at once. */
  get signal(): AbortSignal {
    this.loseIfOver();
    return this.controller.signal;
  }

  /** Whether its process may take it for held, by its own clock: what is true for those who watch from outside. */
  get isBelieved(): boolean {
    return (
      !this.holding.process.isDead &&
      this.released === null &&
      !this.controller.signal.aborted &&
      this.until > this.holding.process.elapsedMs
    );
  }

  async confirm(): Promise<boolean> {
    const { masters, process, mode, names, claim, ttlMs } = this.holding;
    this.loseIfOver();
    if (this.isOver) return false;
    const askedAt = process.elapsedMs;
    try {
      const isHeld = await masters.ask(process, 'extend', names, () => masters.extend(mode, names, claim, ttlMs));
      if (this.isOver) return false;
      if (isHeld) this.until = this.leaseFrom(askedAt);
      else this.lose();
      if (isHeld) this.keep();
      return isHeld;
    } catch {
      if (!this.isOver) this.renewAfter(100);
      return false;
    }
  }

  release(): Promise<void> {
    this.released ??= this.sendRelease();
    return this.released;
  }

  onLost(work: () => void): void {
    this.controller.signal.addEventListener('abort', work, { once: true });
  }

  private get isOver(): boolean {
    return this.released !== null || this.controller.signal.aborted;
  }

  private leaseFrom(askedAt: number): number {
    return askedAt + this.holding.ttlMs * (1 - DRIFT);
  }

  private keep(): void {
    const { process, ttlMs } = this.holding;
    this.expiry();
    this.expiry = process.clock.after(this.until - process.elapsedMs + 1, () => this.loseIfOver());
    this.renewAfter(ttlMs / 3);
  }

  private renewAfter(ms: number): void {
    this.renewal();
    this.renewal = this.holding.process.clock.after(ms, () => void this.confirm());
  }

  private loseIfOver(): void {
    if (!this.isOver && this.until <= this.holding.process.elapsedMs) this.lose();
  }

  private lose(): void {
    this.renewal();
    this.expiry();
    this.controller.abort(new EdenError('SERVICE_UNAVAILABLE', { details: 'The lease of the lock was lost' }));
  }

  private async sendRelease(): Promise<void> {
    const { masters, process, names, claim } = this.holding;
    this.renewal();
    this.expiry();
    try {
      await masters.ask(process, 'release', names, () => masters.release(names, claim));
    } catch {
      // What nobody renews ends by itself.
    }
  }
}

/** A place in the shared leases of a process (packages/locking/src/read-share.ts). */
export class ReadShare implements HeldLock {
  readonly mode = 'read';
  private readonly controller = new AbortController();
  private isReleased = false;

  constructor(
    readonly leases: readonly ReadLease[],
    readonly waitedMs: number,
  ) {
    for (const lease of leases) lease.admit(this);
  }

  get isLost(): boolean {
    return this.signal.aborted;
  }

  get signal(): AbortSignal {
    if (!this.isReleased) for (const lease of this.leases) lease.notice();
    return this.controller.signal;
  }

  lose(reason: unknown): void {
    this.controller.abort(reason);
  }

  release(): Promise<void> {
    if (this.isReleased) return Promise.resolve();
    this.isReleased = true;
    return Promise.all(this.leases.map((lease) => lease.leave(this))).then(() => undefined);
  }
}

/** The read lock of one resource as a process holds it for all of its readers. */
export class ReadLease {
  private readonly users = new Set<ReadShare>();
  private isClosed = false;
  private idleRounds = 0;

  constructor(
    readonly name: string,
    readonly hold: Hold,
    private readonly onClosed: () => void,
  ) {
    hold.onLost(() => this.lose());
  }

  get isOpen(): boolean {
    return !this.hold.signal.aborted && !this.isClosed;
  }

  get isUsed(): boolean {
    return this.users.size > 0;
  }

  notice(): void {
    if (this.hold.signal.aborted) this.lose();
  }

  admit(user: ReadShare): void {
    this.users.add(user);
    this.countUse();
  }

  countUse(): void {
    this.idleRounds = 0;
  }

  leave(user: ReadShare): Promise<void> {
    this.users.delete(user);
    return this.isClosed && this.users.size === 0 ? this.hold.release() : Promise.resolve();
  }

  close(): Promise<void> {
    if (!this.isClosed) {
      this.isClosed = true;
      this.onClosed();
    }
    return this.users.size === 0 ? this.hold.release() : Promise.resolve();
  }

  countIdleRounds(): number {
    if (this.users.size === 0) this.idleRounds += 1;
    return this.idleRounds;
  }

  private lose(): void {
    for (const user of this.users) user.lose(this.hold.signal.reason);
    void this.close();
  }
}
