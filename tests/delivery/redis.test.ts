import { randomBytes, randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { createControlDatabase } from '@eden/database';
import { asUuid, NO_CRASH_POINTS } from '@eden/domain';
import { relayOutbox } from '@eden/engine';
import { createTelemetry } from '@eden/telemetry';
import { createJobProducer } from '@eden/queue';
import type { Cluster, RedisServer } from '@eden/testkit';
import { redisDatabase, startCluster, startRedisMasters } from '@eden/testkit';
import { JournalWorld } from './journal-world.js';

/** The queue's Redis is one of this file's own; the locks are on another. */
// Protocol: I17
describe('a run that was accepted happens once, whatever becomes of the queue', () => {
  let cluster: Cluster;
  let world: JournalWorld;
  let redis: RedisServer;

  beforeAll(async () => {
    [redis] = (await startRedisMasters(1)) as [RedisServer];
    const locks = await redisDatabase();
    cluster = await startCluster({
      workers: 2,
      env: { REDIS_URL: redis.url, LOCK_REDIS_URLS: locks, LOCK_TTL_MS: '2000' },
    });
    world = await JournalWorld.create(cluster);
  });

  async function acceptAll(names: readonly string[]): Promise<void> {
    for (const { status } of await Promise.all(names.map((name) => world.migrate(name)))) expect(status).toBe(202);
  }

  /** One round of a relay beside those of the workers; answers how many jobs it has sent. */
  async function relay(): Promise<number> {
    const database = createControlDatabase({ url: cluster.databaseUrl, encryptionKeys: [randomBytes(32)] });
    const producer = createJobProducer({ redisUrl: redis.url });
    try {
      const telemetry = createTelemetry({ service: 'test', level: 'silent' });
      return await relayOutbox(database.outbox, producer, { telemetry, crashPoints: NO_CRASH_POINTS });
    } finally {
      await Promise.all([producer.close(), database.close()]);
    }
  }

  it('Redis is killed before they are sent', async () => {
    const names = ['killed_0', 'killed_1', 'killed_2'];
    await world.prepare(names);
    await redis.kill();
    await acceptAll(names);
    await redis.restartEmpty();
    await world.expectOnce(names);
  });

  it('Redis is frozen while they are accepted, and goes on', async () => {
    const names = ['frozen_0', 'frozen_1', 'frozen_2'];
    await world.prepare(names);
    redis.freeze();
    await acceptAll(names);
    redis.thaw();
    await world.expectOnce(names);
  });

  it('Redis loses the jobs after they were sent', async () => {
    const names = ['wiped_0', 'wiped_1', 'wiped_2'];
    await world.prepare(names);
    for (const worker of cluster.workers) worker.freeze();
    await acceptAll(names);
    expect(await relay()).toBe(names.length);
    await redis.restartEmpty();
    for (const worker of cluster.workers) worker.thaw();
    await world.expectOnce(names);
  });

  it('Redis is restarted empty while they are accepted, again and again', async () => {
    const names = Array.from({ length: 6 }, (_, n) => `restarted_${n}`);
    await world.prepare(names);
    const accepted = acceptAll(names);
    for (let restarts = 0; restarts < 3; restarts += 1) await redis.restartEmpty();
    await accepted;
    await world.expectOnce(names);
  });

  it('the same call comes to two workers at once, many times', async () => {
    await world.prepare(['called']);
    await world.pauses.begin('called');
    const { headers } = await world.migrate('called');
    const run = asUuid(headers.get('location')?.split('/').at(-1) ?? '');
    const producer = createJobProducer({ redisUrl: redis.url });
    try {
      await world.pauses.isReached();
      await Promise.all(Array.from({ length: 20 }, () => producer.send(asUuid(randomUUID()), run)));
      await world.pauses.end('called');
      await world.expectOnce(['called']);
      await Promise.all(Array.from({ length: 20 }, () => producer.send(asUuid(randomUUID()), run)));
    } finally {
      await producer.close();
    }
    expect(await world.runs('called')).toMatchObject([{ attempt: 1 }]);
    await world.prepare(['afterwards']);
    await world.migrate('afterwards');
    await world.expectOnce(['called', 'afterwards']);
  });
});
