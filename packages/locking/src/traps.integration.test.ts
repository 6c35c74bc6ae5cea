import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { RedisServer } from '@eden/sandbox';
import { startRedisMasters, testSandbox } from '@eden/testkit';
import { Acquisition, type AcquisitionSettings } from './acquisition.js';
import { encodeHolder, makeClaim } from './claim.js';
import { Hold } from './hold.js';
import { Masters } from './masters.js';
import { keyName, keyNames } from './names.js';
import { Outage } from './outage.js';
import { Lease, QuorumLock, type Votes } from './quorum-lock.js';
import { LOCK_SCRIPTS } from './scripts.js';
import { api, COMMAND_TIMEOUT_MS, LEASE_MS, LockClients, request, untilReady } from './testing/lock-clients.js';

/**
 * The traps of redlock 5.0.0-beta.2, by the number in README.md. Number 5, an even number of masters, is refused by the
 * settings (masters.test.ts); number 8, its types, by the compiler and quorum-lock.test.ts.
 */

const SETTINGS: AcquisitionSettings = {
  leaseMs: LEASE_MS,
  retryDelayMs: 20,
  pollMs: 80,
  quorum: 2,
  patienceMs: 500,
  outage: new Outage(500),
};

let servers: RedisServer[];
let clients: LockClients;
let masters: Masters;
const opened: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  servers = await startRedisMasters(3);
  clients = new LockClients(servers.map(({ url }) => url));
});

beforeEach(async () => {
  masters = await connect(servers);
});

afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close()));
  await clients.reset();
});

afterAll(async () => {
  await clients.close();
});

async function startRedis(name: string): Promise<RedisServer> {
  return (await testSandbox()).startRedis({ name });
}

async function connect(to: readonly RedisServer[], commandTimeoutMs = COMMAND_TIMEOUT_MS): Promise<Masters> {
  const urls = to.map(({ url }) => url);
  const connected = new Masters({ urls, commandTimeoutMs, connectionName: 'test', onError: () => undefined });
  opened.push(connected);
  await connected.connected;
  return connected;
}

const claim = () => makeClaim('write', 'host:1', { purpose: 'test' });

function holderValue(): string {
  return encodeHolder(claim(), { number: 1, since: Date.now(), patienceMs: 500 });
}

async function taken(quorumLock: QuorumLock, keys: string[], leaseMs = LEASE_MS): Promise<Lease> {
  const lease = await quorumLock.take(keys, holderValue(), leaseMs);
  if (lease instanceof Lease) return lease;
  throw new Error('not granted');
}

function holding(quorumLock: QuorumLock, lease: Lease): Hold {
  const onReleased = () => undefined;
  return new Hold(quorumLock, lease, { mode: 'write', waitedMs: 0, leaseMs: LEASE_MS, retryDelayMs: 50, onReleased });
}

/** Blocks this process the way a long garbage collection does. */
function stallEventLoop(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

class CountingLock extends QuorumLock {
  extensions = 0;

  override async extend(lease: Lease, leaseMs: number): Promise<Lease | Votes> {
    this.extensions += 1;
    return super.extend(lease, leaseMs);
  }
}

describe('trap 1: scripts given as strings are silently ignored', () => {
  it.each([['read' as const], ['write' as const]])('it is our %s scripts that run', async (mode) => {
    // One master only: of three, the slowest may not have run a script yet when the other two have answered.
    const only = masters.clients.slice(0, 1);
    const quorumLock = new QuorumLock(only, LOCK_SCRIPTS[mode]);
    const lease = await taken(quorumLock, keyNames([api()]));
    await quorumLock.extend(lease, LEASE_MS);
    if (mode === 'write') await quorumLock.handOn(lease, 'the value of the next one', LEASE_MS);
    await quorumLock.release(lease);
    const hashes = Object.values(LOCK_SCRIPTS[mode]).map((lua) => createHash('sha1').update(lua).digest('hex'));
    expect(await only[0]?.script('EXISTS', ...hashes)).toEqual(hashes.map(() => 1));
  });

  it('the value of each lock is ours as well, also of those that are asked for at the same time', async () => {
    const resources = [api(), api(), api()];
    const values = resources.map(holderValue);
    const only = masters.clients.slice(0, 1);
    const quorumLock = new QuorumLock(only, LOCK_SCRIPTS.write);
    await Promise.all(resources.map((one, n) => quorumLock.take(keyNames([one]), values[n] ?? '', LEASE_MS)));
    const writers = resources.map((one) => keyName(one, 'writer'));
    expect(await only[0]?.mget(writers)).toEqual(values);
  });
});

describe('trap 2: retries inside Redlock keep the grants of a minority', () => {
  it('a refused attempt has given back what a minority granted before it is over', async () => {
    const a = api();
    const [one, two, three] = clients.redis;
    await two?.set(keyName(a, 'writer'), holderValue());
    await three?.set(keyName(a, 'writer'), holderValue());
    const acquisition = new Acquisition(
      new QuorumLock(masters.clients, LOCK_SCRIPTS.write),
      claim(),
      keyNames([a]),
      SETTINGS,
    );
    const outcome = await acquisition.run(0);
    expect(outcome).toEqual({ reason: 'taken', answering: 3 });
    expect(await one?.exists(keyName(a, 'writer'))).toBe(0);
  });
});

describe('trap 3: a lock that was granted late may be over on arrival', () => {
  // Protocol: I1
  it('it is given back instead of handed out', async () => {
    const keys = keyNames([api()]);
    const patient = await connect(servers, 500);
    const quorumLock = new QuorumLock(patient.clients, LOCK_SCRIPTS.write);
    // So that the stall falls into the one round trip that decides.
    const { acquire, release } = LOCK_SCRIPTS.write;
    for (const text of [acquire, release]) await patient.answers((master) => master.script('LOAD', text));
    const late = new Acquisition(quorumLock, claim(), keys, { ...SETTINGS, leaseMs: 100 });
    const outcome = late.run(0);
    stallEventLoop(200);
    expect(await outcome).toMatchObject({ reason: 'unavailable' });
    expect(await patient.answers((master) => master.dbsize())).toEqual([0, 0, 0]);
  });
});

describe('trap 4: using() loses results, tells late and spins', () => {
  // Protocol: I3
  it('the signal tells of the loss in the very moment in which a stalled process goes on', async () => {
    const held = await clients.open('host:1').write([api()], request(0));
    stallEventLoop(LEASE_MS + 10);
    expect(held.signal.aborted).toBe(true);
  });

  it('a lease is good to its end, also in the moment in which a renewal replaces it', async () => {
    const quorumLock = new QuorumLock(masters.clients, LOCK_SCRIPTS.write);
    const lease = await taken(quorumLock, keyNames([api()]));
    expect(await quorumLock.extend(lease, LEASE_MS)).toBeInstanceOf(Lease);
    expect(lease.remainingMs).toBeGreaterThan(0);
  });

  it('a holder without its masters tries to renew at its pace, and then gives up', async () => {
    const own = await startRedis('lonely');
    const lonely = await connect([own]);
    const quorumLock = new CountingLock(lonely.clients, LOCK_SCRIPTS.write);
    const hold = holding(quorumLock, await taken(quorumLock, keyNames([api()])));
    await own.kill();
    await once(hold.signal, 'abort');
    // During the last two thirds of the lease, every 50 ms.
    expect(quorumLock.extensions).toBeGreaterThan(2);
    expect(quorumLock.extensions).toBeLessThanOrEqual((LEASE_MS * 2) / 3 / 50 + 1);
    await hold.release();
  });

  it('a holder that a quorum disowns does not wait for the end of its lease', async () => {
    const quorumLock = new CountingLock(masters.clients, LOCK_SCRIPTS.write);
    const hold = holding(quorumLock, await taken(quorumLock, keyNames([api()])));
    await Promise.all(clients.redis.map((redis) => redis.flushall()));
    await once(hold.signal, 'abort');
    expect(quorumLock.extensions).toBe(1);
    await hold.release();
  });

  it('a release that reaches nobody is no error', async () => {
    const own = await startRedis('gone');
    const alone = new LockClients([own.url]);
    opened.push(alone);
    const held = await alone.open('host:1').write([api()], request(1000));
    await own.kill();
    await expect(held.release()).resolves.toBeUndefined();
  });
});

describe('trap 6: releasing an expired lock takes seconds and fails', () => {
  it.each([['read' as const], ['write' as const]])('ours counts it as released, at once (%s)', async (mode) => {
    const quorumLock = new QuorumLock(masters.clients, LOCK_SCRIPTS[mode]);
    const lease = await taken(quorumLock, keyNames([api()]));
    await Promise.all(clients.redis.map((redis) => redis.flushall()));
    expect(await quorumLock.release(lease)).toBe(true);
  });
});

describe('trap 7: a command that waits for a connection plants a lock that nobody holds', () => {
  it('what is asked between two connections is refused, not sent later', async () => {
    const [master] = masters.clients;
    if (master === undefined) throw new Error('no master');
    const closed = once(master, 'close');
    await clients.redis[0]?.client('KILL', 'ID', await master.client('ID'));
    await closed;
    await expect(master.set('planted', 'by nobody')).rejects.toThrow();
    await untilReady(master);
    expect(await master.exists('planted')).toBe(0);
  });

  it('what a request asks while no master is there is over when they return', async () => {
    const own = await startRedis('returning');
    const lonely = await connect([own]);
    const [master] = lonely.clients;
    if (master === undefined) throw new Error('no master');
    const closed = once(master, 'close');
    await own.kill();
    await closed;
    const quorumLock = new QuorumLock(lonely.clients, LOCK_SCRIPTS.write);
    expect(await quorumLock.take(keyNames([api()]), holderValue(), 60_000)).toMatchObject({ granted: 0, refused: 0 });
    const back = untilReady(master);
    await own.restartEmpty();
    await back;
    expect(await master.dbsize()).toBe(0);
  });
});

describe('trap 9: "taken" and "away" look alike', () => {
  it('a lock that others hold is a timeout, even while one master is away', async () => {
    const a = api();
    await clients.open('host:1').write([a], request(0));
    const other = clients.open('host:2');
    await other.check();
    servers[0]?.freeze();
    try {
      await expect(other.write([a], request(0))).rejects.toMatchObject({ code: 'LOCK_TIMEOUT' });
    } finally {
      servers[0]?.thaw();
    }
  });

  it.each([['read' as const], ['write' as const]])('a quorum that is away is unavailability (%s)', async (mode) => {
    const locks = clients.open('host:1');
    await locks.check();
    servers[0]?.freeze();
    servers[1]?.freeze();
    try {
      await expect(locks[mode]([api()], request(0))).rejects.toMatchObject({
        code: 'SERVICE_UNAVAILABLE',
        context: { details: '1 of 3 lock masters answer, 2 are needed' },
      });
      await expect(locks.check()).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    } finally {
      servers[0]?.thaw();
      servers[1]?.thaw();
    }
  });
});
