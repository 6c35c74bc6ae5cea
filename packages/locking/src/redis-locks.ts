import {
  EdenError,
  type HeldLock,
  type LockMode,
  type LockPort,
  type LockRequest,
  type LockResource,
  type LockView,
} from '@eden/domain';
import { Acquisition, type AcquisitionSettings, type NotGranted } from './acquisition.js';
import { encodeClaim, makeClaim, type Claim } from './claim.js';
import { Hold } from './hold.js';
import { findBlockers, inspectLock } from './inspection.js';
import { Masters } from './masters.js';
import { keyNames } from './names.js';
import { Outage } from './outage.js';
import { Lease, QuorumLock } from './quorum-lock.js';
import { LOCK_SCRIPTS, WITHDRAW_SCRIPT } from './scripts.js';

export type LockWaitOutcome = 'granted' | 'timeout' | 'unavailable';

export interface RedisLocksOptions {
  /** redis:// or rediss://, 1, 3 or 5 servers that do not replicate each other. Database and credentials as usual. */
  readonly urls: readonly string[];
  /** The lease: how long a lock outlives a holder that died. At least three times `commandTimeoutMs`. */
  readonly ttlMs: number;
  /** `<host>:<pid>`: who we are to those who wait. */
  readonly process: string;
  /** How long a master may take to answer, 100 to 500 ms. Default 250. */
  readonly commandTimeoutMs?: number;
  /** Mean pause between two attempts. Default 50 ms. */
  readonly retryDelayMs?: number;
  /** Called once for every request that was answered; not for those that the caller aborted. */
  readonly onWait?: (mode: LockMode, waitedMs: number, outcome: LockWaitOutcome) => void;
  /** Trouble with the connection to a master, which goes on reconnecting by itself. */
  readonly onMasterError?: (error: Error) => void;
}

export interface RedisLocks extends LockPort {
  /** Ends every wait, releases what is still held and closes the connections. */
  close(): Promise<void>;
}

/**
 * The cluster-wide read/write lock (README.md). Connects at once and goes on trying: use `check` to learn whether a
 * quorum is there.
 * @throws RangeError when the options cannot work, such as an even number of masters.
 */
export function createRedisLocks(options: RedisLocksOptions): RedisLocks {
  return new QuorumLocks(options);
}

/** A quorum that is silent for that many command timeouts is away: to wait for it makes no sense. */
const GRACE_TIMEOUTS = 4;

/** One request, and what is known about it from its beginning. */
interface Ticket {
  readonly claim: Claim;
  readonly resources: readonly LockResource[];
  readonly keys: string[];
  readonly acquisition: Acquisition;
  readonly startedAt: number;
}

class QuorumLocks implements RedisLocks {
  private readonly masters: Masters;
  private readonly settings: AcquisitionSettings;
  private readonly quorumLocks: Readonly<Record<LockMode, QuorumLock>>;
  private readonly waits = new Set<AbortController>();
  private readonly holds = new Set<Hold>();
  private readonly pending = new Set<Promise<unknown>>();
  private isClosed = false;

  constructor(private readonly options: RedisLocksOptions) {
    const { ttlMs, commandTimeoutMs = 250, retryDelayMs = 50 } = options;
    checkTimes(ttlMs, commandTimeoutMs);
    const outage = new Outage(GRACE_TIMEOUTS * commandTimeoutMs);
    const patienceMs = 2 * commandTimeoutMs + 4 * retryDelayMs;
    this.settings = { leaseMs: ttlMs, retryDelayMs, patienceMs, outage };
    this.masters = new Masters({
      urls: options.urls,
      commandTimeoutMs,
      connectionName: `eden:lock:${options.process}`,
      onError: options.onMasterError ?? (() => undefined),
    });
    const { clients } = this.masters;
    this.quorumLocks = {
      read: new QuorumLock(clients, LOCK_SCRIPTS.read),
      write: new QuorumLock(clients, LOCK_SCRIPTS.write),
    };
  }

  async read(resources: readonly LockResource[], request: LockRequest): Promise<HeldLock> {
    return this.track(this.acquire('read', resources, request));
  }

  async write(resources: readonly LockResource[], request: LockRequest): Promise<HeldLock> {
    return this.track(this.acquire('write', resources, request));
  }

  async inspect(resource: LockResource): Promise<LockView> {
    return inspectLock(this.masters, resource);
  }

  async drop(resources: readonly LockResource[]): Promise<void> {
    const keys = keyNames(resources);
    if (keys.length > 0) await this.masters.answers((master) => master.del(keys));
  }

  async check(): Promise<void> {
    await this.masters.quorumAnswers((master) => master.ping());
  }

  async close(): Promise<void> {
    this.isClosed = true;
    for (const wait of this.waits) wait.abort(closedError());
    await this.nothingPending();
    await Promise.all([...this.holds].map((hold) => hold.release()));
    await this.masters.close();
  }

  private async acquire(mode: LockMode, resources: readonly LockResource[], request: LockRequest): Promise<HeldLock> {
    if (this.isClosed) throw closedError();
    if (resources.length === 0) throw new RangeError('a lock needs a resource');
    const ticket = this.makeTicket(mode, resources, request);
    const outcome = await this.waitFor(ticket, request);
    const waitedMs = performance.now() - ticket.startedAt;
    if (outcome instanceof Lease) return this.hold(ticket, outcome, waitedMs);
    throw await this.refusal(ticket, outcome, waitedMs);
  }

  private makeTicket(mode: LockMode, resources: readonly LockResource[], { owner }: LockRequest): Ticket {
    const claim = makeClaim(mode, this.options.process, owner);
    const keys = keyNames(resources);
    const acquisition = new Acquisition(this.quorumLocks[mode], claim, keys, this.settings);
    return { claim, resources, keys, acquisition, startedAt: performance.now() };
  }

  /** @throws the reason of the request's signal, or that we are closing */
  private async waitFor(ticket: Ticket, { timeoutMs, signal }: LockRequest): Promise<Lease | NotGranted> {
    const wait = new AbortController();
    const onAbort = () => wait.abort(signal?.reason);
    signal?.throwIfAborted();
    signal?.addEventListener('abort', onAbort, { once: true });
    this.waits.add(wait);
    try {
      await this.masters.connected;
      return await ticket.acquisition.run({ timeoutMs, signal: wait.signal });
    } catch (error) {
      void this.track(this.abandon(ticket));
      throw error;
    } finally {
      this.waits.delete(wait);
      signal?.removeEventListener('abort', onAbort);
    }
  }

  private hold(ticket: Ticket, lease: Lease, waitedMs: number): Hold {
    void this.track(this.tidyUp(ticket, lease));
    const { mode } = ticket.claim;
    const { leaseMs, retryDelayMs } = this.settings;
    const onReleased = (released: Hold) => void this.holds.delete(released);
    const hold = new Hold(this.quorumLocks[mode], lease, { mode, waitedMs, leaseMs, retryDelayMs, onReleased });
    this.holds.add(hold);
    this.options.onWait?.(mode, waitedMs, 'granted');
    return hold;
  }

  private async refusal(ticket: Ticket, { reason, answering }: NotGranted, waitedMs: number): Promise<EdenError> {
    const { claim, resources } = ticket;
    this.options.onWait?.(claim.mode, waitedMs, reason === 'taken' ? 'timeout' : 'unavailable');
    const [holders] = await Promise.all([findBlockers(this.masters, resources, claim), this.abandon(ticket)]);
    if (reason === 'unavailable') return this.masters.unavailable(answering);
    return new EdenError('LOCK_TIMEOUT', { holders, lock_wait_ms: Math.round(waitedMs) });
  }

  private async abandon(ticket: Ticket): Promise<void> {
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

  private track<T>(work: Promise<T>): Promise<T> {
    const forget = () => void this.pending.delete(work);
    this.pending.add(work);
    work.then(forget, forget);
    return work;
  }

  private async nothingPending(): Promise<void> {
    while (this.pending.size > 0) await Promise.allSettled(this.pending);
  }
}

function closedError(): EdenError {
  return new EdenError('SERVICE_UNAVAILABLE', { details: 'The lock service of this process is closed' });
}

function checkTimes(ttlMs: number, commandTimeoutMs: number): void {
  if (commandTimeoutMs < 100 || commandTimeoutMs > 500) throw new RangeError('commandTimeoutMs must be 100 to 500');
  if (!Number.isInteger(ttlMs) || ttlMs < 3 * commandTimeoutMs) {
    throw new RangeError('ttlMs must be an integer of at least three times commandTimeoutMs');
  }
}
