import type { Hold } from './hold.js';

/** Somebody of this process who uses a lease, and is told when it is lost. */
export interface LeaseUser {
  lose(reason: unknown): void;
}

export interface ReadLeaseOptions {
  readonly hold: Hold;
  readonly claimId: string;
  /** Where others are told how many users there are. */
  readonly countKey: string;
  /** Called once, as soon as nobody is admitted any more. */
  readonly onClosed: () => void;
  /** Called once, when the masters have been told. Never rejects. */
  readonly onGivenBack: () => Promise<void>;
}

/**
 * The read lock of one resource as this process holds it for all of its readers.
 *
 *     open ── close(): a writer waits, nobody used it for long, or the process ends ──→ closed
 *       └──── its masters disowned it, or nobody could renew it in time ──────────────→ closed, its users are told
 *     closed ── the last user has left ───────────────────────────────────────────────→ given back
 *
 * Only while it is open are further readers admitted; those who are inside may stay, and it is renewed for them.
 */
export class ReadLease {
  readonly claimId: string;
  readonly countKey: string;
  private readonly hold: Hold;
  private readonly users = new Set<LeaseUser>();
  private isClosed = false;
  private idleRounds = 0;
  private released: Promise<void> | undefined;

  constructor(private readonly options: ReadLeaseOptions) {
    this.claimId = options.claimId;
    this.countKey = options.countKey;
    this.hold = options.hold;
    this.hold.signal.addEventListener('abort', () => this.lose(), { once: true });
  }

  /** Whether readers are admitted. A process that was stopped for longer than its lease sees the loss here. */
  get isOpen(): boolean {
    return !this.isClosed && !this.hold.isLost;
  }

  /** Whether no master can have forgotten it since it was last renewed. */
  get isUnbroken(): boolean {
    return this.hold.isUnbroken;
  }

  get userCount(): number {
    return this.users.size;
  }

  /** Looks at the clock: a user that is not told yet is told at once. */
  notice(): void {
    if (this.hold.isLost) this.lose();
  }

  admit(user: LeaseUser): void {
    this.users.add(user);
    this.countUse();
  }

  /** Somebody has gone by it, and needs it no longer. */
  countUse(): void {
    this.idleRounds = 0;
  }

  /** Null unless the lease was kept for this user only; else resolves when it is gone from the masters. */
  leave(user: LeaseUser): Promise<void> | null {
    this.users.delete(user);
    return this.isClosed && this.users.size === 0 ? this.end() : null;
  }

  /** Admits nobody any more. Resolves at once while somebody is still inside. */
  async close(): Promise<void> {
    if (!this.isClosed) {
      this.isClosed = true;
      this.options.onClosed();
    }
    await this.releaseWhenUnused();
  }

  /** Counts the rounds in which nobody was inside at the end, nor came in meanwhile. */
  countIdleRounds(): number {
    if (this.users.size === 0) this.idleRounds += 1;
    return this.idleRounds;
  }

  /** Releases it whoever is still inside: the process ends. */
  async end(): Promise<void> {
    this.released ??= this.releaseHold();
    await this.released;
  }

  private lose(): void {
    for (const user of this.users) user.lose(this.hold.signal.reason);
    void this.close();
  }

  private async releaseWhenUnused(): Promise<void> {
    if (this.users.size === 0) await this.end();
  }

  private async releaseHold(): Promise<void> {
    await this.hold.release();
    await this.options.onGivenBack();
  }
}
