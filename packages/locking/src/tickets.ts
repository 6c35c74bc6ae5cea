import { isDeepStrictEqual } from 'node:util';
import { EdenError, type Lockable, type LockMode, type LockOwner } from '@eden/domain';
import { Acquisition, type AcquisitionSettings, type NotGranted } from './acquisition.js';
import { encodeClaim, makeClaim, type Claim } from './claim.js';
import { Hold } from './hold.js';
import { findBlockers } from './inspection.js';
import type { Masters } from './masters.js';
import { keyNames } from './names.js';
import { QuorumLock, type Lease } from './quorum-lock.js';
import { LOCK_SCRIPTS, WITHDRAW_SCRIPT } from './scripts.js';

/** One request to the masters, and what is known about it from its beginning. */
export interface Ticket {
  readonly claim: Claim;
  readonly resources: readonly Lockable[];
  readonly keys: string[];
  readonly acquisition: Acquisition;
}

/** How often a process hands a lock on before others have their turn. */
const MOST_IN_A_ROW = 4;

/** The requests of one process to its lock masters, from the first attempt to the last trace on a master. */
export class Tickets {
  private readonly quorumLocks: Readonly<Record<LockMode, QuorumLock>>;
  private readonly holds = new Set<Hold>();
  private readonly pending = new Set<Promise<unknown>>();

  constructor(
    private readonly masters: Masters,
    private readonly process: string,
    private readonly settings: AcquisitionSettings,
    /** Writers that wait, those that came first at the front. */
    private readonly waiting: () => Iterable<Ticket>,
  ) {
    const { voters } = masters;
    const countBreaks = () => masters.breaks;
    this.quorumLocks = {
      read: new QuorumLock(voters, LOCK_SCRIPTS.read, countBreaks),
      write: new QuorumLock(voters, LOCK_SCRIPTS.write, countBreaks),
    };
  }

  open(mode: LockMode, resources: readonly Lockable[], owner: LockOwner): Ticket {
    const claim = makeClaim(mode, this.process, owner);
    const keys = keyNames(resources);
    const acquisition = new Acquisition(this.quorumLocks[mode], claim, keys, this.settings);
    return { claim, resources, keys, acquisition };
  }

  hold(ticket: Ticket, lease: Lease, waitedMs: number): Hold {
    void this.track(this.tidyUp(ticket, lease));
    const { mode } = ticket.claim;
    const { leaseMs, retryDelayMs } = this.settings;
    const onReleased = (released: Hold) => void this.holds.delete(released);
    const timing = { waitedMs, leaseMs, retryDelayMs };
    const handing = mode === 'write' ? { handOn: (last: Lease) => this.handOn(ticket, last) } : {};
    const hold = new Hold(this.quorumLocks[mode], lease, { mode, ...timing, ...handing, onReleased });
    this.holds.add(hold);
    return hold;
  }

  /** To whoever of this process waits for the very same, in one round trip. */
  private async handOn({ keys }: Ticket, lease: Lease): Promise<boolean> {
    const next = lease.handedOn < MOST_IN_A_ROW ? this.nextFor(keys) : undefined;
    return next === undefined ? false : this.track(next.acquisition.receive(lease));
  }

  private nextFor(keys: readonly string[]): Ticket | undefined {
    for (const ticket of this.waiting()) {
      if (ticket.acquisition.isPausing && isDeepStrictEqual(ticket.keys, keys)) return ticket;
    }
    return undefined;
  }

  /** Why the request was not granted, in the words of its caller. */
  async refusal({ claim, resources }: RefusedClaim, { reason, answering }: NotGranted, waitedMs: number) {
    if (reason === 'unavailable') return this.masters.unavailable(answering);
    const holders = await findBlockers(this.masters, resources, claim);
    return new EdenError('LOCK_TIMEOUT', { holders, lock_wait_ms: Math.round(waitedMs) });
  }

  /** Takes away what a request that ends without the lock has left on the masters. */
  abandon(ticket: Ticket): Promise<void> {
    return this.track(this.withdrawAll(ticket));
  }

  /** Whatever is done until then is done before the connections are closed. */
  track<T>(work: Promise<T>): Promise<T> {
    const forget = () => void this.pending.delete(work);
    this.pending.add(work);
    work.then(forget, forget);
    return work;
  }

  /** Resolves when nothing is under way any more and every lock is released. */
  async close(): Promise<void> {
    while (this.pending.size > 0) await Promise.allSettled(this.pending);
    await Promise.all([...this.holds].map((hold) => hold.release()));
  }

  private async withdrawAll(ticket: Ticket): Promise<void> {
    await ticket.acquisition.abandon();
    await this.withdraw(ticket);
  }

  /** A master that granted the lock has forgotten that it was waited for. The others are told. */
  private async tidyUp(ticket: Ticket, lease: Lease): Promise<void> {
    if (!(await lease.isUnanimous())) await this.withdraw(ticket);
  }

  /** Best effort: what it does not reach expires within a few retry delays. */
  private async withdraw({ keys, claim }: Ticket): Promise<void> {
    await this.masters.answers((master) => master.eval(WITHDRAW_SCRIPT, keys.length, ...keys, encodeClaim(claim)));
  }
}

export type RefusedClaim = Pick<Ticket, 'claim' | 'resources'>;

export function closedError(): EdenError {
  return new EdenError('SERVICE_UNAVAILABLE', { details: 'The lock service of this process is closed' });
}
