import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { LockMode } from '@eden/domain';
import { eventually, startRedisMasters } from '@eden/testkit';
import type { Hold } from './hold.js';
import { api, LockClients, request } from './testing/lock-clients.js';

/** So slow that whoever gets in within a test was called. */
const NEVER_POLLS = { retryDelayMs: 60_000, ttlMs: 60_000 };
const TIMEOUT_MS = 600_000;

let urls: string[];

beforeAll(async () => {
  urls = (await startRedisMasters(3)).map(({ url }) => url);
});

describe.each([1, 3])('whoever waits for a lock over %d masters', (count) => {
  let clients: LockClients;

  beforeAll(() => {
    clients = new LockClients(urls.slice(0, count));
  });

  afterEach(async () => clients.reset());
  afterAll(async () => clients.close());

  async function open(process: string) {
    const locks = clients.open(process, NEVER_POLLS);
    await clients.untilHeard(process);
    return locks;
  }

  it.each<[LockMode, LockMode]>([
    ['write', 'write'],
    ['write', 'read'],
    ['read', 'write'],
  ])('is called when a lock is given back (%s, then %s)', async (before, after) => {
    const a = api();
    const [first, second] = [await open('host:1'), await open('host:2')];
    const held = await first[before]([a], request(0));
    const waiting = second[after]([a], request(TIMEOUT_MS));
    await clients.untilWaiting(first, a);
    await held.release();
    expect((await waiting).mode).toBe(after);
  });

  it('is called by the last of several readers', async () => {
    const a = api();
    const [first, second, third] = [await open('host:1'), await open('host:2'), await open('host:3')];
    const readers = [await first.read([a], request(0)), await second.read([a], request(0))];
    const writing = third.write([a], request(TIMEOUT_MS));
    await clients.untilWaiting(first, a);
    for (const reader of readers) await reader.release();
    await writing;
  });

  it('is called when the writer that only waited gives up', async () => {
    const a = api();
    const [first, second] = [await open('host:1'), await open('host:2')];
    const inside = await first.read([a], request(0));
    const abort = new AbortController();
    const writing = second.write([a], { ...request(TIMEOUT_MS), signal: abort.signal });
    await clients.untilWaiting(first, a);
    const reading = first.read([a], request(TIMEOUT_MS));
    await clients.untilWaiting(first, a, 2);
    abort.abort(new Error('enough'));
    await expect(writing).rejects.toThrow('enough');
    expect((await reading).leases).not.toEqual(inside.leases);
  });

  it('gets in before other writers that came later', async () => {
    const a = api();
    const holder = await (await open('host:0')).write([a], request(0));
    const order: string[] = [];
    const waiting: Promise<void>[] = [];
    for (const name of ['host:1', 'host:2', 'host:3']) {
      const locks = await open(name);
      waiting.push(
        locks.write([a], request(TIMEOUT_MS)).then((held) => {
          order.push(name);
          return held.release();
        }),
      );
      await clients.untilWaiting(locks, a, waiting.length);
    }
    await holder.release();
    await Promise.all(waiting);
    expect(order).toEqual(['host:1', 'host:2', 'host:3']);
  });

  it.each([
    ['', false],
    [', also when each of them renews it', true],
  ])('hands it on within its process past others that came before, and then lets these in%s', async (_, renews) => {
    const a = api();
    const [own, other] = [await open('host:1'), await open('host:2')];
    const held = await own.write([a], request(0));
    const order: string[] = [];
    const wait = async (name: string, locks: typeof own) => {
      const next = await locks.write([a], request(TIMEOUT_MS));
      order.push(name);
      if (renews) expect(await (next as Hold).confirm()).toBe(true);
      await next.release();
    };
    const waiting = [wait('other', other)];
    await clients.untilWaiting(own, a);
    for (let n = 1; n <= 6; n += 1) {
      waiting.push(wait('own', own));
      await clients.untilWaiting(own, a, n + 1);
    }
    await held.release();
    await Promise.all(waiting);
    expect(order).toEqual(['own', 'own', 'own', 'own', 'other', 'own', 'own']);
    await eventually(async () => expect((await own.inspect(a)).waiting).toEqual([]));
  });

  it('hands it on to nobody who wants other things besides, or who has given up', async () => {
    const [a, b] = [api(), api()];
    const locks = await open('host:1');
    const held = await locks.write([a], request(0));
    const abort = new AbortController();
    const both = locks.write([a, b], request(TIMEOUT_MS));
    await clients.untilWaiting(locks, a);
    const given = locks.write([a], { ...request(TIMEOUT_MS), signal: abort.signal });
    await clients.untilWaiting(locks, a, 2);
    abort.abort(new Error('enough'));
    await expect(given).rejects.toThrow('enough');
    await held.release();
    await (await both).release();
    expect((await locks.inspect(b)).writer).toBeNull();
  });
});
