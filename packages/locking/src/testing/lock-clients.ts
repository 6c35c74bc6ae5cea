import { randomUUID } from 'node:crypto';
import { asUuid, type LockRequest, type LockResource } from '@eden/domain';
import { Redis } from 'ioredis';
import { disconnect } from '../masters.js';
import { createRedisLocks, type RedisLocks, type RedisLocksOptions } from '../redis-locks.js';

export const LEASE_MS = 800;

/** Several "processes" that use the same masters, and a plain connection to each master to look behind the scenes. */
export class LockClients {
  readonly redis: readonly Redis[];
  private readonly opened: RedisLocks[] = [];

  constructor(private readonly urls: readonly string[]) {
    this.redis = urls.map((url) => new Redis(url).on('error', () => undefined));
  }

  open(process: string, options: Partial<RedisLocksOptions> = {}): RedisLocks {
    const locks = createRedisLocks({ urls: this.urls, ttlMs: LEASE_MS, retryDelayMs: 20, process, ...options });
    this.opened.push(locks);
    return locks;
  }

  /** Ends the clients of one test, and empties the masters for the next one. */
  async reset(): Promise<void> {
    await Promise.all(this.opened.splice(0).map((locks) => locks.close()));
    await Promise.all(this.redis.map((redis) => redis.flushall()));
  }

  async close(): Promise<void> {
    await Promise.all(this.opened.splice(0).map((locks) => locks.close()));
    await Promise.all(this.redis.map(disconnect));
  }
}

export function api(): LockResource {
  return { kind: 'api', uuid: asUuid(randomUUID()) };
}

export function request(timeoutMs: number, purpose = 'test'): LockRequest {
  return { owner: { purpose }, timeoutMs };
}
