import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ApiClient, ApiResponse, Cluster, ServiceProcess, TestDatabase } from '@eden/testkit';
import { createDatabase, eventually, startCluster, testServers, withClient } from '@eden/testkit';
import { CustomerWorld, rowsOf } from '../customers/customer-world.js';

/*
 * A gateway process is stopped (SIGSTOP) for longer than its leases while it executes an API, a migration of that API
 * commits meanwhile, and the gateway goes on. What keeps the two apart is then the gate in the target alone.
 */

const LOCK_TTL_MS = 1_500;
const BARRIER = 4711;

let cluster: Cluster;
let world: CustomerWorld;
let target: TestDatabase;
let zombie: ServiceProcess;
let atZombie: ApiClient;
let count = 0;

beforeAll(async () => {
  cluster = await startCluster({ gateways: 2, workers: 1, env: { LOCK_TTL_MS: String(LOCK_TTL_MS) } });
  world = await CustomerWorld.create(cluster);
  target = await createDatabase(testServers().targets[0]);
  // One connection: whoever comes second waits for it with all that an execution needs in its hands.
  await world.accept('/endpoints', { id: 'db', kind: 'Postgres', config: { url: target.url, pool_size: 1 } });
  zombie = cluster.gateways[1] as ServiceProcess;
  atZombie = world.client.at(zombie.url);
  await rowsOf(target, 'CREATE TABLE counter AS SELECT 0 AS n; CREATE TABLE seen (n int, version int)');
  await world.addTemplate('wait', 'db', `SELECT pg_advisory_xact_lock_shared(${BARRIER})::text AS passed`);
  for (const version of [1, 2]) {
    await world.addTemplate(
      `note_${version}`,
      'db',
      `INSERT INTO seen SELECT n, ${version} FROM counter RETURNING n, version`,
    );
  }
  await world.addTemplate('bump', 'db', 'UPDATE counter SET n = n + 1');
  await world.addApi('visitor', [], bindingsOf('wait'));
});

afterAll(() => cluster.stop());

beforeEach(async () => {
  await rowsOf(target, 'UPDATE counter SET n = 0; TRUNCATE seen');
});

const bindingsOf = (...templates: string[]) => templates.map((template) => ({ template, fields: {} }));

/** An API in a migration that bumps the counter and makes another version of it. */
async function prepareMigration(...templates: string[]): Promise<string> {
  const id = `api_${(count += 1)}`;
  await world.addApi(id, [], bindingsOf(...templates, 'note_1'));
  await world.accept('/migrations', { id });
  const next = { bindings: bindingsOf('note_2') };
  await world.accept(`/migrations/${id}/add_api`, { id, bindings: bindingsOf('bump'), next });
  await world.accept(`/migrations/${id}/sync`);
  return id;
}

/** Keeps everybody waiting who comes to the barrier. */
async function closeBarrier(): Promise<() => Promise<void>> {
  let open = () => {};
  let closed = () => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  const isClosed = new Promise<void>((resolve) => (closed = resolve));
  const ended = withClient(target.url, async (client) => {
    await client.query('SELECT pg_advisory_lock($1)', [BARRIER]);
    closed();
    await opened;
  });
  await Promise.race([isClosed, ended]);
  return () => (open(), ended);
}

async function untilWaiting(): Promise<void> {
  await eventually(async () => {
    const waiting = `SELECT FROM pg_locks WHERE locktype = 'advisory' AND objid = ${BARRIER} AND NOT granted`;
    expect(await rowsOf(target, waiting)).toHaveLength(1);
  });
}

/** How many executions the other gateway knows to be inside the zombie's lease; told every third of a lease. */
async function untilInside(id: string, executions: number): Promise<void> {
  type Lock = { readonly resource: { readonly kind: string }; readonly readers: readonly { readonly count: number }[] };
  await eventually(async () => {
    const { body } = await world.client.get<{ data: Lock[] }>(`/migrations/${id}/lock`);
    const readers = body.data.find(({ resource }) => resource.kind === 'api')?.readers;
    expect(readers).toMatchObject([{ count: executions }]);
  });
}

/** The one row that the last step of the API answers. */
function noted({ status, body }: ApiResponse<unknown>): unknown {
  const { data = {} } = body as { data?: Record<string, { rows: unknown[] }> };
  const steps = Object.values(data);
  return status === 200 ? steps.at(-1)?.rows[0] : status;
}

const AFTER = { n: 1, version: 2 };

async function notes(): Promise<unknown[]> {
  return rowsOf(target, 'SELECT n, version FROM seen');
}

describe('a gateway that was stopped for longer than its leases while a migration committed', () => {
  // Protocol: I3
  it('in the middle of a transaction: commits nothing of it', async () => {
    const id = await prepareMigration('wait');
    const openBarrier = await closeBarrier();
    const execution = atZombie.post(`/apis/${id}`);
    await untilWaiting();
    zombie.freeze();
    await openBarrier();
    await world.accept(`/migrations/${id}/migrate`);
    zombie.thaw();
    expect(noted(await execution)).toBe(503);
    expect(await notes()).toEqual([]);
    expect(noted(await atZombie.post(`/apis/${id}`))).toEqual(AFTER);
  });

  // Protocol: I6
  it('with the old definition in its hands: reads the new one at the gate', async () => {
    const id = await prepareMigration();
    const openBarrier = await closeBarrier();
    const visitor = atZombie.post('/apis/visitor');
    await untilWaiting();
    const executions = [atZombie.post(`/apis/${id}`), atZombie.post(`/apis/${id}`)];
    await untilInside(id, 2);
    zombie.freeze();
    await world.accept(`/migrations/${id}/migrate`);
    zombie.thaw();
    await openBarrier();
    expect((await visitor).status).toBe(200);
    expect((await Promise.all(executions)).map(noted)).toEqual([AFTER, AFTER]);
    expect(await notes()).toEqual([AFTER, AFTER]);
  });

  it('with a lease and the definition under it: takes neither for granted', async () => {
    const id = await prepareMigration();
    expect(noted(await atZombie.post(`/apis/${id}`))).toEqual({ n: 0, version: 1 });
    zombie.freeze();
    const execution = atZombie.post(`/apis/${id}`);
    await world.accept(`/migrations/${id}/migrate`);
    zombie.thaw();
    expect(noted(await execution)).toEqual(AFTER);
    expect(await notes()).toEqual([{ n: 0, version: 1 }, AFTER]);
  });
});
