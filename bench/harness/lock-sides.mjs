import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { RedlockMutex } from 'redis-semaphore';
import Redlock4 from 'redlock-4';
import { default as Redlock5 } from 'redlock-5';
import { createRedisLocks } from '../../packages/locking/dist/index.js';
import { noIntentLock } from './no-intent-lock.mjs';

const LEASE_MS = 10_000;
const PATIENCE_MS = 60_000;

/**
 * The locks that are compared. Each side opens with the masters' URLs and gives `take(key)`, which resolves to a
 * function that releases. The peers retry after 50 ms ± 25 ms.
 */
export const SIDES = {
  'ours, read (shared lease)': (urls) => ours(urls, 'read'),
  'ours, write': (urls) => ours(urls, 'write'),
  'redlock 4.2': (urls) => {
    const clients = connect(urls);
    const redlock = new Redlock4(clients, { retryCount: PATIENCE_MS / 50, retryDelay: 50, retryJitter: 25 });
    return {
      take: async (key) => {
        const lock = await redlock.lock(`bench:${key}`, LEASE_MS);
        return () => lock.unlock();
      },
      close: () => disconnect(clients),
    };
  },
  'redlock 5 beta': (urls) => {
    const clients = connect(urls);
    const redlock = new Redlock5(clients, { retryCount: PATIENCE_MS / 50, retryDelay: 50, retryJitter: 25 });
    redlock.on('error', () => undefined);
    return {
      take: async (key) => {
        const lock = await redlock.acquire([`bench:${key}`], LEASE_MS);
        return () => lock.release();
      },
      close: () => disconnect(clients),
    };
  },
  'redis-semaphore': (urls) => {
    const clients = connect(urls);
    return {
      take: async (key) => {
        const mutex = new RedlockMutex(clients, `bench:${key}`, {
          lockTimeout: LEASE_MS,
          acquireTimeout: PATIENCE_MS,
          retryInterval: 50,
          refreshInterval: 0,
        });
        await mutex.acquire();
        return () => mutex.release();
      },
      close: () => disconnect(clients),
    };
  },
};

/** Read/write locks, by what a writer does that has to wait. */
export const READ_WRITE_SIDES = {
  ours: { read: (urls) => ours(urls, 'read'), write: (urls) => ours(urls, 'write') },
  "no intent (Redisson's rule)": {
    read: (urls) => noIntentLock(urls, 'read', { leaseMs: LEASE_MS, retryMs: 50 }),
    write: (urls) => noIntentLock(urls, 'write', { leaseMs: LEASE_MS, retryMs: 50 }),
  },
};

/** Keys of a benchmark are uuids, as ours are. */
export const newKey = () => randomUUID();

function ours(urls, mode) {
  const locks = createRedisLocks({ urls, ttlMs: LEASE_MS, process: `bench:${process.pid}`, commandTimeoutMs: 500 });
  const owner = { purpose: 'bench' };
  return {
    take: async (uuid, timeoutMs = PATIENCE_MS) => {
      const held = await locks[mode]([{ kind: 'api', uuid }], { owner, timeoutMs });
      return () => held.release();
    },
    close: () => locks.close(),
  };
}

function connect(urls) {
  return urls.map((url) => new Redis(url));
}

function disconnect(clients) {
  for (const client of clients) client.disconnect();
}
