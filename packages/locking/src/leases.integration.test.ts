import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { LockResource } from '@eden/domain';
import { eventually, startRedisMasters } from '@eden/testkit';
import { encodeClaim, makeClaim } from './claim.js';
import { keyName } from './names.js';
import { api, LEASE_MS, LockClients, request } from './testing/lock-clients.js';

/** So long that nothing in a test can be the work of a renewal. */
const LONG = { ttlMs: 30_000, commandTimeoutMs: 500 };

const TAKEN = { code: 'LOCK_TIMEOUT' };

let clients: LockClients;

beforeAll(async () => {
  const masters = await startRedisMasters(3);
  clients = new LockClients(masters.map(({ url }) => url));
});

afterEach(async () => clients.reset());
afterAll(async () => clients.close());

/** Scripts that the masters have run so far, all together. */
async function scriptsRun(): Promise<number> {
  const stats = await Promise.all(clients.redis.map((redis) => redis.info('commandstats')));
  const calls = stats.flatMap((text) => [...text.matchAll(/cmdstat_eval(?:sha)?:calls=(\d+)/g)]);
  return calls.reduce((sum, [, count]) => sum + Number(count), 0);
}

function leasesKnown(resource: LockResource): Promise<readonly number[]> {
  return Promise.all(clients.redis.map((redis) => redis.zcard(keyName(resource, 'readers'))));
}

/** Resolves when that many processes hear every master. */
async function untilListening(processes: number): Promise<void> {
  await eventually(async () => {
    const counts = await Promise.all(clients.redis.map((redis) => redis.pubsub('NUMSUB', 'eden:lock:intents')));
    expect(counts.map(([, count]) => count)).toEqual([processes, processes, processes]);
  });
}

/** Blocks this process the way SIGSTOP does. */
function stallEventLoop(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

describe('the readers of one process', () => {
  it('share a lease: the second one, and whoever comes after them, asks no master', async () => {
    const a = api();
    const locks = clients.open('host:1', LONG);
    const first = await locks.read([a], request(0));
    await eventually(async () => expect(await leasesKnown(a)).toEqual([1, 1, 1]));
    const before = await scriptsRun();
    for (let n = 0; n < 1000; n += 1) {
      const next = await locks.read([a], request(0));
      expect(next.leases).toEqual(first.leases);
      await next.release();
    }
    expect(await scriptsRun()).toBe(before);
  });

  it('ask together when they come together', async () => {
    const a = api();
    const locks = clients.open('host:1', LONG);
    await locks.check();
    const held = await Promise.all(Array.from({ length: 50 }, () => locks.read([a], request(0))));
    expect(new Set(held.flatMap(({ leases }) => leases)).size).toBe(1);
    await eventually(async () => expect(await leasesKnown(a)).toEqual([1, 1, 1]));
  });

  it('are counted, for others as of the last renewal', async () => {
    const a = api();
    const [first, second] = [clients.open('host:1'), clients.open('host:2')];
    const held = [await first.read([a], request(0)), await first.read([a], request(0))];
    expect((await first.inspect(a)).readers).toMatchObject([{ process: 'host:1', count: 2 }]);
    await eventually(async () => {
      expect((await second.inspect(a)).readers).toMatchObject([{ process: 'host:1', count: 2 }]);
    });
    await held[0]?.release();
    expect((await first.inspect(a)).readers).toMatchObject([{ process: 'host:1', count: 1 }]);
  });

  it('are told of a loss each, unless they have left before', async () => {
    const a = api();
    const locks = clients.open('host:1');
    const [inside, left] = [await locks.read([a], request(0)), await locks.read([a], request(0))];
    const signal = left.signal;
    await left.release();
    const lost = once(inside.signal, 'abort');
    await Promise.all(clients.redis.map((redis) => redis.flushall()));
    await lost;
    expect(inside.signal.reason).toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    expect([signal.aborted, left.signal.aborted]).toEqual([false, false]);
    const next = await locks.read([a], request(0));
    expect(next.leases).not.toEqual(inside.leases);
    expect(next.signal.aborted).toBe(false);
  });

  it('find, after their process was stopped for longer than its lease, that it is over', async () => {
    const a = api();
    const locks = clients.open('host:1');
    const before = await locks.read([a], request(0));
    stallEventLoop(LEASE_MS + 10);
    const after = locks.read([a], request(0));
    expect(before.signal.aborted).toBe(true);
    expect((await after).leases).not.toEqual(before.leases);
  });

  it('give back what nobody uses, and nothing that somebody uses', async () => {
    const [a, b] = [api(), api()];
    const locks = clients.open('host:1', { ttlMs: 1200 });
    const used = await locks.read([a], request(0));
    await (await locks.read([b], request(0))).release();
    await eventually(async () => expect((await locks.inspect(b)).readers).toEqual([]));
    expect((await locks.inspect(a)).readers).toMatchObject([{ count: 1 }]);
    expect(used.signal.aborted).toBe(false);
    expect(await clients.redis[0]?.keys('*:n:*')).toHaveLength(1);
  });
});

describe('a writer that waits', () => {
  it('is heard by all processes, which give back their unused leases at once', async () => {
    const a = api();
    const readers = [clients.open('host:1', LONG), clients.open('host:2', LONG)];
    await Promise.all(readers.map(async (locks) => (await locks.read([a], request(0))).release()));
    const held = await clients.open('host:3', LONG).write([a], request(5_000));
    expect(held.waitedMs).toBeLessThan(LONG.ttlMs / 3);
  });

  it('waits for those inside, and nobody else gets in before it', async () => {
    const a = api();
    const locks = clients.open('host:1', LONG);
    const inside = await locks.read([a], request(0));
    const writing = clients.open('host:2', LONG).write([a], request(20_000));
    await clients.untilWaiting(locks, a);
    await expect(locks.read([a], request(0))).rejects.toMatchObject(TAKEN);
    const reading = locks.read([a], request(20_000));
    await inside.release();
    const writer = await writing;
    await writer.release();
    expect((await reading).leases).not.toEqual(inside.leases);
  });

  // Protocol: I2
  it('gets in although the readers of one process keep coming and never leave it empty', async () => {
    const a = api();
    const locks = clients.open('host:1', LONG);
    await locks.check();
    let isWriterIn = false;
    const keepReading = async () => {
      while (!isWriterIn) {
        const held = await locks.read([a], request(20_000));
        for (let step = 0; step < 20; step += 1) await clients.redis[0]?.ping();
        await held.release();
      }
    };
    const readers = Array.from({ length: 16 }, keepReading);
    const writer = await clients.open('host:2', LONG).write([a], request(20_000));
    isWriterIn = true;
    expect(writer.waitedMs).toBeLessThan(LONG.ttlMs / 3);
    await writer.release();
    await Promise.all(readers);
  });

  // Protocol: I2
  it('is seen within a third of a lease when its message was lost', async () => {
    const a = api();
    const locks = clients.open('host:1');
    await untilListening(1);
    await (await locks.read([a], request(0))).release();
    const stop = keepUsed(() => locks.read([a], request(0)));
    const intent = encodeClaim(makeClaim('write', 'host:2', { purpose: 'test' }));
    await Promise.all(clients.redis.slice(1).map((redis) => redis.set(keyName(a, 'intent'), intent, 'PX', 60_000)));
    await eventually(async () => expect(await leasesKnown(a)).toEqual([0, 0, 0]));
    await stop();
  });

  it('of the same process does not have to be heard', async () => {
    const a = api();
    const locks = clients.open('host:1', LONG);
    await (await locks.read([a], request(0))).release();
    const held = await locks.write([a], request(0));
    expect(held.mode).toBe('write');
  });
});

/** Takes and leaves a lock until it is told to stop or is refused, so that no lease is given back as unused. */
function keepUsed(read: () => Promise<{ release(): Promise<void> }>): () => Promise<void> {
  let isStopped = false;
  const using = (async () => {
    while (!isStopped) {
      try {
        await (await read()).release();
      } catch {
        return;
      }
      await new Promise(setImmediate);
    }
  })();
  return () => {
    isStopped = true;
    return using;
  };
}

describe('what was read under a lease', () => {
  // Protocol: I3
  it('is no longer vouched for once somebody has written', async () => {
    const a = api();
    const locks = clients.open('host:1', LONG);
    const before = await locks.read([a], request(0));
    await before.release();
    await (await clients.open('host:2', LONG).write([a], request(5_000))).release();
    const after = await locks.read([a], request(5_000));
    expect(after.leases).toHaveLength(1);
    expect(after.leases[0]).not.toBe(before.leases[0]);
  });

  it('comes with a lease for each resource', async () => {
    const [a, b] = [api(), api()];
    const locks = clients.open('host:1', LONG);
    const [of, both] = [await locks.read([a], request(0)), await locks.read([b, a], request(0))];
    expect(both.leases).toHaveLength(2);
    expect(both.leases[1]).toBe(of.leases[0]);
  });
});

describe('a reader of several resources', () => {
  it('holds nothing while it waits, so that it is in nobody’s way', async () => {
    const [a, b] = [api(), api()];
    const [first, second] = [clients.open('host:1', LONG), clients.open('host:2', LONG)];
    const ofB = await second.write([b], request(0));
    const reading = first.read([a, b], request(20_000));
    await clients.untilWaiting(second, b);
    const ofA = await second.write([a], request(5_000));
    await Promise.all([ofA.release(), ofB.release()]);
    expect((await reading).leases).toHaveLength(2);
  });
});
