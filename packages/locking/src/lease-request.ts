import type { Redis } from 'ioredis';
import type { NotGranted } from './acquisition.js';
import { Lease } from './quorum-lock.js';
import type { RetryPause } from './retry-pause.js';
import type { Ticket } from './tickets.js';

export interface Grant {
  readonly granted: Lease;
  /** A writer has left its intent while the masters were asked. */
  readonly isContested: boolean;
}

export interface LeaseRequestOptions {
  readonly ticket: Ticket;
  /** Resolves when the masters can be asked. */
  readonly connected: Promise<unknown>;
  /** Mean pause between two attempts that no master calls for. */
  readonly pollMs: number;
  /** Nobody answers for so long that waiting makes no sense. */
  readonly isOutage: () => boolean;
  /** Called before the waiting readers go on. */
  readonly onGranted: (grant: Grant) => void;
  /** Called once when the request ends without the lease, at the moment from which on nobody may join it. */
  readonly onGivenUp: () => void;
}

interface Waiter {
  /** On the clock of `performance.now()`. */
  readonly deadline: number;
  /** Its first attempt: one that was under way when it came says nothing about now. */
  readonly since: number;
  readonly resolve: (refusal: NotGranted | null) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * One request to the masters on behalf of all readers of this process that wait for the same resource.
 *
 *     asking ── granted ──────────────────────────→ all waiting readers go on
 *       │ ↑
 *       ↓ └── pause over, while somebody waits ───┐
 *     refused ── those whose time is over are told ┤
 *       └── nobody waits any more (at any time) ──→ given up
 */
export class LeaseRequest {
  private readonly waiters = new Set<Waiter>();
  private readonly abort = new AbortController();
  private attempts = 0;
  private hasBegun = false;
  private isAsking = false;
  private isContested = false;

  constructor(private readonly options: LeaseRequestOptions) {}

  /**
   * Null when the lease was granted, else why it was not within the time.
   * @throws the signal's reason, or that of `end`
   */
  wait(deadline: number, signal?: AbortSignal): Promise<NotGranted | null> {
    signal?.throwIfAborted();
    return new Promise((resolve, reject) => {
      const onAbort = () => this.drop(waiter, signal?.reason);
      const settled = () => {
        this.waiters.delete(waiter);
        signal?.removeEventListener('abort', onAbort);
      };
      const waiter: Waiter = {
        deadline,
        since: this.attempts + 1,
        resolve: (refusal) => (settled(), resolve(refusal)),
        reject: (reason) => (settled(), reject(reason as Error)),
      };
      this.waiters.add(waiter);
      signal?.addEventListener('abort', onAbort, { once: true });
      if (!this.hasBegun) void this.run();
      else if (deadline <= performance.now()) this.pause.finish();
    });
  }

  /** A writer has left its intent: what is being granted at this moment would be in its way. */
  contest(): void {
    this.isContested = this.isAsking;
  }

  /** A master says that only readers wait for this resource now. */
  call(master: Redis): void {
    this.pause.call(master);
  }

  end(reason: unknown): void {
    for (const waiter of this.waiters) waiter.reject(reason);
    this.stop();
  }

  private drop(waiter: Waiter, reason: unknown): void {
    waiter.reject(reason);
    if (this.waiters.size === 0) this.stop();
  }

  private stop(): void {
    if (this.abort.signal.aborted) return;
    this.abort.abort(new Error('nobody waits for the lease any more'));
    this.pause.finish();
    this.options.onGivenUp();
  }

  private async run(): Promise<void> {
    this.hasBegun = true;
    try {
      await this.options.connected;
      while (this.waiters.size > 0) {
        if (await this.attempt()) return;
        await this.rest();
      }
      this.stop();
    } catch (error) {
      this.end(error);
    }
  }

  private async attempt(): Promise<boolean> {
    this.attempts += 1;
    this.isContested = false;
    this.isAsking = true;
    const outcome = await this.options.ticket.acquisition.ask();
    this.isAsking = false;
    // Whoever stopped it meanwhile has given back what was granted.
    this.abort.signal.throwIfAborted();
    if (!(outcome instanceof Lease)) return this.refuse(outcome);
    this.options.onGranted({ granted: outcome, isContested: this.isContested });
    for (const waiter of this.waiters) waiter.resolve(null);
    return true;
  }

  private refuse(refusal: NotGranted): false {
    const now = performance.now();
    const isHopeless = this.options.isOutage();
    for (const waiter of this.waiters) {
      const isTried = waiter.since <= this.attempts;
      if (isTried && (isHopeless || waiter.deadline <= now)) waiter.resolve(refusal);
    }
    return false;
  }

  /** Until the next retry, until a lock is given back, or until the time of somebody is over: a last attempt for that. */
  private async rest(): Promise<void> {
    if (this.waiters.size === 0) return;
    const deadlines = [...this.waiters].map(({ deadline }) => deadline);
    const leftMs = Math.max(0, Math.min(...deadlines) - performance.now());
    const retryMs = this.options.pollMs * (0.5 + Math.random());
    await this.pause.last(Math.min(leftMs, retryMs));
  }

  private get pause(): RetryPause {
    return this.options.ticket.acquisition.pause;
  }
}
