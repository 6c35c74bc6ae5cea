import { EdenError, type Endpoint, type Uuid } from '@eden/domain';
import { connect, type SessionOptions } from './connect.js';
import { parseConfig } from './config.js';
import type { GuardedSession } from './guard/guarded-session.js';
import { applySettings } from './session-settings.js';

export interface PoolLimits extends SessionOptions {
  /** How long an execution waits for its turn when all connections are taken: by readers at a gate, for example. */
  readonly poolWaitMs: number;
  readonly poolIdleMs: number;
  /** For one answer. */
  readonly answerTimeoutMs: number;
}

/** A session that goes back by `release`. */
export interface PooledSession {
  readonly session: GuardedSession;
  /** Nothing of what was done on it reaches the next one; `fit` = false ends it. Resolves when the next one may have it. */
  release(fit: boolean): Promise<void>;
}

interface Idle {
  readonly session: GuardedSession;
  readonly timer: NodeJS.Timeout;
}

/** The sessions of one version of an endpoint, at most as many as its config says. */
class Pool {
  private readonly idle: Idle[] = [];
  private readonly queue: (() => void)[] = [];
  /** Sessions that are being reset. */
  private readonly returning = new Set<Promise<void>>();
  private readonly max: number;
  private taken = 0;
  private closed = false;
  private emptied: () => void = () => undefined;

  constructor(
    readonly version: number,
    private readonly endpoint: Endpoint,
    private readonly limits: PoolLimits,
  ) {
    this.max = parseConfig(endpoint.config).pool_size;
  }

  async acquire(): Promise<PooledSession> {
    await this.turn();
    try {
      const session = this.takeIdle() ?? (await this.nextBack()) ?? (await connect(this.endpoint, this.limits));
      return { session, release: (fit) => this.comeBack(session, fit) };
    } catch (error) {
      this.leave();
      throw error;
    }
  }

  /** Resolves when the last session is closed. */
  async close(): Promise<void> {
    this.closed = true;
    const idle = this.idle.splice(0);
    idle.forEach(({ timer }) => clearTimeout(timer));
    await Promise.all(idle.map(({ session }) => session.end()));
    if (this.taken > 0) await new Promise<void>((resolve) => (this.emptied = resolve));
  }

  private turn(): Promise<void> {
    if (this.taken < this.max) {
      this.taken += 1;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const admitted = () => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        this.queue.splice(this.queue.indexOf(admitted), 1);
        const details = 'no free connection in the pool';
        reject(new EdenError('ENDPOINT_UNAVAILABLE', { endpoint_id: this.endpoint.id, details }));
      }, this.limits.poolWaitMs);
      this.queue.push(admitted);
    });
  }

  private takeIdle(): GuardedSession | undefined {
    for (let found = this.idle.pop(); found !== undefined; found = this.idle.pop()) {
      clearTimeout(found.timer);
      if (!found.session.isLost) return found.session;
    }
    return undefined;
  }

  /** One that will be there in a moment saves a new one. */
  private async nextBack(): Promise<GuardedSession | undefined> {
    if (this.returning.size > 0) await Promise.race(this.returning);
    return this.takeIdle();
  }

  private comeBack(session: GuardedSession, fit: boolean): Promise<void> {
    const back = this.takeBack(session, fit).finally(() => this.returning.delete(back));
    this.returning.add(back);
    return back;
  }

  private async takeBack(session: GuardedSession, fit: boolean): Promise<void> {
    session.releaseAnswers();
    if (fit && !this.closed && (await this.isAsNew(session))) this.keep(session);
    else if (fit) await session.end();
    else session.sever();
    this.leave();
  }

  /** Variables, temporary tables, locks, prepared statements and settings are gone. */
  private async isAsNew(session: GuardedSession): Promise<boolean> {
    const { answerTimeoutMs } = this.limits;
    try {
      await session.reset(answerTimeoutMs);
      await applySettings(session, answerTimeoutMs);
      return true;
    } catch {
      return false;
    }
  }

  private keep(session: GuardedSession): void {
    if (this.closed || session.isLost) {
      session.sever();
      return;
    }
    const timer = setTimeout(() => {
      const at = this.idle.findIndex((each) => each.session === session);
      if (at >= 0) this.idle.splice(at, 1);
      void session.end();
    }, this.limits.poolIdleMs);
    timer.unref();
    this.idle.push({ session, timer });
  }

  private leave(): void {
    const next = this.queue.shift();
    if (next !== undefined) {
      next();
      return;
    }
    this.taken -= 1;
    if (this.taken === 0) this.emptied();
  }
}

/** The sessions of API executions and of what looks at targets: one bounded pool per version of an endpoint. */
export class Pools {
  private readonly open = new Map<Uuid, Pool>();
  private readonly ending = new Set<Promise<void>>();
  private closed = false;

  constructor(private readonly limits: PoolLimits) {}

  /** @throws EdenError ENDPOINT_UNAVAILABLE, ENDPOINT_NOT_ALLOWED */
  async acquire(endpoint: Endpoint): Promise<PooledSession> {
    if (this.closed)
      throw new EdenError('ENDPOINT_UNAVAILABLE', { endpoint_id: endpoint.id, details: 'shutting down' });
    return this.poolOf(endpoint).acquire();
  }

  /** Lets go of the endpoint's pool; executions that are under way finish on it. */
  forget(endpointUuid: Uuid): void {
    const found = this.open.get(endpointUuid);
    if (found === undefined) return;
    this.open.delete(endpointUuid);
    const ended = found.close().finally(() => this.ending.delete(ended));
    this.ending.add(ended);
  }

  /** Resolves when the last session is closed. */
  async close(): Promise<void> {
    this.closed = true;
    for (const uuid of [...this.open.keys()]) this.forget(uuid);
    await Promise.all(this.ending);
  }

  private poolOf(endpoint: Endpoint): Pool {
    const found = this.open.get(endpoint.uuid);
    if (found?.version === endpoint.version) return found;
    this.forget(endpoint.uuid);
    const pool = new Pool(endpoint.version, endpoint, this.limits);
    this.open.set(endpoint.uuid, pool);
    return pool;
  }
}
