import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiClient, ApiResponse, Cluster, RedisServer } from '@eden/testkit';
import { startCluster, startRedisMasters, testServers } from '@eden/testkit';
import { CustomerWorld, rowsOf, type CustomerDatabase } from '../customers/customer-world.js';

/*
 * Two gateway processes. One of them has an API's definition in memory, under its read lease; what the API is made of
 * changes through the other one. The lease is so long that what is fast does not happen because it is over.
 */

let master: RedisServer;
let cluster: Cluster;
let world: CustomerWorld;
let other: ApiClient;
let databases: readonly [CustomerDatabase, CustomerDatabase];

beforeAll(async () => {
  const masters = await startRedisMasters(1);
  [master] = masters as [RedisServer];
  cluster = await startCluster({ gateways: 2, workers: 1, env: { LOCK_TTL_MS: '6000', LOCK_REDIS_URLS: master.url } });
  world = await CustomerWorld.create(cluster);
  other = world.client.at(cluster.gateways[1]?.url ?? '');
  const { targets } = testServers();
  databases = [await world.addDatabase(targets[0], 'first'), await world.addDatabase(targets[1], 'second')];
});

afterAll(async () => {
  await cluster.stop();
  await master.stop();
});

type Answer = Readonly<Record<string, { readonly rows: readonly Record<string, unknown>[] }>>;

/** The first row that an API answers. */
async function execute(client: ApiClient, id: string): Promise<Record<string, unknown> | undefined> {
  const { status, body } = await client.post<{ data: Answer }>(`/apis/${id}`);
  if (status !== 200) throw new Error(`${id}: ${status} ${JSON.stringify(body)}`);
  return Object.values(body.data)[0]?.rows[0];
}

/** The first row that a template answers. */
async function run(client: ApiClient, id: string): Promise<Record<string, unknown> | undefined> {
  const { status, body } = await client.post<{ data: Answer[string] }>(`/templates/${id}`);
  if (status !== 200) throw new Error(`${id}: ${status} ${JSON.stringify(body)}`);
  return body.data.rows[0];
}

async function accepted(answer: Promise<ApiResponse>): Promise<void> {
  const { status, body } = await answer;
  if (status >= 300) throw new Error(`${status} ${JSON.stringify(body)}`);
}

async function addReader(id: string, query: string): Promise<void> {
  await world.addTemplate(`${id}_template`, 'first', query, { kind: 'Read' });
  await world.addApi(id, [], [{ template: `${id}_template`, fields: {} }]);
}

/** Executes at both gateways until `work` is done; answers what they saw, in order of arrival. */
async function executingMeanwhile(
  id: string,
  work: () => Promise<void>,
): Promise<(Record<string, unknown> | undefined)[]> {
  const seen: (Record<string, unknown> | undefined)[] = [];
  let isOver = false;
  const keepExecuting = async (client: ApiClient): Promise<void> => {
    while (!isOver) seen.push(await execute(client, id));
  };
  const executing = [world.client, other, world.client, other].map(keepExecuting);
  await work().finally(() => (isOver = true));
  await Promise.all(executing);
  return seen;
}

describe('a gateway that has a definition in memory', () => {
  // Protocol: I3
  it('never executes the one before: not a template that was changed at another gateway', async () => {
    await addReader('template_changes', 'SELECT 0 AS version');
    const seen = await executingMeanwhile('template_changes', async () => {
      for (let version = 1; version <= 15; version += 1) {
        const template = { query: `SELECT ${version} AS version` };
        await accepted(world.client.patch('/templates/template_changes_template', { template: { template } }));
        expect(await execute(other, 'template_changes')).toEqual({ version });
      }
    });
    expect(seen.length).toBeGreaterThan(15);
  });

  it('nor an endpoint', async () => {
    await addReader('endpoint_changes', 'SELECT current_database() AS name');
    const target = { kind: 'Postgres', config: { url: databases[0].database.url } };
    await accepted(world.client.post('/endpoints', { id: 'moving', ...target }));
    await accepted(world.client.patch('/templates/endpoint_changes_template', { template: { endpoint: 'moving' } }));
    for (const { database } of [...databases, ...databases]) {
      await accepted(world.client.patch('/endpoints/moving', { config: { url: database.url } }));
      expect(await execute(other, 'endpoint_changes')).toEqual({ name: new URL(database.url).pathname.slice(1) });
    }
  });

  // Protocol: I3
  it('nor the template before one that was changed, deleted or moved, where templates are run themselves', async () => {
    const template = { endpoint: 'first', kind: 'Read', template: { query: 'SELECT 0 AS version' } };
    await accepted(world.client.post('/templates', { id: 'run_itself', template }));
    const change = async (version: number): Promise<void> => {
      if (version % 5 !== 0) {
        const changed = { query: `SELECT ${version} AS version` };
        return accepted(world.client.patch('/templates/run_itself', { template: { template: changed } }));
      }
      await accepted(world.client.delete('/templates/run_itself'));
      const next = { ...template, template: { query: `SELECT ${version} AS version` } };
      await accepted(world.client.post('/templates', { id: 'run_itself', template: next }));
    };
    expect(await run(other, 'run_itself')).toEqual({ version: 0 });
    for (let version = 1; version <= 15; version += 1) {
      // Several times, so that it is kept.
      for (let n = 0; n < 5; n += 1) await run(other, 'run_itself');
      await change(version);
      expect(await run(other, 'run_itself')).toEqual({ version });
      expect(await run(world.client, 'run_itself')).toEqual({ version });
    }
    for (const { database } of [...databases, ...databases]) {
      const where = { template: { query: 'SELECT current_database() AS name' }, endpoint: 'moving' };
      await accepted(world.client.patch('/endpoints/moving', { config: { url: database.url } }));
      await accepted(world.client.patch('/templates/run_itself', { template: where }));
      for (let n = 0; n < 5; n += 1)
        expect(await run(other, 'run_itself')).toEqual({ name: new URL(database.url).pathname.slice(1) });
    }
  });

  it('nor the API itself, nor another API that had its name', async () => {
    await addReader('api_changes', 'SELECT 1 AS version');
    expect(await execute(other, 'api_changes')).toEqual({ version: 1 });
    await world.addTemplate('second_version', 'second', 'SELECT 2 AS version', { kind: 'Read' });
    const bindings = [{ template: 'second_version', fields: {} }];
    await accepted(world.client.patch('/apis/api_changes', { bindings }));
    expect(await execute(other, 'api_changes')).toEqual({ version: 2 });
    await accepted(world.client.delete('/apis/api_changes'));
    expect(await other.post('/apis/api_changes')).toMatchObject({ status: 404 });
    await world.addApi('api_changes', [], [{ template: 'api_changes_template', fields: {} }]);
    expect(await execute(other, 'api_changes')).toEqual({ version: 1 });
  });

  // Protocol: I3, I6
  it.each([
    ['', 'joins', () => Promise.resolve()],
    [', also when the lock masters forget who executes it', 'forgotten', () => master.restartEmpty()],
  ])(
    'knows of a migration that its API joined at another gateway: the old whole or the new whole%s',
    async (...way) => {
      const [, name, before] = way;
      const [{ database }] = databases;
      await rowsOf(database, `CREATE TABLE ${name} (old text); INSERT INTO ${name} VALUES ('x')`);
      await addReader(name, `SELECT old AS value, 1 AS version FROM ${name}`);
      const next = `SELECT new AS value, 2 AS version FROM ${name}`;
      await world.addTemplate(`${name}_next`, 'first', next, { kind: 'Read' });
      await world.addTemplate(`${name}_rename`, 'first', `ALTER TABLE ${name} RENAME old TO new`);
      await world.accept('/migrations', { id: name });
      await execute(other, name);
      const seen = await executingMeanwhile(name, async () => {
        await before();
        const bindings = [{ template: `${name}_rename`, fields: {} }];
        const definition = { bindings: [{ template: `${name}_next`, fields: {} }] };
        await world.accept(`/migrations/${name}/add_api`, { id: name, bindings, next: definition });
        await world.accept(`/migrations/${name}/sync`, {});
        await world.accept(`/migrations/${name}/migrate`, {});
        expect(await execute(other, name)).toEqual({ value: 'x', version: 2 });
      });
      expect(new Set(seen.map((row) => JSON.stringify(row)))).toEqual(
        new Set(['{"value":"x","version":1}', '{"value":"x","version":2}']),
      );
    },
  );
});
