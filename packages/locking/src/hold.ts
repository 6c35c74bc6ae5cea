import { EdenError, type HeldWriteLock, type LockMode } from '@eden/domain';
import { Lease, type QuorumLock, type Votes } from './quorum-lock.js';

/** A lease has so many marks on the clock of the process: what is renewed at the same one goes to the masters together. */
const MARKS = 30;

export interface HoldOptions {
  readonly mode: LockMode;
  readonly waitedMs: number;
  readonly leaseMs: number;
  /** Pause after a renewal that found no quorum. */
  readonly retryDelayMs: number;
  readonly onReleased: (hold: Hold) => void;
  /** Gives the lock to another request of this process; answers whether one has it now. Absent: none ever gets it so. */
  readonly handOn?: (lease: Lease) => Promise<boolean>;
}

/**
 * A lock that is held, and renewed in the background.
 *
 *     held ── a third of the lease is over: renew ── quorum for it ──────────→ held, with a new lease
 *       │                                        └── no quorum ──────────────→ held, tries again shortly
 *       ├── a quorum says it is no longer ours, or the lease is over ────────→ lost: `signal` aborts
 *       └── release() ───────────────────────────────────────────────────────→ released
 *     lost ── release() ─────────────────────────────────────────────────────→ released
 *
 * A third of the lease leaves room for two more renewals before it is over.
 */
export class Hold implements HeldWriteLock {
  readonly mode: LockMode;
  readonly waitedMs: number;
  readonly leases: readonly object[] = [this];
  private controller: AbortController | undefined;
  private loss: EdenError | undefined;
  private renewal: NodeJS.Timeout | undefined;
  private expiry: NodeJS.Timeout | undefined;
  private released: Promise<void> | undefined;

  constructor(
    private readonly quorumLock: QuorumLock,
    private lease: Lease,
    private readonly options: HoldOptions,
  ) {
    this.mode = options.mode;
    this.waitedMs = options.waitedMs;
    this.keep(lease);
  }

  /**
   * Made when somebody asks for it. Whoever looks after a stall of the event loop sees the loss at once, before any
   * timer has fired.
   */
  get signal(): AbortSignal {
    this.loseIfOver();
    this.controller ??= this.abortedIfLost();
    return this.controller.signal;
  }

  get isLost(): boolean {
    this.loseIfOver();
    return this.loss !== undefined;
  }

  /**
   * Whether all connections to masters have lasted since it was last confirmed. Behind one that ended a master may have begun
   * anew, without a memory of it; the next renewal tells.
   */
  get isUnbroken(): boolean {
    return this.lease.breaks === this.quorumLock.breaks;
  }

  release(): Promise<void> {
    this.released ??= this.sendRelease();
    return this.released;
  }

  /** Renews it at once. */
  async confirm(): Promise<boolean> {
    this.loseIfOver();
    if (this.isOver) return false;
    this.expiry ??= setTimeout(() => this.loseIfOver(), this.lease.remainingMs + 1);
    const result = await this.quorumLock.extend(this.lease, this.options.leaseMs);
    if (this.isOver) return false;
    if (result instanceof Lease) this.keep(result);
    else this.renewAgainOrLose(result);
    return result instanceof Lease;
  }

  private get isOver(): boolean {
    return this.released !== undefined || this.loss !== undefined;
  }

  private keep(lease: Lease): void {
    this.lease = lease;
    this.stopTimers();
    this.renewAfter(untilMark(this.options.leaseMs / 3, this.options.leaseMs / MARKS));
  }

  private renewAfter(delayMs: number): void {
    clearTimeout(this.renewal);
    this.renewal = setTimeout(() => void this.confirm(), delayMs);
  }

  private renewAgainOrLose({ refused, quorum }: Votes): void {
    if (refused >= quorum) return this.lose();
    this.renewAfter(this.options.retryDelayMs);
  }

  private loseIfOver(): void {
    if (!this.isOver && this.lease.remainingMs <= 0) this.lose();
  }

  private lose(): void {
    this.stopTimers();
    this.loss = new EdenError('SERVICE_UNAVAILABLE', { details: 'The lease of the lock was lost' });
    this.controller?.abort(this.loss);
  }

  private abortedIfLost(): AbortController {
    const controller = new AbortController();
    if (this.loss !== undefined) controller.abort(this.loss);
    return controller;
  }

  private async sendRelease(): Promise<void> {
    this.stopTimers();
    const isHandedOn = this.loss === undefined && (await this.options.handOn?.(this.lease)) === true;
    if (!isHandedOn) await this.quorumLock.release(this.lease);
    this.options.onReleased(this);
  }

  private stopTimers(): void {
    clearTimeout(this.renewal);
    clearTimeout(this.expiry);
    this.expiry = undefined;
  }
}

/** Up to the last mark that comes within `longestMs`. */
function untilMark(longestMs: number, everyMs: number): number {
  const now = performance.now();
  return Math.floor((now + longestMs) / everyMs) * everyMs - now;
}
