import { once } from 'node:events';
import type { LimitedKind, LimitPort, LoginAttempt, OpenKind, OpenRequest, RateLimit, Uuid } from '@eden/domain';
import { isEdenError } from '@eden/domain';
import type { RedisClient } from '@eden/redis';
import { connect, end, parseRedisAddress } from '@eden/redis';
import { Counter } from './counter.js';
import { LoginLimits } from './login-limits.js';
import { OpenCounts } from './open-counts.js';

/** Longer than that nobody waits to be counted; and the first ones, for the connection. */
const COMMAND_TIMEOUT_MS = 250;
const FIRST_CONNECT_MS = 2_000;
/** A timer counts whole milliseconds, and may be so much early on a finer clock. */
const TIMER_GRAIN_MS = 2;
/** A Redis that is frozen costs one round of requests that time, and not each of them. */
const PAUSE_MS = 1_000;

type Uncounted = 'login' | LimitedKind | OpenKind;

export interface RedisLimitsOptions {
  /** REDIS_URL, in any of its forms. */
  readonly redisUrl: string;
  /** Requests a minute of one organization; 0 = no limit, and then Redis is not asked. */
  readonly perMinute: Readonly<Record<LimitedKind, number>>;
  /** A request was let through uncounted. */
  readonly onUncounted: (what: Uncounted, error: unknown) => void;
  /** How long nobody asks a Redis that has not answered in time. */
  readonly pauseMs?: number;
  /** How long the open requests of a process that has died still count. */
  readonly leaseMs?: number;
}

export interface RedisLimits extends LimitPort {
  close(): Promise<void>;
}

/** Connects in the background: who comes before that is settled waits for it. */
export function createRedisLimits(options: RedisLimitsOptions): RedisLimits {
  return new Limits(options);
}

class Limits implements RedisLimits {
  private readonly client: RedisClient;
  private readonly closing = new AbortController();
  private readonly counters: Readonly<Record<LimitedKind, Counter | null>>;
  private readonly logins: LoginLimits;
  private readonly open: OpenCounts;
  /** On the clock of `performance`. */
  private pausedUntil = 0;
  /** Settled once the first attempt to connect has ended, either way. */
  private readonly connected: Promise<unknown>;

  constructor(private readonly options: RedisLimitsOptions) {
    this.client = connect(parseRedisAddress(options.redisUrl), {
      connectionName: 'eden-limits',
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      commandTimeoutMs: COMMAND_TIMEOUT_MS,
      signal: this.closing.signal,
    });
    // Every request that finds no connection tells.
    this.client.on('error', () => undefined);
    this.connected = firstOutcome(this.client);
    this.logins = new LoginLimits(this.client);
    this.open = new OpenCounts(this.client, options.leaseMs);
    this.counters = {
      request: this.counter('request'),
      execution: this.counter('execution'),
      gate: this.counter('gate'),
    };
  }

  async count(organization: Uuid, kind: LimitedKind): Promise<RateLimit | null> {
    const counter = this.counters[kind];
    if (counter === null) return null;
    const counted = await this.orThrough(kind, () => counter.count(organization));
    return counted === undefined ? null : { limit: counter.most, ...counted };
  }

  async opened(request: OpenRequest, most: number): Promise<boolean> {
    const open = this.open.count(request, 1);
    const fits = (await this.orThrough(request.kind, () => this.open.tell(request, open, most))) ?? true;
    if (!fits) this.closed(request);
    return fits;
  }

  closed(request: OpenRequest): void {
    const open = this.open.count(request, -1);
    void this.connected.then(() => this.open.tell(request, open)).catch(() => undefined);
  }

  async beginLogin(attempt: LoginAttempt): Promise<void> {
    await this.orThrough('login', () => this.logins.begin(attempt));
  }

  async loginSucceeded(attempt: LoginAttempt): Promise<void> {
    await this.orThrough('login', () => this.logins.succeeded(attempt));
  }

  async close(): Promise<void> {
    this.open.close();
    this.closing.abort();
    await end(this.client);
  }

  private counter(kind: LimitedKind): Counter | null {
    const most = this.options.perMinute[kind];
    return most === 0 ? null : new Counter(this.client, kind, most);
  }

  private async orThrough<T>(what: Uncounted, work: () => Promise<T>): Promise<T | undefined> {
    try {
      await this.connected;
      return await this.inTime(work, what);
    } catch (error) {
      if (isEdenError(error)) throw error;
      this.options.onUncounted(what, error);
      return undefined;
    }
  }

  /** Logins ask each time: reading a password takes longer, and the limit is what protects it. */
  private async inTime<T>(work: () => Promise<T>, what: Uncounted): Promise<T> {
    const begun = performance.now();
    if (what !== 'login' && begun < this.pausedUntil) throw new Error('Redis has not answered in time a moment ago');
    try {
      return await work();
    } catch (error) {
      const now = performance.now();
      if (now - begun > COMMAND_TIMEOUT_MS - TIMER_GRAIN_MS)
        this.pausedUntil = now + (this.options.pauseMs ?? PAUSE_MS);
      throw error;
    }
  }
}

/** Ready, or failed, or not there in time: from then on every request sees for itself. */
async function firstOutcome(client: RedisClient): Promise<void> {
  try {
    await once(client, 'ready', { signal: AbortSignal.timeout(FIRST_CONNECT_MS) });
  } catch {
    // It goes on connecting by itself.
  }
}
