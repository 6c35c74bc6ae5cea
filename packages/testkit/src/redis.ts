import { Redis } from 'ioredis';
import type { RedisServer } from '@eden/sandbox';
import { testServers } from './test-servers.js';
import { testSandbox } from './test-sandbox.js';

export type { RedisServer };

const LOGICAL_DATABASES = 16;

/**
 * The URL of an empty logical database of the shared Redis, for this test file alone: files that run at the same time
 * run in different Jest workers. Channels (pub/sub) are shared by all of them: their names must be unique.
 */
export async function redisDatabase(): Promise<string> {
  const worker = Number(process.env['JEST_WORKER_ID'] ?? '1');
  if (worker >= LOGICAL_DATABASES) throw new Error(`Redis has ${LOGICAL_DATABASES} databases: use fewer Jest workers`);
  const url = `${testServers().redisUrl}/${worker}`;
  const client = new Redis(url);
  await client.flushdb();
  await client.quit();
  return url;
}

/** Independent Redis servers of this test file's own, to be frozen, killed and restarted at will. */
export async function startRedisMasters(count: number): Promise<RedisServer[]> {
  const sandbox = await testSandbox();
  const names = Array.from({ length: count }, (_, index) => `master-${index + 1}`);
  return Promise.all(names.map((name) => sandbox.startRedis({ name })));
}

/** The keys of a Redis that match the pattern. */
export async function keysOf(url: string, pattern: string): Promise<string[]> {
  const client = new Redis(url);
  try {
    return await client.keys(pattern);
  } finally {
    client.disconnect();
  }
}
