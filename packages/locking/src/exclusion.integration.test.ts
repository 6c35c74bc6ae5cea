import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startRedisMasters } from '@eden/testkit';
import fc from 'fast-check';
import { ExclusionChecker } from './testing/exclusion-checker.js';
import { api, LockClients, request } from './testing/lock-clients.js';

const RESOURCES = [api(), api(), api()];

/** Somebody takes a lock, stays inside for some round trips, and leaves. */
const visit = fc.record({
  client: fc.nat({ max: 2 }),
  mode: fc.constantFrom('read' as const, 'write' as const),
  resources: fc.subarray(RESOURCES, { minLength: 1 }),
  roundTripsBefore: fc.nat({ max: 10 }),
  roundTripsInside: fc.nat({ max: 10 }),
});

let clients: LockClients;

beforeAll(async () => {
  const masters = await startRedisMasters(3);
  clients = new LockClients(masters.map(({ url }) => url));
});

afterAll(async () => {
  await clients.close();
});

async function roundTrips(count: number): Promise<void> {
  for (let step = 0; step < count; step += 1) await clients.redis[0]?.ping();
}

describe('random visits of readers and writers from three processes', () => {
  // Protocol: I1
  it('never overlap when one of them writes, all get in, and nothing is left behind', async () => {
    const property = fc.asyncProperty(fc.array(visit, { minLength: 8, maxLength: 16 }), async (visits) => {
      const locks = [0, 1, 2].map((n) =>
        clients.open(`host:${n}`, { retryDelayMs: 10, ttlMs: 10_000, commandTimeoutMs: 500 }),
      );
      const checker = new ExclusionChecker();
      await Promise.all(
        visits.map(async ({ client, mode, resources, roundTripsBefore, roundTripsInside }) => {
          await roundTrips(roundTripsBefore);
          const held = await locks[client]?.[mode](resources, request(20_000));
          if (held) await checker.within(held, resources, () => roundTrips(roundTripsInside));
        }),
      );
      expect(checker.count).toBe(visits.flatMap(({ resources }) => resources).length);
      await Promise.all(locks.map((lock) => lock.close()));
      expect(await Promise.all(clients.redis.map((redis) => redis.keys('*')))).toEqual([[], [], []]);
    });
    await fc.assert(property, { numRuns: 12, endOnFailure: true });
  });
});
