import { describe, expect, it } from '@jest/globals';
import { createRedisLocks } from './redis-locks.js';

const MASTERS = [1, 2, 3, 4].map((n) => `redis://:secret@127.0.0.1:${n}`);

function create(urls: readonly string[], times: { ttlMs?: number; commandTimeoutMs?: number } = {}): unknown {
  return createRedisLocks({ urls, ttlMs: 5000, process: 'host:1', ...times });
}

describe('the settings of the lock masters', () => {
  it.each([0, 2, 4])('refuse %d masters: an even number can wait for ever', (count) => {
    expect(() => create(MASTERS.slice(0, count))).toThrow('must be odd');
  });

  it('refuse a master that is named twice: it would vote twice', () => {
    expect(() => create([MASTERS[0], MASTERS[1], MASTERS[0]] as string[])).toThrow('named twice');
  });

  it('refuse what is not a Redis URL, without repeating it', () => {
    expect(() => create(['http://user:secret@127.0.0.1'])).toThrow(/^(?!.*secret).*redis/);
  });

  it('refuse a lease that is shorter than three answers may take', () => {
    expect(() => create(MASTERS.slice(0, 1), { ttlMs: 749 })).toThrow('ttlMs');
    expect(() => create(MASTERS.slice(0, 1), { commandTimeoutMs: 5000 })).toThrow('commandTimeoutMs');
  });
});
