import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { RedisServer } from '@eden/sandbox';
import { startRedisMasters } from '@eden/testkit';
import type { RedisLocks } from './redis-locks.js';
import { api, LEASE_MS, LockClients, request } from './testing/lock-clients.js';

let servers: RedisServer[];
let clients: LockClients;

beforeAll(async () => {
  servers = await startRedisMasters(3);
  clients = new LockClients(servers.map(({ url }) => url));
});

afterEach(async () => {
  await clients.allReady();
  await clients.reset();
});

afterAll(async () => {
  await clients.close();
});

async function connected(process: string): Promise<RedisLocks> {
  const locks = clients.open(process);
  await locks.check();
  return locks;
}

const TAKEN = { code: 'LOCK_TIMEOUT' };
const AWAY = { code: 'SERVICE_UNAVAILABLE' };

describe('with one of three masters frozen', () => {
  it('locks are granted, kept, refused and released as usual, and the late commands leave nothing behind', async () => {
    const a = api();
    const [first, second] = [await connected('host:1'), await connected('host:2')];
    servers[2]?.freeze();
    const held = await first.write([a], request(1000));
    await expect(second.read([a], request(1.5 * LEASE_MS))).rejects.toMatchObject(TAKEN);
    expect(held.signal.aborted).toBe(false);
    await held.release();
    await (await second.write([a], request(1000))).release();
    servers[2]?.thaw();
    // On the connections over which the late commands came.
    await Promise.all([first.close(), second.close()]);
    expect(await clients.redis[2]?.keys('*:[wr]')).toEqual([]);
  });
});

describe('with one of three masters killed', () => {
  it('a holder keeps its lock, also when the master comes back empty, and still excludes others', async () => {
    const a = api();
    const [first, second] = [await connected('host:1'), await connected('host:2')];
    const held = await first.write([a], request(0));
    await servers[0]?.kill();
    await expect(second.write([a], request(0))).rejects.toMatchObject(TAKEN);
    await servers[0]?.restartEmpty();
    await expect(second.write([a], request(1.5 * LEASE_MS))).rejects.toMatchObject(TAKEN);
    expect(held.signal.aborted).toBe(false);
    await held.release();
    await second.write([a], request(1000));
  });

  it('a master that comes back is used again, by itself', async () => {
    const locks = await connected('host:1');
    await servers[0]?.kill();
    await servers[0]?.restartEmpty();
    await servers[1]?.kill();
    // The quorum needs the one that came back.
    await clients.untilQuorum(locks);
    const held = await locks.read([api()], request(0));
    expect(held.signal.aborted).toBe(false);
    await servers[1]?.restartEmpty();
  });
});

describe('without a quorum of masters', () => {
  // Protocol: I3
  it('the signal of every holder aborts within its lease, with the reason', async () => {
    const locks = await connected('host:1');
    const [reader, writer] = [await locks.read([api()], request(0)), await locks.write([api()], request(0))];
    const startedAt = performance.now();
    const lost = Promise.all([once(reader.signal, 'abort'), once(writer.signal, 'abort')]);
    await Promise.all([servers[0]?.kill(), servers[1]?.kill()]);
    await lost;
    expect(performance.now() - startedAt).toBeLessThan(1.5 * LEASE_MS);
    expect(reader.signal.reason).toMatchObject(AWAY);
    await Promise.all([reader.release(), writer.release()]);
    await Promise.all([servers[0]?.restartEmpty(), servers[1]?.restartEmpty()]);
  });

  it('a request does not wait for its whole timeout, inspection says so, and removal does not mind', async () => {
    const locks = await connected('host:1');
    await Promise.all([servers[0]?.kill(), servers[1]?.kill()]);
    await expect(locks.write([api()], request(600_000))).rejects.toMatchObject(AWAY);
    await expect(locks.inspect(api())).rejects.toMatchObject(AWAY);
    await expect(locks.drop([api()])).resolves.toBeUndefined();
    await Promise.all([servers[0]?.restartEmpty(), servers[1]?.restartEmpty()]);
  });

  it('a holder whose masters all came back empty hears at its next renewal that it has lost', async () => {
    const a = api();
    const held = await (await connected('host:1')).write([a], request(0));
    await Promise.all(clients.redis.map((redis) => redis.flushall()));
    await once(held.signal, 'abort');
    expect(held.signal.aborted).toBe(true);
    await held.release();
  });
});

describe('a process that starts before its masters', () => {
  it('finds them when they are there', async () => {
    await servers[0]?.kill();
    await servers[1]?.kill();
    const locks = clients.open('host:1');
    await expect(locks.check()).rejects.toMatchObject(AWAY);
    await Promise.all([servers[0]?.restartEmpty(), servers[1]?.restartEmpty()]);
    await clients.untilQuorum(locks);
    await (await locks.write([api()], request(0))).release();
  });
});
