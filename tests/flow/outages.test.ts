import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Cluster, TcpProxy } from '@eden/testkit';
import {
  adoptPlace,
  createControlDatabase,
  eventually,
  redisDatabase,
  startCluster,
  startTcpProxy,
  testServers,
} from '@eden/testkit';
import { CustomerWorld, rowsOf } from '../customers/customer-world.js';
import type { CustomerDatabase } from '../customers/customer-world.js';

/** Puts a proxy into a connection string. */
function through(url: string, proxy: TcpProxy): string {
  const parsed = new URL(url);
  parsed.port = String(proxy.port);
  return parsed.href;
}

describe('when what the service stands on is away', () => {
  let cluster: Cluster;
  let world: CustomerWorld;
  let customers: CustomerDatabase;
  let control: TcpProxy;
  let redis: TcpProxy;

  beforeAll(async () => {
    const controlUrl = (await createControlDatabase()).url;
    const redisUrl = await redisDatabase();
    control = await startTcpProxy(Number(new URL(controlUrl).port));
    await adoptPlace(through(controlUrl, control));
    redis = await startTcpProxy(Number(new URL(redisUrl).port));
    cluster = await startCluster({
      env: { DATABASE_URL: through(controlUrl, control), REDIS_URL: through(redisUrl, redis), LOCK_TTL_MS: '2000' },
    });
    world = await CustomerWorld.create(cluster);
    customers = await world.addDatabase(testServers().targets[0], 'db');
  });

  afterAll(async () => {
    await cluster.stop();
    await Promise.all([control.stop(), redis.stop()]);
  });

  async function migrationOf(id: string): Promise<void> {
    await world.addTemplate(`create_${id}`, 'db', `CREATE TABLE ${id} AS SELECT 1 AS n`);
    await world.addApi(`api_${id}`);
    await world.accept('/migrations', { id });
    const bindings = [{ template: `create_${id}`, fields: {} }];
    await world.accept(`/migrations/${id}/add_api`, { id: `api_${id}`, bindings });
  }

  async function stateOf(id: string): Promise<string> {
    const { body } = await world.client.get<{ data: { state: string } }>(`/migrations/${id}`);
    return body.data.state;
  }

  it('the control database: 503 within two seconds, and back by itself', async () => {
    control.pause();
    const startedAt = performance.now();
    const answer = await world.client.get('/migrations');
    const elapsedMs = performance.now() - startedAt;
    expect(answer.status).toBe(503);
    expect(answer.body).toMatchObject({ error: 'Service unavailable', code: 'SERVICE_UNAVAILABLE' });
    expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
    // The contract's bound, which clients rely on.
    expect(elapsedMs).toBeLessThan(2_000);
    control.resume();
    await eventually(async () => expect((await world.client.get('/migrations')).status).toBe(200));
  });

  // Protocol: I17
  it('Redis: runs are accepted with 202, and happen once it is back', async () => {
    await migrationOf('patient');
    redis.pause();
    const sync = await world.client.post('/migrations/patient/sync');
    expect(sync.status).toBe(202);
    const migrate = await world.client.post('/migrations/patient/migrate');
    expect(migrate.status).toBe(202);
    expect(migrate.headers.get('location')).toMatch(/^\/api\/v1\/runs\//);
    expect(await stateOf('patient')).toBe('Pending');
    redis.resume();
    await eventually(async () => expect(await stateOf('patient')).toBe('Completed'));
    expect(await rowsOf(customers.database, 'SELECT n FROM patient')).toEqual([{ n: 1 }]);
  });

  it('everything works as before afterwards', async () => {
    await migrationOf('afterwards');
    await world.accept('/migrations/afterwards/sync');
    await world.accept('/migrations/afterwards/migrate');
    expect(await stateOf('afterwards')).toBe('Completed');
  });
});
