import { randomUUID } from 'node:crypto';
import { asUuid, type LockRequest, type LockResource } from '@eden/domain';
import { Redis } from 'ioredis';
import { disconnect } from '../masters.js';
import { keyName } from '../names.js';
import { createRedisLocks, type RedisLocks, type RedisLocksOptions } from '../redis-locks.js';

export const LEASE_MS = 1200;
export const COMMAND_TIMEOUT_MS = 400;

/** Several "processes" that use the same masters, and a plain connection to each master to look behind the scenes. */
export class LockClients {
  readonly redis: readonly Redis[];
  private readonly opened: RedisLocks[] = [];

  constructor(private readonly urls: readonly string[]) {
    this.redis = urls.map((url) => new Redis(url).on('error', () => undefined));
  }

  open(process: string, options: Partial<RedisLocksOptions> = {}): RedisLocks {
    const times = { ttlMs: LEASE_MS, commandTimeoutMs: COMMAND_TIMEOUT_MS, retryDelayMs: 20 };
    const locks = createRedisLocks({ urls: this.urls, process, ...times, ...options });
    this.opened.push(locks);
    return locks;
  }

  /** Resolves when every master is there again, as far as we can see. */
  async allReady(): Promise<void> {
    const missing = this.redis.filter((redis) => redis.status !== 'ready');
    await Promise.all(missing.map(untilReady));
  }

  /** Resolves when these locks have found a quorum: asks the masters again and again. */
  async untilQuorum(locks: RedisLocks): Promise<void> {
    const hasQuorum = () =>
      locks.check().then(
        () => true,
        () => false,
      );
    while (!(await hasQuorum())) await new Promise(setImmediate);
  }

  /** Resolves when that many wait for the resource on every master: asks the masters again and again, which a busy machine may keep. */
  async untilWaiting(locks: RedisLocks, resource: LockResource, count = 1): Promise<void> {
    const seen = () =>
      locks.inspect(resource).then(
        ({ waiting }) => waiting.length,
        () => 0,
      );
    while ((await seen()) < count);
    const key = keyName(resource, 'waiting');
    const isKnown = async () =>
      (await Promise.all(this.redis.map((redis) => redis.zcard(key)))).every((n) => n >= count);
    while (!(await isKnown()));
  }

  /** Resolves when that process hears every master. */
  async untilHeard(process: string): Promise<void> {
    const channel = `eden:lock:turns:${process}`;
    const isHeard = async (redis: Redis) => (await redis.pubsub('NUMSUB', channel))[1] === 1;
    while (!(await Promise.all(this.redis.map(isHeard))).every(Boolean));
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

/** Resolves at the next `ready`, however many attempts to connect fail before. */
export async function untilReady(redis: Redis): Promise<void> {
  await new Promise<void>((resolve) => redis.once('ready', resolve));
}

export function api(): LockResource {
  return { kind: 'api', uuid: asUuid(randomUUID()) };
}

export function request(timeoutMs: number, purpose = 'test'): LockRequest {
  return { owner: { purpose }, timeoutMs };
}
