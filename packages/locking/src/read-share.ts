import type { HeldLock } from '@eden/domain';
import type { LeaseUser, ReadLease } from './read-lease.js';

const NOTHING_TO_RELEASE = Promise.resolve();

async function both(one: Promise<void>, other: Promise<void>): Promise<void> {
  await Promise.all([one, other]);
}

/** What one reader holds: a place in the lease of each of its resources, taken and left without asking any master. */
export class ReadShare implements HeldLock, LeaseUser {
  readonly mode = 'read';
  private controller: AbortController | undefined;
  private loss: { readonly reason: unknown } | undefined;
  private released: Promise<void> | undefined;

  /** The leases must be open. */
  constructor(
    readonly leases: readonly ReadLease[],
    readonly waitedMs: number,
  ) {
    for (const lease of leases) lease.admit(this);
  }

  /** Made when somebody asks for it, which most readers never do. */
  get signal(): AbortSignal {
    this.notice();
    this.controller ??= this.abortedIfLost();
    return this.controller.signal;
  }

  get isLost(): boolean {
    this.notice();
    return this.loss !== undefined;
  }

  lose(reason: unknown): void {
    this.loss ??= { reason };
    this.controller?.abort(reason);
  }

  release(): Promise<void> {
    this.released ??= this.leave();
    return this.released;
  }

  /** A loss that nobody has told yet is told at once. */
  private notice(): void {
    if (this.released === undefined) for (const lease of this.leases) lease.notice();
  }

  private abortedIfLost(): AbortController {
    const controller = new AbortController();
    if (this.loss !== undefined) controller.abort(this.loss.reason);
    return controller;
  }

  /** Nearly always the lease stays for the next reader, and nobody has to wait. */
  private leave(): Promise<void> {
    let released: Promise<void> | null = null;
    for (const lease of this.leases) {
      const one = lease.leave(this);
      if (one !== null) released = released === null ? one : both(released, one);
    }
    return released ?? NOTHING_TO_RELEASE;
  }
}
