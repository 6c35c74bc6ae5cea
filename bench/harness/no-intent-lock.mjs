import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { default as Redlock5 } from 'redlock-5';

/*
 * A read/write lock on Redlock by the rule of Redisson's RReadWriteLock: a reader is refused by a writer only, and a
 * writer that waits leaves nothing behind. Like ours, it tries once and retries outside of redlock.
 */

const KEYS = (key) => [`{bench:${key}}:w`, `{bench:${key}}:r`];

const SCRIPTS = {
  read: {
    acquire: `if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
              redis.call('HSET', KEYS[2], ARGV[1], 1); redis.call('PEXPIRE', KEYS[2], ARGV[2]); return #KEYS`,
    release: `redis.call('HDEL', KEYS[2], ARGV[1]); return #KEYS`,
  },
  write: {
    acquire: `if redis.call('EXISTS', KEYS[1], KEYS[2]) > 0 then return 0 end
              redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2]); return #KEYS`,
    release: `if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end return #KEYS`,
  },
};

export function noIntentLock(urls, mode, { leaseMs, retryMs }) {
  const clients = urls.map((url) => new Redis(url));
  const { acquire, release } = SCRIPTS[mode];
  const scripts = { acquireScript: () => acquire, releaseScript: () => release };
  const redlock = new Redlock5(clients, { retryCount: 0 }, scripts);
  redlock.on('error', () => undefined);
  return {
    take: async (key, timeoutMs = 60_000) => {
      const deadline = performance.now() + timeoutMs;
      for (;;) {
        try {
          const lock = await redlock.acquire(KEYS(key), leaseMs);
          return () => lock.release();
        } catch (error) {
          if (performance.now() >= deadline) throw error;
        }
        await pause(retryMs * (0.5 + Math.random()));
      }
    },
    close: () => clients.forEach((client) => client.disconnect()),
  };
}
