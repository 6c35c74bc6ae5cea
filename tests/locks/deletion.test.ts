import { beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiClient, RedisServer } from '@eden/testkit';
import { eventually, keysOf, startCluster, startRedisMasters, testServers } from '@eden/testkit';
import { CustomerWorld } from '../customers/customer-world.js';
import { Pauses } from '../customers/pause.js';

const EXECUTIONS = 6;

describe('what is deleted while executions wait for the lock', () => {
  let world: CustomerWorld;
  let second: ApiClient;
  let pauses: Pauses;
  let masters: RedisServer[];

  beforeAll(async () => {
    masters = await startRedisMasters(3);
    const urls = masters.map(({ url }) => url).join(',');
    const cluster = await startCluster({ gateways: 2, env: { LOCK_REDIS_URLS: urls } });
    world = await CustomerWorld.create(cluster);
    second = world.client.at(cluster.gateways[1]?.url ?? '');
    const { database } = await world.addDatabase(testServers().targets[0], 'db');
    pauses = await Pauses.install(database);
    await world.addTemplate('read', 'db', 'SELECT count(*)::int AS n FROM customers', { kind: 'Read' });
    await world.addTemplate('work', 'db', "SELECT pause('doomed')");
    await world.addTemplate('fail', 'db', 'SELECT 1', { expect: { value: 2 } });
    await world.addApi('customers', [], [{ template: 'read', fields: {} }]);
    await world.accept('/migrations', { id: 'doomed' });
    await world.accept('/migrations/doomed/add_api', {
      id: 'customers',
      bindings: ['work', 'fail'].map((template) => ({ template, fields: {} })),
    });
    await world.accept('/migrations/doomed/sync');
  });

  function executions(): Promise<number[]> {
    const clients = Array.from({ length: EXECUTIONS }, (_, n) => (n % 2 === 0 ? world.client : second));
    return Promise.all(clients.map(async (client) => (await client.post('/apis/customers')).status));
  }

  /** Whatever the locks have left on the masters. */
  async function keys(): Promise<string[]> {
    return (await Promise.all(masters.map(({ url }) => keysOf(url, '*eden:lock:*')))).flat();
  }

  it('a migration: refused during its run, then gone, and those who waited go on without it', async () => {
    await pauses.begin('doomed');
    const migrate = world.client.post('/migrations/doomed/migrate');
    await pauses.isReached();
    const waiting = executions();
    expect(await second.delete('/migrations/doomed')).toMatchObject({ status: 409, body: { code: 'RUN_IN_PROGRESS' } });
    await pauses.end('doomed');
    const deleted = eventually(async () => {
      const { status } = await second.delete('/migrations/doomed');
      expect(status).toBe(200);
    });
    expect((await migrate).status).toBe(500);
    await deleted;
    expect(await waiting).toEqual(Array.from({ length: EXECUTIONS }, () => 200));
    expect(await executions()).toEqual(Array.from({ length: EXECUTIONS }, () => 200));
  });

  it('an API: every execution is from before, or finds nothing; no key is left on any master', async () => {
    const racing = executions();
    expect((await world.client.delete('/apis/customers')).status).toBe(200);
    expect((await racing).filter((status) => ![200, 404].includes(status))).toEqual([]);
    expect(await executions()).toEqual(Array.from({ length: EXECUTIONS }, () => 404));
    await eventually(async () => expect(await keys()).toEqual([]));
  });
});
