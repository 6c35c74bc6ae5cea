import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { LockMode, LockResource } from '@eden/domain';
import { startRedisMasters } from '@eden/testkit';
import { Redis } from 'ioredis';
import { encodeClaim, encodeHolder, makeClaim, type Claim } from './claim.js';
import { keyName, keyNames } from './names.js';
import { LOCK_SCRIPTS, WITHDRAW_SCRIPT } from './scripts.js';
import { api } from './testing/lock-clients.js';

const LEASE_MS = 60_000;
const PATIENCE_MS = 30_000;

let redis: Redis;

beforeAll(async () => {
  const [master] = await startRedisMasters(1);
  redis = new Redis(master?.url ?? '');
});

beforeEach(async () => redis.flushall());

afterAll(async () => {
  redis.disconnect();
});

/** One requester, talking to one master by the bare scripts. */
class Requester {
  readonly claim: Claim;
  readonly value: string;

  constructor(
    readonly mode: LockMode,
    readonly resources: readonly LockResource[],
  ) {
    this.claim = makeClaim(mode, 'host:1', { purpose: 'test' });
    this.value = encodeHolder(this.claim, { number: 1, since: Date.now(), patienceMs: PATIENCE_MS });
  }

  acquire = () => this.run(LOCK_SCRIPTS[this.mode].acquire, this.value, LEASE_MS);
  extend = () => this.run(LOCK_SCRIPTS[this.mode].extend, this.value, LEASE_MS);
  release = () => this.run(LOCK_SCRIPTS[this.mode].release, this.value);
  handOver = (next: Requester) => this.run(LOCK_SCRIPTS.write.handOver ?? '', `${this.value}\n${next.value}`, LEASE_MS);
  withdraw = () => this.run(WITHDRAW_SCRIPT, encodeClaim(this.claim));

  private async run(script: string, ...args: (string | number)[]): Promise<boolean> {
    const keys = keyNames(this.resources);
    const reply = await redis.eval(script, keys.length, ...keys, ...args);
    expect([0, keys.length]).toContain(reply);
    return reply !== 0;
  }
}

const reader = (...resources: LockResource[]) => new Requester('read', resources);
const writer = (...resources: LockResource[]) => new Requester('write', resources);

async function intentAt(resource: LockResource): Promise<string | null> {
  return redis.get(keyName(resource, 'intent'));
}

async function waitingAt(resource: LockResource): Promise<string[]> {
  return redis.zrange(keyName(resource, 'waiting'), '0', '-1');
}

/** What time would do to the lease of a reader. */
async function expireReader({ value, resources }: Requester): Promise<void> {
  for (const resource of resources) await redis.zadd(keyName(resource, 'readers'), 1, value);
}

describe('a read lock', () => {
  it('is shared among readers, and refused to a writer', async () => {
    const a = api();
    expect(await reader(a).acquire()).toBe(true);
    expect(await reader(a).acquire()).toBe(true);
    expect(await writer(a).acquire()).toBe(false);
  });

  it('is free for a writer when its last reader has released it', async () => {
    const a = api();
    const [first, second] = [reader(a), reader(a)];
    await first.acquire();
    await second.acquire();
    await first.release();
    expect(await writer(a).acquire()).toBe(false);
    await second.release();
    expect(await writer(a).acquire()).toBe(true);
  });

  // Protocol: I2
  it('is refused to new readers as soon as a writer waits, and renewed all the same for those who hold it', async () => {
    const a = api();
    const holder = reader(a);
    await holder.acquire();
    await writer(a).acquire();
    expect(await reader(a).acquire()).toBe(false);
    expect(await holder.extend()).toBe(true);
  });

  it('ends by itself when its reader is gone, although another one keeps the key alive', async () => {
    const a = api();
    const [dead, alive] = [reader(a), reader(a)];
    await dead.acquire();
    await expireReader(dead);
    await alive.acquire();
    expect(await redis.zrange(keyName(a, 'readers'), '0', '-1')).toEqual([alive.value]);
    expect(await dead.extend()).toBe(false);
  });

  it('does not keep a writer out once it has expired, although the key is still there', async () => {
    const a = api();
    const dead = reader(a);
    await dead.acquire();
    await expireReader(dead);
    expect(await writer(a).acquire()).toBe(true);
  });

  it('is not renewed once it has expired, even while nobody has removed it yet', async () => {
    const a = api();
    const late = reader(a);
    await late.acquire();
    await expireReader(late);
    expect(await late.extend()).toBe(false);
  });

  it('keeps its key for a whole lease from the last renewal', async () => {
    const a = api();
    const holder = reader(a);
    await holder.acquire();
    await redis.pexpire(keyName(a, 'readers'), 10_000);
    await holder.extend();
    expect(await redis.pttl(keyName(a, 'readers'))).toBeGreaterThan(LEASE_MS - 5000);
  });
});

describe('a write lock', () => {
  // Protocol: I1
  it('is refused to everybody else until it is released', async () => {
    const a = api();
    const holder = writer(a);
    expect(await holder.acquire()).toBe(true);
    expect(await writer(a).acquire()).toBe(false);
    expect(await reader(a).acquire()).toBe(false);
    await holder.release();
    expect(await writer(a).acquire()).toBe(true);
  });

  it('is released and renewed by its holder alone', async () => {
    const a = api();
    const [holder, other] = [writer(a), writer(a)];
    await holder.acquire();
    await other.release();
    expect(await other.extend()).toBe(false);
    expect(await holder.extend()).toBe(true);
  });

  it('is not refused because another writer waits: intents on different masters would block both for ever', async () => {
    const a = api();
    const holder = reader(a);
    await holder.acquire();
    await writer(a).acquire();
    await holder.release();
    expect(await writer(a).acquire()).toBe(true);
  });

  it('takes away its own intent and its place among the waiting, not those of others', async () => {
    const [a, b] = [api(), api()];
    const holder = reader(a, b);
    const [first, second] = [writer(a), writer(b)];
    await holder.acquire();
    await first.acquire();
    await second.acquire();
    await holder.release();
    const both = writer(a, b);
    expect(await both.acquire()).toBe(true);
    expect(await intentAt(b)).toBe(encodeClaim(second.claim));
    await both.release();
    expect(await second.acquire()).toBe(true);
    expect([await intentAt(b), await waitingAt(b)]).toEqual([null, []]);
  });
});

describe('a lock of several resources', () => {
  it.each([['read' as const], ['write' as const]])('is granted wholly or not at all (%s)', async (mode) => {
    const [a, b, c] = [api(), api(), api()];
    await writer(b).acquire();
    expect(await new Requester(mode, [a, b, c]).acquire()).toBe(false);
    expect(await writer(a).acquire()).toBe(true);
    expect(await writer(c).acquire()).toBe(true);
  });

  it('is renewed wholly or not at all', async () => {
    const [a, b] = [api(), api()];
    const both = writer(a, b);
    await both.acquire();
    await redis.del(keyName(b, 'writer'));
    await redis.pexpire(keyName(a, 'writer'), 10_000);
    expect(await both.extend()).toBe(false);
    expect(await redis.pttl(keyName(a, 'writer'))).toBeLessThanOrEqual(10_000);
  });

  it('closes every resource to new readers while only readers are in the way of its writer', async () => {
    const [a, b] = [api(), api()];
    await reader(a).acquire();
    await writer(a, b).acquire();
    expect(await reader(b).acquire()).toBe(false);
  });

  it('leaves the other resources open to readers while another writer is in the way of its writer', async () => {
    const [a, b] = [api(), api()];
    await writer(a).acquire();
    await writer(a, b).acquire();
    expect(await reader(b).acquire()).toBe(true);
    expect(await intentAt(a)).not.toBeNull();
  });
});

describe('a lock that is handed over', () => {
  it('belongs to the next request from then on, for a lease of its own, and nothing shows that it has waited', async () => {
    const [a, b] = [api(), api()];
    const [holder, next] = [writer(a, b), writer(a, b)];
    await holder.acquire();
    await next.acquire();
    await redis.pexpire(keyName(b, 'writer'), 10_000);
    expect(await holder.handOver(next)).toBe(true);
    expect(await redis.pttl(keyName(b, 'writer'))).toBeGreaterThan(LEASE_MS - 5000);
    expect([await intentAt(a), await waitingAt(a)]).toEqual([null, []]);
    await holder.release();
    expect([await holder.extend(), await next.extend()]).toEqual([false, true]);
  });

  it('leaves others that wait where they are', async () => {
    const a = api();
    const [holder, next, other] = [writer(a), writer(a), writer(a)];
    await holder.acquire();
    await other.acquire();
    await next.acquire();
    await holder.handOver(next);
    expect([await intentAt(a), await waitingAt(a)]).toEqual([encodeClaim(other.claim), [encodeClaim(other.claim)]]);
  });

  it('is handed over wholly or not at all', async () => {
    const [a, b] = [api(), api()];
    const [holder, next] = [writer(a, b), writer(a, b)];
    await holder.acquire();
    await redis.del(keyName(b, 'writer'));
    expect(await holder.handOver(next)).toBe(false);
    expect([await redis.get(keyName(a, 'writer')), await redis.get(keyName(b, 'writer'))]).toEqual([
      holder.value,
      null,
    ]);
  });
});

describe('what a request leaves behind while it waits', () => {
  it('survives the release that follows a refused attempt, and goes when the request withdraws', async () => {
    const a = api();
    const holder = reader(a);
    await holder.acquire();
    const waiter = writer(a);
    await waiter.acquire();
    await waiter.release();
    expect([await intentAt(a), await waitingAt(a)]).toEqual([encodeClaim(waiter.claim), [encodeClaim(waiter.claim)]]);
    await waiter.withdraw();
    expect([await intentAt(a), await waitingAt(a)]).toEqual([null, []]);
  });

  it('dies by itself after its patience', async () => {
    const a = api();
    await reader(a).acquire();
    await writer(a).acquire();
    for (const role of ['intent', 'waiting'] as const) {
      expect(await redis.pttl(keyName(a, role))).toBeGreaterThan(0);
      expect(await redis.pttl(keyName(a, role))).toBeLessThanOrEqual(PATIENCE_MS);
    }
  });

  it('is not taken away by another request that withdraws', async () => {
    const a = api();
    await reader(a).acquire();
    const waiter = writer(a);
    await waiter.acquire();
    await writer(a).withdraw();
    expect(await intentAt(a)).toBe(encodeClaim(waiter.claim));
  });
});

describe('a release', () => {
  it('counts what is no longer held as released', async () => {
    const a = api();
    expect(await reader(a).release()).toBe(true);
    expect(await writer(a).release()).toBe(true);
    expect(await redis.dbsize()).toBe(0);
  });
});
