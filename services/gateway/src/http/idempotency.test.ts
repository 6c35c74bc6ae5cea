import { afterEach, expect, it, jest } from '@jest/globals';
import { asUuid, type IdempotencyStore } from '@eden/domain';
import { once, type KeyedRequest } from './idempotency.js';

const RESERVED = {
  state: 'reserved',
  held: { key: 'k', token: asUuid('00000000-0000-7000-8000-000000000000') },
} as const;

afterEach(() => {
  jest.useRealTimers();
});

it('a key is renewed for as long as its request is at work, and no longer', async () => {
  jest.useFakeTimers();
  let renewed = 0;
  const store: IdempotencyStore = {
    reserve: () => Promise.resolve(RESERVED),
    renew: () => Promise.resolve(void (renewed += 1)),
    answer: () => Promise.resolve(),
    forget: () => Promise.resolve(),
  };
  const request = { subject: {}, key: 'k', hash: 'h', http: {} } as unknown as KeyedRequest;
  let finish: () => void = () => undefined;
  const work = new Promise<{ status: number; body: object }>((resolve) => {
    finish = () => resolve({ status: 200, body: {} });
  });
  const answer = once(store, request, () => work as never);
  await jest.advanceTimersByTimeAsync(50_000);
  expect(renewed).toBe(3);
  finish();
  await answer;
  await jest.advanceTimersByTimeAsync(50_000);
  expect(renewed).toBe(3);
});

it('a key that cannot be given back at once is free as soon as it can be', async () => {
  let refusals = 2;
  let free: () => void = () => undefined;
  const isFree = new Promise<void>((resolve) => {
    free = resolve;
  });
  const store: IdempotencyStore = {
    reserve: () => Promise.resolve(RESERVED),
    renew: () => Promise.resolve(),
    answer: () => Promise.resolve(),
    forget: () => {
      if (refusals === 0) return Promise.resolve(free());
      refusals -= 1;
      return Promise.reject(new Error('away'));
    },
  };
  const http = { log: { warn: () => undefined } };
  const request = { subject: {}, key: 'k', hash: 'h', http } as unknown as KeyedRequest;
  await expect(once(store, request, () => Promise.reject(new Error('away, too')))).rejects.toThrow('away, too');
  // Its timer alone would not keep the process.
  const waiting = setInterval(() => undefined, 1_000);
  await isFree.finally(() => clearInterval(waiting));
  expect(refusals).toBe(0);
});
