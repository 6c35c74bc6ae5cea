import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseRedisAddress, type RedisAddress } from './redis-address.js';

describe('parseRedisAddress', () => {
  it.each<[string, RedisAddress]>([
    ['redis://cache', { kind: 'single', tls: false, host: 'cache', port: 6379, database: 0 }],
    ['redis://127.0.0.1:7000/3', { kind: 'single', tls: false, host: '127.0.0.1', port: 7000, database: 3 }],
    ['redis://[::1]:7000/?family=6', { kind: 'single', tls: false, host: '::1', port: 7000, database: 0 }],
    [
      'rediss://:s3cret@cache/',
      { kind: 'single', tls: true, password: 's3cret', host: 'cache', port: 6379, database: 0 },
    ],
    [
      'redis://ann:p%40ss%3Aw%2Frd@cache:1',
      { kind: 'single', tls: false, username: 'ann', password: 'p@ss:w/rd', host: 'cache', port: 1, database: 0 },
    ],
    [
      'redis-sentinel://:pw@a:1,b,[::1]:3/main',
      {
        kind: 'sentinel',
        tls: false,
        password: 'pw',
        sentinels: [
          { host: 'a', port: 1 },
          { host: 'b', port: 26379 },
          { host: '::1', port: 3 },
        ],
        master: 'main',
      },
    ],
    [
      'redis-cluster://a:1,b',
      {
        kind: 'cluster',
        tls: false,
        nodes: [
          { host: 'a', port: 1 },
          { host: 'b', port: 6379 },
        ],
      },
    ],
    ['rediss-cluster://a', { kind: 'cluster', tls: true, nodes: [{ host: 'a', port: 6379 }] }],
  ])('reads %s', (text, address) => {
    expect(parseRedisAddress(text)).toEqual(address);
  });

  it.each([
    '',
    'http://cache',
    'redis://',
    'redis://a,b',
    'redis://a:0',
    'redis://a:70000',
    'redis://a/x',
    'redis-sentinel://a:1,b:2',
    'redis-cluster://a:1/0',
    'redis-cluster://a:1,,b',
    'redis://%zz@a',
  ])('refuses %j', (text) => {
    expect(() => parseRedisAddress(text)).toThrow(RangeError);
  });

  it('repeats nothing of an address that it refuses', () => {
    expect(() => parseRedisAddress('redis://:hidden@a:0')).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('hidden') }),
    );
  });

  it('hands on any user and password that were percent-encoded', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, unit: 'grapheme' }),
        fc.string({ unit: 'grapheme' }),
        (username, password) => {
          const access = `${encodeURIComponent(username)}:${encodeURIComponent(password)}`;
          expect(parseRedisAddress(`redis://${access}@cache`)).toMatchObject({ username, password, host: 'cache' });
        },
      ),
    );
  });
});
