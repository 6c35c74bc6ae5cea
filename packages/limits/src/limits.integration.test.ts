import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { LoginAttempt } from '@eden/domain';
import { asUuid } from '@eden/domain';
import { eventually, redisDatabase, startRedisCluster, startRedisMasters } from '@eden/testkit';
import { createRedisLimits, type RedisLimits, type RedisLimitsOptions } from './redis-limits.js';

/* Two processes on one Redis: what one of them counts, the other knows. */

const PER_MINUTE = { request: 5, execution: 0, gate: 5 };

let limits: [RedisLimits, RedisLimits];
const uncounted: string[] = [];

/** Of a cluster each node has a connection of its own, which the first command to it opens: by then it may be too late to count. */
async function connected(redisUrl: string, more: Partial<RedisLimitsOptions> = {}): Promise<RedisLimits> {
  const process = connect(redisUrl, more);
  const keys = Array.from({ length: 30 }, () => asUuid(randomUUID()));
  await eventually(async () => {
    const counts = await Promise.all(keys.map((key) => process.count(key, 'gate')));
    expect(counts).not.toContain(null);
  });
  uncounted.length = 0;
  return process;
}

function connect(redisUrl: string, more: Partial<RedisLimitsOptions> = {}): RedisLimits {
  return createRedisLimits({ redisUrl, perMinute: PER_MINUTE, onUncounted: (what) => uncounted.push(what), ...more });
}

/** Of a user of its own, so that tests do not meet. */
function attempt(more: Partial<LoginAttempt> = {}): LoginAttempt {
  return { organization: 'acme', username: randomUUID(), address: `192.0.2.${(addresses += 1)}`, ...more };
}
let addresses = 0;

/** How many of so many attempts are let in, alternately at both processes and all at once. */
async function letIn(count: number, attemptOf: (n: number) => LoginAttempt): Promise<number> {
  const begun = Array.from({ length: count }, (_, n) => limits[n % 2 === 0 ? 0 : 1].beginLogin(attemptOf(n)));
  return (await Promise.allSettled(begun)).filter(({ status }) => status === 'fulfilled').length;
}

/** Where the queue may be, too. */
const SERVERS: readonly [string, () => Promise<string>][] = [
  ['one Redis', redisDatabase],
  ['a Redis cluster', async () => (await startRedisCluster()).url],
];

describe.each(SERVERS)('on %s', (_, start) => {
  let redisUrl: string;

  beforeAll(async () => {
    redisUrl = await start();
    limits = [await connected(redisUrl), await connected(redisUrl)];
  });

  afterAll(() => Promise.all(limits.map((each) => each.close())));

  describe('the requests of an organization', () => {
    it('are counted by all processes together, each organization for itself', async () => {
      const [acme, other] = [asUuid(randomUUID()), asUuid(randomUUID())];
      const counts = await Promise.all(
        Array.from({ length: 7 }, (_, n) => limits[n % 2 === 0 ? 0 : 1].count(acme, 'request')),
      );
      expect(counts.filter((count) => count?.exceeded)).toHaveLength(2);
      expect(counts.map((count) => count?.remaining).sort()).toEqual([0, 0, 0, 1, 2, 3, 4]);
      expect(await limits[0].count(acme, 'request')).toEqual({
        limit: 5,
        remaining: 0,
        resetSeconds: expect.any(Number),
        exceeded: true,
      });
      expect(await limits[1].count(other, 'request')).toMatchObject({ remaining: 4, exceeded: false });
    });

    it('cost nothing where they have no limit', async () => {
      expect(await limits[0].count(asUuid(randomUUID()), 'execution')).toBeNull();
      expect(uncounted).toEqual([]);
    });
  });

  describe('failed logins', () => {
    it('of one user at one place are limited over all processes, also when they come at once', async () => {
      const ann = attempt();
      expect(await letIn(15, () => ann)).toBe(10);
      await expect(limits[1].beginLogin(ann)).rejects.toMatchObject({
        code: 'RATE_LIMITED',
        context: { retry_after_seconds: expect.any(Number) },
      });
      await expect(limits[1].beginLogin({ ...ann, organization: 'other' })).resolves.toBeUndefined();
    });

    it('count a /64 of IPv6 as one place', async () => {
      const { username } = attempt();
      expect(await letIn(15, (n) => attempt({ username, address: `2001:db8:1:2::${n}` }))).toBe(10);
      expect(await letIn(1, () => attempt({ username, address: '2001:db8:1:3::1' }))).toBe(1);
    });

    it('of one user are limited everywhere, but not where the user has logged in before, at whichever gateway', async () => {
      const { username } = attempt();
      const home = attempt({ username });
      await limits[0].beginLogin(home);
      await limits[0].loginSucceeded(home);
      expect(await letIn(60, () => attempt({ username }))).toBe(50);
      expect(await letIn(1, () => attempt({ username }))).toBe(0);
      expect(await letIn(1, () => home)).toBe(1);
      expect(await letIn(1, () => attempt({ address: home.address }))).toBe(1);
      expect(await letIn(1, () => attempt({ username, organization: 'other' }))).toBe(1);
    });

    it('of one place against all users are limited', async () => {
      const { address } = attempt();
      expect(await letIn(210, () => attempt({ address }))).toBe(200);
    });

    it('are those that have not succeeded', async () => {
      const ben = attempt();
      for (let logins = 0; logins < 12; logins += 1) {
        await limits[0].beginLogin(ben);
        await limits[1].loginSucceeded(ben);
      }
      expect(await letIn(11, () => ben)).toBe(10);
    });
  });

  describe('the open requests of an organization', () => {
    const gate = () => ({ organization: asUuid(randomUUID()), kind: 'waiting gate' }) as const;

    it('are counted over all processes, also when they come at once, until they end', async () => {
      // What a busy Redis does not count in time is let in.
      const { acme, let_in } = await eventually(async () => {
        const asked = gate();
        const begun = Array.from({ length: 30 }, (_, n) => limits[n % 2 === 0 ? 0 : 1].opened(asked, 10));
        const answers = await Promise.all(begun);
        expect(answers.filter(Boolean)).toHaveLength(10);
        return { acme: asked, let_in: answers };
      });
      expect(await limits[0].opened({ ...acme, kind: 'stream' }, 10)).toBe(true);
      expect(await limits[0].opened(gate(), 10)).toBe(true);
      const one = let_in[0] === true ? 0 : 1;
      limits[one].closed(acme);
      await eventually(async () => expect(await limits[1 - one]?.opened(acme, 10)).toBe(true));
      expect(await limits[one].opened(acme, 10)).toBe(false);
    });

    it('stay counted for as long as their process lives, and no longer', async () => {
      const lease = { leaseMs: 2_000 };
      const [dying, living] = [await connected(redisUrl, lease), await connected(redisUrl, lease)];
      try {
        const [acme, other] = [gate(), gate()];
        expect([await living.opened(acme, 2), await dying.opened(acme, 2)]).toEqual([true, true]);
        expect([await dying.opened(other, 1), await living.opened(other, 1)]).toEqual([true, false]);
        // As one that was killed: it tells nothing any more, not even that it goes.
        await dying.close();
        await eventually(async () => expect(await living.opened(other, 1)).toBe(true));
        expect(await living.opened(acme, 2)).toBe(true);
        expect(await living.opened(acme, 2)).toBe(false);
      } finally {
        await living.close();
      }
    });
  });
});

describe('while Redis is away', () => {
  it('everything is let through, counted as such, and limited again once it is back', async () => {
    const [redis] = await startRedisMasters(1);
    const process = connect(redis?.url ?? '');
    try {
      const [acme, ann] = [asUuid(randomUUID()), attempt()];
      expect(await process.count(acme, 'request')).toMatchObject({ remaining: 4 });
      redis?.freeze();
      uncounted.length = 0;
      expect(await process.count(acme, 'request')).toBeNull();
      await process.beginLogin(ann);
      await process.loginSucceeded(ann);
      expect(uncounted).toEqual(['request', 'login', 'login']);
      const stream = { organization: acme, kind: 'stream' } as const;
      expect([await process.opened(stream, 1), await process.opened(stream, 1)]).toEqual([true, true]);
      expect(uncounted.slice(3)).toEqual(['stream', 'stream']);
    } finally {
      redis?.thaw();
      await process.close();
    }
  });

  it('one request waits for it, and not each', async () => {
    const [redis] = await startRedisMasters(1);
    const process = connect(redis?.url ?? '', { pauseMs: 3_600_000 });
    try {
      const acme = asUuid(randomUUID());
      expect(await process.count(acme, 'request')).toMatchObject({ remaining: 4 });
      redis?.freeze();
      expect(await process.count(acme, 'request')).toBeNull();
      redis?.thaw();
      uncounted.length = 0;
      // It would answer, but nobody asks.
      expect(await process.count(acme, 'request')).toBeNull();
      expect(uncounted).toEqual(['request']);
    } finally {
      await process.close();
    }
  });

  it('from the start on as well', async () => {
    const process = connect('redis://127.0.0.1:1');
    uncounted.length = 0;
    expect(await process.count(asUuid(randomUUID()), 'request')).toBeNull();
    expect(uncounted).toEqual(['request']);
    await process.close();
  });
});
