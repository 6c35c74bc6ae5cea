import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import type { HeldLock, LockResource } from '@eden/domain';
import { eventually, startRedisMasters } from '@eden/testkit';
import { keyName } from './names.js';
import { api, LockClients, request } from './testing/lock-clients.js';

const LEASES = 300;
const LONG = { ttlMs: 6_000, commandTimeoutMs: 500 };

let clients: LockClients;

beforeAll(async () => {
  const masters = await startRedisMasters(3);
  clients = new LockClients(masters.map(({ url }) => url));
});

afterEach(async () => clients.reset());
afterAll(async () => clients.close());

/** On one master, by the clock of that master: until when each of them is held there. */
async function heldUntil(resources: readonly LockResource[]): Promise<readonly number[]> {
  const [redis] = clients.redis;
  const keys = resources.map((resource) => keyName(resource, 'readers'));
  const members = await Promise.all(keys.map(async (key) => (await redis?.zrange(key, '0', '-1', 'WITHSCORES')) ?? []));
  return members.map(([, score]) => Number(score));
}

async function scriptsRun(): Promise<number> {
  const stats = (await clients.redis[0]?.info('commandstats')) ?? '';
  const calls = [...stats.matchAll(/cmdstat_eval(?:sha)?:calls=(\d+)/g)];
  return calls.reduce((sum, [, count]) => sum + Number(count), 0);
}

async function renewedAll(resources: readonly LockResource[]): Promise<void> {
  const before = await heldUntil(resources);
  await eventually(async () => {
    const now = await heldUntil(resources);
    expect(now.every((until, index) => until > (before[index] ?? Number.POSITIVE_INFINITY))).toBe(true);
  });
}

it('the leases of a process are renewed together, in few commands for each master', async () => {
  const locks = clients.open('host:1', LONG);
  const resources = Array.from({ length: LEASES }, () => api());
  const held = await Promise.all(resources.map((resource) => locks.read([resource], request(0))));
  await renewedAll(resources);
  const before = await scriptsRun();
  for (let round = 0; round < 3; round += 1) await renewedAll(resources);
  // Three times each; one by one they would be as many commands as leases in each round.
  expect((await scriptsRun()) - before).toBeLessThan(LEASES);
  expect(held.every(({ signal }) => !signal.aborted)).toBe(true);
});

it('one that its masters have forgotten is lost, and those that are renewed beside it are not', async () => {
  const locks = clients.open('host:1', LONG);
  const resources = Array.from({ length: 20 }, () => api());
  const held = await Promise.all(resources.map((resource) => locks.read([resource], request(0))));
  const [forgotten, ...others] = held as [HeldLock, ...HeldLock[]];
  await renewedAll(resources);
  await Promise.all(clients.redis.map((redis) => redis.del(keyName(resources[0] as LockResource, 'readers'))));
  await eventually(() => expect(forgotten.signal.aborted).toBe(true));
  await renewedAll(resources.slice(1));
  expect(others.every(({ signal }) => !signal.aborted)).toBe(true);
});
