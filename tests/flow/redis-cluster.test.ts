import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Cluster, RedisCluster } from '@eden/testkit';
import { eventually, redisDatabase, startCluster, startRedisCluster, testServers } from '@eden/testkit';
import type { CustomerDatabase } from '../customers/customer-world.js';
import { CustomerWorld, rowsOf } from '../customers/customer-world.js';

/** What all keys of the queue have in common: one node is the master of all of them. */
const QUEUE = '{eden}';

describe('with its queue in a Redis cluster', () => {
  let redis: RedisCluster;
  let cluster: Cluster;
  let world: CustomerWorld;
  let customers: CustomerDatabase;

  beforeAll(async () => {
    redis = await startRedisCluster({ failsOverAfterMs: 2_000 });
    cluster = await startCluster({ env: { REDIS_URL: redis.url, LOCK_REDIS_URLS: await redisDatabase() } });
    world = await CustomerWorld.create(cluster);
    customers = await world.addDatabase(testServers().targets[0], 'db');
  });

  async function migrationOf(id: string): Promise<void> {
    await world.addTemplate(`create_${id}`, 'db', `CREATE TABLE ${id} AS SELECT 1 AS n`);
    await world.addApi(`api_${id}`);
    await world.accept('/migrations', { id });
    const bindings = [{ template: `create_${id}`, fields: {} }];
    await world.accept(`/migrations/${id}/add_api`, { id: `api_${id}`, bindings });
  }

  it('counts requests and carries out migrations', async () => {
    await migrationOf('before');
    await world.accept('/migrations/before/sync');
    await world.accept('/migrations/before/migrate');
    expect(await rowsOf(customers.database, 'SELECT n FROM before')).toEqual([{ n: 1 }]);
    const { headers } = await world.client.get('/migrations');
    expect(Number(headers.get('ratelimit-remaining'))).toBeLessThan(Number(headers.get('ratelimit-limit')) - 1);
  });

  it('carries out at the replica that takes over what was asked for while the master of the queue was dead', async () => {
    await migrationOf('beside');
    await redis.killMasterOf(QUEUE);
    await world.accept('/migrations/beside/sync');
    await world.accept('/migrations/beside/migrate');
    await eventually(async () => {
      expect(await rowsOf(customers.database, `SELECT to_regclass('beside')::text AS name`)).toEqual([
        { name: 'beside' },
      ]);
    });
  });
});
