/// <reference path="./redlock.d.ts" />
import type { Redis } from 'ioredis';
import Redlock, { ExecutionError, Lock, ResourceLockedError, type Voter } from 'redlock';
import type { LockScripts } from './scripts.js';

/** How the masters answered an operation that found no quorum. Those missing from both counts did not answer. */
export interface Votes {
  readonly granted: number;
  readonly refused: number;
  readonly quorum: number;
}

/** A lock as a quorum granted it, for as long as it is good. */
export class Lease {
  /** Redlock's own falls to 0 in the moment of a renewal, before anybody can have the lease that replaces it. */
  private readonly expiration: number;

  constructor(
    readonly lock: Lock,
    private readonly validUntil: number,
    /** Of connections to masters, before they were asked. */
    readonly breaks: number,
    /** How often it was handed on since the masters were asked for it; a renewal does not change that. */
    readonly handedOn = 0,
  ) {
    this.expiration = lock.expiration;
  }

  /**
   * Milliseconds, drift subtracted; 0 or less when it is over. Of two clocks the more cautious one counts: the wall
   * clock may be set back, the monotonic one may stand still while the machine is suspended.
   */
  get remainingMs(): number {
    return Math.min(this.expiration - Date.now(), this.validUntil - performance.now());
  }

  /** Whether every master granted it, not only a quorum. Waits for the last vote, which `commandTimeout` bounds. */
  async isUnanimous(): Promise<boolean> {
    const stats = await this.lock.attempts.at(-1);
    return stats?.votesAgainst.size === 0;
  }
}

/**
 * Redlock (https://redis.io/docs/latest/develop/use/patterns/distributed-locks/) with scripts of ours: majority, drift
 * and lock values are Redlock's, who may hold is decided by the scripts.
 *
 * Every operation is tried once. Redlock's own retries keep the grants of a minority while they wait, so contenders on
 * several masters block each other; after a *failed* acquire it does give them back.
 */
export class QuorumLock {
  private readonly redlock: NamingRedlock;
  private readonly handing: NamingRedlock | null;

  /** @param countBreaks How many connections to the masters have ended so far. */
  constructor(
    masters: Iterable<Redis | Voter>,
    scripts: LockScripts,
    private readonly countBreaks: () => number = () => 0,
  ) {
    this.redlock = new NamingRedlock(masters, scripts);
    const { handOver } = scripts;
    this.handing = handOver === undefined ? null : new NamingRedlock(masters, { ...scripts, acquire: handOver });
  }

  get breaks(): number {
    return this.countBreaks();
  }

  /** One attempt, all keys or none. The lease may be over on arrival: look at `remainingMs`. */
  async take(keys: string[], value: string, leaseMs: number): Promise<Lease | Votes> {
    return this.elect(() => this.redlock.acquireAs(value, keys, leaseMs));
  }

  /**
   * One attempt: what a quorum has of `from` is held by `value` from now on. After a failed one nobody of this process holds
   * it, but for masters that have not answered.
   */
  async handOn(from: Lease, value: string, leaseMs: number): Promise<Lease | Votes> {
    const { handing } = this;
    if (handing === null) throw new TypeError('only writers hand a lock on');
    const { resources, value: holder } = from.lock;
    const handed = await this.elect(async () => {
      const { attempts, expiration } = await handing.acquireAs(`${holder}\n${value}`, resources, leaseMs);
      return new Lock(this.redlock, resources, value, attempts, expiration);
    }, from.handedOn + 1);
    void this.forgetHolder(from, handed);
    if (!(handed instanceof Lease)) await this.giveBack(new Lock(this.redlock, resources, value, [], 0));
    return handed;
  }

  /** One attempt. After a failed one the old lease is good until its end. */
  async extend(lease: Lease, leaseMs: number): Promise<Lease | Votes> {
    return this.elect(() => this.redlock.extend(lease.lock, leaseMs), lease.handedOn);
  }

  /** Whether a quorum heard of it. If not, the keys still expire by themselves within one lease. Never throws. */
  async release(lease: Lease): Promise<boolean> {
    return this.giveBack(lease.lock);
  }

  private async giveBack(lock: Lock): Promise<boolean> {
    try {
      await this.redlock.release(lock, { retryCount: 1 });
      return true;
    } catch {
      return false;
    }
  }

  /** Where a master has not heard that the lock was handed on, the one that had it still has it there. */
  private async forgetHolder(holder: Lease, handed: Lease | Votes): Promise<void> {
    if (!(handed instanceof Lease) || !(await handed.isUnanimous())) await this.release(holder);
  }

  private async elect(operation: () => Promise<Lock>, handedOn = 0): Promise<Lease | Votes> {
    const { breaks } = this;
    const wallClock = Date.now();
    const monotonic = performance.now();
    try {
      const lock = await operation();
      return new Lease(lock, monotonic + lock.expiration - wallClock, breaks, handedOn);
    } catch (error) {
      if (error instanceof ExecutionError) return countVotes(error);
      throw error;
    }
  }
}

/** Redlock draws the value of a lock at random; ours says who holds it. */
class NamingRedlock extends Redlock {
  private nextValue = '';

  constructor(masters: Iterable<Redis | Voter>, scripts: LockScripts) {
    // Functions: strings are accepted as well, and silently ignored.
    super(
      masters,
      { retryCount: 0, retryDelay: 50, retryJitter: 25 },
      {
        acquireScript: () => scripts.acquire,
        extendScript: () => scripts.extend,
        releaseScript: () => scripts.release,
      },
    );
  }

  async acquireAs(value: string, keys: string[], leaseMs: number): Promise<Lock> {
    this.nextValue = value;
    return this.acquire(keys, leaseMs);
  }

  protected override _random(): string {
    return this.nextValue;
  }
}

/** Waits for the last vote, which `commandTimeout` bounds. */
async function countVotes(error: ExecutionError): Promise<Votes> {
  const stats = await error.attempts.at(-1);
  // Redlock did not even ask: the lease was over.
  if (stats === undefined) return { granted: 0, refused: 0, quorum: 1 };
  const refusals = [...stats.votesAgainst.values()].filter((reason) => reason instanceof ResourceLockedError);
  return { granted: stats.votesFor.size, refused: refusals.length, quorum: stats.quorumSize };
}
