import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { LockResource } from '@eden/domain';
import { startRedisMasters } from '@eden/testkit';
import { Redis } from 'ioredis';
import { BatchedScripts } from './batched-scripts.js';
import { encodeHolder, makeClaim } from './claim.js';
import { keyName, keyNames } from './names.js';
import { LOCK_SCRIPTS, sha1 } from './scripts.js';
import { api } from './testing/lock-clients.js';

const { acquire, extend } = LOCK_SCRIPTS.read;
const VALUE = encodeHolder(makeClaim('read', 'host:1', { purpose: 'test' }), {
  number: 1,
  since: Date.now(),
  patienceMs: 30_000,
});

let redis: Redis;

beforeAll(async () => {
  const [master] = await startRedisMasters(1);
  redis = new Redis(master?.url ?? '');
  for (const text of [acquire, extend]) await redis.script('LOAD', text);
});

afterAll(async () => {
  redis.disconnect();
});

function run(scripts: BatchedScripts, text: string, resource: LockResource): Promise<unknown> {
  const keys = keyNames([resource]);
  return scripts.evalsha(sha1(text), keys.length, [...keys, VALUE, 60_000]);
}

it('of one turn answer each for itself, however many they are', async () => {
  const scripts = new BatchedScripts(redis);
  const resources = Array.from({ length: 150 }, () => api());
  const free = await Promise.all(resources.map((resource) => run(scripts, extend, resource)));
  expect(new Set(free)).toEqual(new Set([0]));
  const taken = await Promise.all(resources.map((resource) => run(scripts, acquire, resource)));
  expect(new Set(taken)).toEqual(new Set([4]));
  const held = await Promise.all(resources.map((resource) => redis.zcard(keyName(resource, 'readers'))));
  expect(new Set(held)).toEqual(new Set([1]));
});

it('fail alone', async () => {
  const scripts = new BatchedScripts(redis);
  const [before, broken, behind] = [api(), api(), api()];
  await redis.set(keyName(broken, 'readers'), 'no sorted set');
  const outcomes = await Promise.allSettled([before, broken, behind].map((each) => run(scripts, acquire, each)));
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(String((outcomes[1] as PromiseRejectedResult).reason)).toContain('WRONGTYPE');
  expect(await redis.zcard(keyName(behind, 'readers'))).toBe(1);
});
