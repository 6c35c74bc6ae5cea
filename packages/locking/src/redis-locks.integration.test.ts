import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { isEdenError, type EdenError } from '@eden/domain';
import { startRedisMasters } from '@eden/testkit';
import { encodeHolder, makeClaim } from './claim.js';
import { keyName } from './names.js';
import { api, LEASE_MS, LockClients, request } from './testing/lock-clients.js';

let urls: string[];

beforeAll(async () => {
  urls = (await startRedisMasters(3)).map(({ url }) => url);
});

async function failure(work: Promise<unknown>): Promise<EdenError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!isEdenError(error)) throw new Error(`expected an EdenError, not ${String(error)}`);
  return error;
}

describe.each([1, 3])('the read/write lock over %d masters', (count) => {
  let clients: LockClients;

  beforeAll(() => {
    clients = new LockClients(urls.slice(0, count));
  });

  afterEach(async () => clients.reset());
  afterAll(async () => clients.close());

  // Protocol: I1
  it('is shared among the readers of several processes and excludes their writers', async () => {
    const a = api();
    const [first, second] = [clients.open('host:1'), clients.open('host:2')];
    const readers = [await first.read([a], request(0)), await second.read([a], request(0))];
    expect((await failure(first.write([a], request(0)))).code).toBe('LOCK_TIMEOUT');
    await Promise.all(readers.map((reader) => reader.release()));
    const writer = await second.write([a], request(1000));
    expect((await failure(first.read([a], request(0)))).code).toBe('LOCK_TIMEOUT');
    expect((await failure(first.write([a], request(0)))).code).toBe('LOCK_TIMEOUT');
    await writer.release();
    await (await first.write([a], request(1000))).release();
  });

  it('is handed to the one who waits when it is released', async () => {
    const a = api();
    const [first, second] = [clients.open('host:1'), clients.open('host:2')];
    const holder = await first.write([a], request(0));
    const waiting = second.read([a], request(10_000));
    await clients.untilWaiting(second, a);
    await holder.release();
    const held = await waiting;
    expect(held.mode).toBe('read');
    expect(held.waitedMs).toBeGreaterThan(0);
  });

  it('is kept beyond its lease as long as its holder lives', async () => {
    const a = api();
    const held = await clients.open('host:1').write([a], request(0));
    const error = await failure(clients.open('host:2').write([a], request(1.5 * LEASE_MS)));
    expect(error.code).toBe('LOCK_TIMEOUT');
    expect(held.signal.aborted).toBe(false);
  });

  // Protocol: I2
  it('lets a writer in although readers keep coming and overlap', async () => {
    const a = api();
    const locks = [clients.open('host:1'), clients.open('host:2')];
    let isWriterIn = false;
    let reads = 0;
    const keepReading = async (index: number) => {
      while (!isWriterIn) {
        const held = await locks[index % 2]?.read([a], request(10_000));
        for (let step = 0; step < 20; step += 1) await clients.redis[0]?.ping();
        await held?.release();
        reads += 1;
      }
    };
    const readers = Array.from({ length: 12 }, (_, index) => keepReading(index));
    const writer = await clients
      .open('host:3')
      .write([a], request(5000))
      .finally(() => (isWriterIn = true));
    await writer.release();
    await Promise.all(readers);
  });

  // Protocol: I19
  it('tells who was in the way when the wait is over', async () => {
    const a = api();
    const holder = clients.open('db-1:42');
    await holder.write([a], { owner: { purpose: 'run 7', fence: 3 }, timeoutMs: 0 });
    const before = Date.now();
    const error = await failure(clients.open('host:2').read([a], request(0)));
    expect(error.context).toEqual({
      holders: [{ process: 'db-1:42', purpose: 'run 7', fence: 3, mode: 'write', since: expect.any(String) }],
      lock_wait_ms: expect.any(Number),
    });
    const [{ since }] = error.context['holders'] as [{ since: string }];
    expect(Math.abs(Date.parse(since) - before)).toBeLessThan(5000);
  });

  it('tells a reader which writer waits when only that is in the way', async () => {
    const a = api();
    const locks = clients.open('host:1');
    await locks.read([a], request(0));
    const writing = failure(clients.open('host:2').write([a], request(10_000, 'sync')));
    await clients.untilWaiting(locks, a);
    const error = await failure(clients.open('host:3').read([a], request(0)));
    expect(error.context['holders']).toMatchObject([{ process: 'host:2', purpose: 'sync', mode: 'write' }]);
    await clients.reset();
    await writing;
  });

  it('shows who holds it and who waits, and for how long', async () => {
    const a = api();
    const [first, second] = [clients.open('host:1'), clients.open('host:2')];
    expect(await first.inspect(a)).toEqual({ resource: a, writer: null, readers: [], waiting: [] });
    await first.read([a], request(0, 'execution'));
    await second.read([a], request(0, 'execution'));
    const writing = failure(second.write([a], { owner: { purpose: 'run 7', fence: 3 }, timeoutMs: 10_000 }));
    await clients.untilWaiting(first, a);
    const since = expect.any(Date);
    expect(await first.inspect(a)).toEqual({
      resource: a,
      writer: null,
      readers: [
        { process: 'host:1', purpose: 'execution', since, count: 1 },
        { process: 'host:2', purpose: 'execution', since, count: 1 },
      ],
      waiting: [{ process: 'host:2', purpose: 'run 7', fence: 3, since, count: 1 }],
    });
    await clients.reset();
    await writing;
  });

  it('does not show as waiting whoever got in at last', async () => {
    const a = api();
    const [first, second] = [clients.open('host:1'), clients.open('host:2')];
    const holder = await first.read([a], request(0));
    const writing = second.write([a], request(10_000, 'sync'));
    await clients.untilWaiting(first, a);
    await holder.release();
    await writing;
    expect(await first.inspect(a)).toMatchObject({ writer: { purpose: 'sync' }, readers: [], waiting: [] });
  });

  it('leaves no intent behind when a writer gives up, so that readers go on at once', async () => {
    const a = api();
    const locks = clients.open('host:1');
    await locks.read([a], request(0));
    await failure(clients.open('host:2').write([a], request(100)));
    await locks.read([a], request(0));
    expect(await locks.inspect(a)).toMatchObject({ waiting: [] });
  });

  it('stops waiting with the reason of an aborted signal, and leaves nothing behind', async () => {
    const a = api();
    const locks = clients.open('host:1');
    const held = await locks.read([a], request(0));
    const abort = new AbortController();
    const second = clients.open('host:2');
    const writing = second.write([a], { ...request(60_000), signal: abort.signal });
    await clients.untilWaiting(locks, a);
    abort.abort(new Error('the client hung up'));
    await expect(writing).rejects.toThrow('the client hung up');
    await second.close();
    expect(await locks.inspect(a)).toMatchObject({ waiting: [] });
    await locks.read([a], request(0));
    await held.release();
  });

  it('gives back what is granted after the caller has hung up', async () => {
    const a = api();
    const locks = clients.open('host:1');
    await locks.check();
    const abort = new AbortController();
    const writing = locks.write([a], { ...request(1000), signal: abort.signal });
    await new Promise(setImmediate);
    abort.abort(new Error('the client hung up'));
    await expect(writing).rejects.toThrow('the client hung up');
    await (await clients.open('host:2').write([a], request(LEASE_MS / 2))).release();
  });

  it('does not even ask for a request that is aborted already', async () => {
    const signal = AbortSignal.abort(new Error('too late'));
    await expect(clients.open('host:1').read([api()], { ...request(1000), signal })).rejects.toThrow('too late');
  });

  it('leaves no intent behind on a master that refused what the others granted', async () => {
    const a = api();
    const refusing = clients.redis.slice(2);
    const other = encodeHolder(makeClaim('write', 'host:0', { purpose: 'late' }), {
      number: 1,
      since: 0,
      patienceMs: 1,
    });
    for (const redis of refusing) await redis.set(keyName(a, 'writer'), other);
    const locks = clients.open('host:1');
    await locks.write([a], request(0));
    await locks.close();
    for (const redis of refusing) expect(await redis.keys('*')).toEqual([keyName(a, 'writer')]);
  });

  // Protocol: I1
  it('takes all resources or none', async () => {
    const [a, b, c] = [api(), api(), api()];
    const locks = clients.open('host:1');
    const held = await locks.write([b], request(0));
    await failure(locks.write([c, b, a], request(0)));
    await locks.read([a, c], request(0));
    await held.release();
    await locks.write([b], request(0));
  });

  // Protocol: I3
  it('aborts the signal of a holder whose lock was dropped, and forgets the resource', async () => {
    const a = api();
    const locks = clients.open('host:1');
    const held = await locks.write([a], request(0));
    const lost = new Promise((resolve) => held.signal.addEventListener('abort', resolve));
    await clients.open('host:2').drop([a]);
    await lost;
    expect(held.signal.reason).toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    expect(await Promise.all(clients.redis.map((redis) => redis.dbsize()))).toEqual(clients.redis.map(() => 0));
  });

  it('reports every wait once, with its outcome', async () => {
    const a = api();
    const waits: unknown[] = [];
    const locks = clients.open('host:1', {
      onWait: (mode, waitedMs, outcome) => waits.push([mode, outcome, waitedMs >= 0]),
    });
    await locks.read([a], request(0));
    await failure(locks.write([a], request(50)));
    expect(waits).toEqual([
      ['read', 'granted', true],
      ['write', 'timeout', true],
    ]);
  });

  it('leaves no key behind when its clients are closed, and refuses them afterwards', async () => {
    const a = api();
    const locks = clients.open('host:1');
    await locks.read([a], request(0));
    const waiting = failure(locks.write([a], request(60_000)));
    await clients.untilWaiting(locks, a);
    await locks.close();
    expect((await waiting).code).toBe('SERVICE_UNAVAILABLE');
    expect((await failure(locks.read([a], request(0)))).code).toBe('SERVICE_UNAVAILABLE');
    expect(await Promise.all(clients.redis.map((redis) => redis.dbsize()))).toEqual(clients.redis.map(() => 0));
  });

  it('releases also what is granted while its client closes', async () => {
    const a = api();
    const locks = clients.open('host:1');
    await locks.check();
    const writing = locks.write([a], request(0));
    await new Promise(setImmediate);
    await locks.close();
    await writing.catch((error: unknown) => expect(error).toMatchObject({ code: 'SERVICE_UNAVAILABLE' }));
    expect(await Promise.all(clients.redis.map((redis) => redis.dbsize()))).toEqual(clients.redis.map(() => 0));
  });

  it('is released once, however often it is asked', async () => {
    const a = api();
    const [first, second] = [clients.open('host:1'), clients.open('host:2')];
    const held = await first.write([a], request(0));
    await Promise.all([held.release(), held.release()]);
    const next = await second.write([a], request(0));
    await held.release();
    expect((await failure(first.write([a], request(0)))).code).toBe('LOCK_TIMEOUT');
    expect(next.signal.aborted).toBe(false);
    expect(held.signal.aborted).toBe(false);
  });

  it('refuses a request for nothing', async () => {
    await expect(clients.open('host:1').read([], request(0))).rejects.toThrow(RangeError);
  });
});
