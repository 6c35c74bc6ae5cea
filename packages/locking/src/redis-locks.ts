import type {
  EdenError,
  HeldLock,
  HeldWriteLock,
  Lockable,
  LockMode,
  LockPort,
  LockRequest,
  LockResource,
  LockView,
} from '@eden/domain';
import type { NotGranted } from './acquisition.js';
import { Announcer, type Announcements } from './announcements.js';
import { inspectLock } from './inspection.js';
import { Masters } from './masters.js';
import { keyNames } from './names.js';
import { Outage } from './outage.js';
import { Lease } from './quorum-lock.js';
import { ReadLeases } from './read-leases.js';
import { closedError, Tickets, type Ticket } from './tickets.js';

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
  /** Mean pause after a renewal that found no quorum; requests that wait ask every four of it. Default 50 ms. */
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

/** Whoever waits is called when it is worth asking; it also asks by itself after that many retry delays. */
const POLL_DELAYS = 4;

class QuorumLocks implements RedisLocks {
  private readonly masters: Masters;
  private readonly tickets: Tickets;
  private readonly readLeases: ReadLeases;
  private readonly announcer: Announcer;
  /** Writers, by the id of their claim. */
  private readonly waiting = new Map<string, Ticket>();
  private isClosed = false;

  constructor(private readonly options: RedisLocksOptions) {
    const { ttlMs, commandTimeoutMs = 250, retryDelayMs = 50 } = options;
    checkTimes(ttlMs, commandTimeoutMs);
    const outage = new Outage(GRACE_TIMEOUTS * commandTimeoutMs);
    const pollMs = POLL_DELAYS * retryDelayMs;
    const patienceMs = 2 * commandTimeoutMs + 2 * pollMs;
    const masters = new Masters({
      urls: options.urls,
      commandTimeoutMs,
      connectionName: `eden:lock:${options.process}`,
      onError: options.onMasterError ?? (() => undefined),
    });
    this.masters = masters;
    const settings = { leaseMs: ttlMs, retryDelayMs, pollMs, patienceMs, outage, quorum: masters.quorum };
    this.tickets = new Tickets(masters, options.process, settings, () => this.waiting.values());
    this.readLeases = new ReadLeases({ masters, tickets: this.tickets, settings });
    const { process } = options;
    this.announcer = new Announcer({ masters, process, probeEveryMs: ttlMs / 3, listener: this.listener() });
  }

  async read(resources: readonly Lockable[], request: LockRequest): Promise<HeldLock> {
    this.checkRequest(resources);
    const startedAt = performance.now();
    const outcome = await this.readLeases.read(resources, request);
    const waitedMs = performance.now() - startedAt;
    if ('reason' in outcome) {
      throw await this.refuse(this.tickets.open('read', resources, request.owner), outcome, waitedMs);
    }
    this.options.onWait?.('read', waitedMs, 'granted');
    return outcome;
  }

  async write(resources: readonly Lockable[], request: LockRequest): Promise<HeldWriteLock> {
    this.checkRequest(resources);
    const startedAt = performance.now();
    await this.readLeases.giveUp(resources);
    const ticket = this.tickets.open('write', resources, request.owner);
    const outcome = await this.tickets.track(this.waitFor(ticket, request));
    const waitedMs = performance.now() - startedAt;
    if (!(outcome instanceof Lease)) throw await this.refuse(ticket, outcome, waitedMs);
    this.options.onWait?.('write', waitedMs, 'granted');
    return this.tickets.hold(ticket, outcome, waitedMs);
  }

  leaseOn(resource: Lockable): object | null {
    return this.readLeases.leaseOn(resource);
  }

  async inspect(resource: LockResource): Promise<LockView> {
    return inspectLock(this.masters, resource, (claimId) => this.readLeases.userCount(claimId));
  }

  async drop(resources: readonly Lockable[]): Promise<void> {
    const keys = keyNames(resources);
    if (keys.length > 0) await this.masters.answers((master) => master.del(keys));
  }

  async check(): Promise<void> {
    await this.masters.quorumAnswers((master) => master.ping());
  }

  async close(): Promise<void> {
    this.isClosed = true;
    for (const { acquisition } of this.waiting.values()) acquisition.cancel(closedError());
    await Promise.all([this.announcer.close(), this.readLeases.close()]);
    await this.tickets.close();
    await this.masters.close();
  }

  private listener(): Announcements {
    return {
      onIntent: (key) => this.readLeases.contest(key),
      onTurn: (claimId, master) => this.waiting.get(claimId)?.acquisition.pause.call(master),
      onOpening: (key, master) => this.readLeases.call(key, master),
      onListening: () => this.readLeases.catchUp(),
    };
  }

  private checkRequest(resources: readonly Lockable[]): void {
    if (this.isClosed) throw closedError();
    if (resources.length === 0) throw new RangeError('a lock needs a resource');
  }

  /** @throws the reason of the request's signal, or that we are closing */
  private async waitFor(ticket: Ticket, { timeoutMs, signal }: LockRequest): Promise<Lease | NotGranted> {
    const { claim, acquisition } = ticket;
    const onAbort = () => acquisition.cancel(signal?.reason);
    signal?.throwIfAborted();
    signal?.addEventListener('abort', onAbort, { once: true });
    this.waiting.set(claim.id, ticket);
    try {
      await this.masters.connected;
      return await acquisition.run(timeoutMs);
    } catch (error) {
      void this.tickets.abandon(ticket);
      throw error;
    } finally {
      this.waiting.delete(claim.id);
      signal?.removeEventListener('abort', onAbort);
    }
  }

  private async refuse(ticket: Ticket, notGranted: NotGranted, waitedMs: number): Promise<EdenError> {
    const outcome = notGranted.reason === 'taken' ? 'timeout' : 'unavailable';
    this.options.onWait?.(ticket.claim.mode, waitedMs, outcome);
    const [error] = await Promise.all([
      this.tickets.refusal(ticket, notGranted, waitedMs),
      this.tickets.abandon(ticket),
    ]);
    return error;
  }
}

function checkTimes(ttlMs: number, commandTimeoutMs: number): void {
  if (commandTimeoutMs < 100 || commandTimeoutMs > 500) throw new RangeError('commandTimeoutMs must be 100 to 500');
  if (!Number.isInteger(ttlMs) || ttlMs < 3 * commandTimeoutMs) {
    throw new RangeError('ttlMs must be an integer of at least three times commandTimeoutMs');
  }
}
