import { beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiClient, Cluster } from '@eden/testkit';
import { startCluster, testServers } from '@eden/testkit';
import { CustomerWorld, rowsOf } from '../customers/customer-world.js';
import type { CustomerDatabase } from '../customers/customer-world.js';

const DATABASES = 8;

interface RunBody {
  readonly data: {
    readonly state: string;
    readonly databases: readonly { readonly phases: readonly { phase: string; finished_at: string | null }[] }[];
    readonly attempt_history: readonly object[];
    readonly apis: readonly { readonly state: string; readonly bindings: readonly { readonly state: string }[] }[];
  };
}

describe('one migration over eight databases on two servers, two gateways and two workers', () => {
  let cluster: Cluster;
  let world: CustomerWorld;
  let second: ApiClient;
  const databases: CustomerDatabase[] = [];

  beforeAll(async () => {
    cluster = await startCluster({ gateways: 2, workers: 2 });
    world = await CustomerWorld.create(cluster);
    second = world.client.at(cluster.gateways[1]?.url ?? '');
    const servers = testServers().targets;
    for (let n = 0; n < DATABASES; n += 1) {
      const server = servers[n % servers.length] ?? servers[0];
      const database = await world.addDatabase(server, `db_${n}`);
      databases.push(database);
      await addApi(n);
    }
  });

  /** Each API alters, fills and checks its own database; the check is what fails when it is told to. */
  async function addApi(n: number): Promise<void> {
    const endpoint = `db_${n}`;
    await world.addTemplate(`alter_${n}`, endpoint, 'ALTER TABLE customers ADD COLUMN tier text');
    await world.addTemplate(`fill_${n}`, endpoint, `UPDATE customers SET tier = {{tier}}`, {
      outputs: { [`filled_${n}`]: 'row_count' },
    });
    await world.addTemplate(
      `check_${n}`,
      endpoint,
      'SELECT count(*) = {{expected}} FROM customers WHERE tier = {{tier}}',
      {
        expect: { value: true },
      },
    );
    await world.addTemplate(`read_${n}`, endpoint, 'SELECT * FROM customers ORDER BY id LIMIT 1', { kind: 'Read' });
    await world.addApi(`api_${n}`, [], [{ template: `read_${n}`, fields: {} }]);
  }

  async function prepare(migration: string, failing: number | null): Promise<void> {
    await world.accept('/migrations', { id: migration, parameters: { tier: `it's "gold"` } });
    for (let n = 0; n < DATABASES; n += 1) {
      const expected = n === failing ? -1 : `migration.filled_${n}`;
      await world.accept(`/migrations/${migration}/add_api`, {
        id: `api_${n}`,
        bindings: [
          { template: `alter_${n}`, fields: {} },
          { template: `fill_${n}`, fields: { tier: 'migration.tier' } },
          { template: `check_${n}`, fields: { tier: 'migration.tier', expected } },
        ],
      });
    }
  }

  async function changedDatabases(): Promise<number> {
    const answers = await Promise.all(
      databases.map(({ database }) =>
        rowsOf(
          database,
          `SELECT FROM information_schema.columns WHERE table_name = 'customers' AND column_name = 'tier'`,
        ),
      ),
    );
    return answers.filter((rows) => rows.length > 0).length;
  }

  /** Others use the servers at the same time. */
  async function leftovers(): Promise<number> {
    const sql = 'SELECT FROM pg_prepared_xacts WHERE database = current_database()';
    const answers = await Promise.all(databases.map(({ database }) => rowsOf(database, sql)));
    return answers.flat().length;
  }

  // Protocol: I12
  it('changes none of them when one API fails in its last statement', async () => {
    await prepare('one_fails', 5);
    await world.accept('/migrations/one_fails/sync');
    const { body: api } = await second.get<{ data: { uuid: string } }>('/apis/api_5');
    const answer = await second.post('/migrations/one_fails/migrate');
    expect(answer.status).toBe(500);
    expect(answer.body).toMatchObject({
      error: 'Migration execution failed',
      failed_apis: [api.data.uuid],
      errors: [{ api_id: 'api_5', binding: 2, template: 'check_5', code: 'EXPECTATION_FAILED' }],
    });
    expect(await changedDatabases()).toBe(0);
    expect(await leftovers()).toBe(0);
    const runs = await second.get<{ data: { state: string }[] }>('/migrations/one_fails/runs');
    expect(runs.body.data[0]).toMatchObject({ state: 'failed', kind: 'migrate' });
    await world.client.delete('/migrations/one_fails');
  });

  it('changes all of them when none fails, and says so per API and binding', async () => {
    await prepare('all_good', null);
    await world.accept('/migrations/all_good/sync');
    const answer = await second.post('/migrations/all_good/migrate');
    expect({ status: answer.status, body: answer.body }).toMatchObject({
      status: 200,
      body: { message: 'migration commit completed' },
    });
    expect(await changedDatabases()).toBe(DATABASES);
    expect(await leftovers()).toBe(0);
    const { body: migration } = await world.client.get<{ data: { run: { uuid: string } } }>('/migrations/all_good');
    const { body: run } = await second.get<RunBody>(`/runs/${migration.data.run.uuid}`);
    expect(run.data.state).toBe('succeeded');
    expect(run.data.apis).toHaveLength(DATABASES);
    expect(run.data.apis.flatMap((api) => api.bindings.map((binding) => binding.state))).toEqual(
      Array.from({ length: DATABASES * 3 }, () => 'succeeded'),
    );
    expect(run.data.databases.map(({ phases }) => phases.map(({ phase }) => phase))).toEqual(
      Array.from({ length: DATABASES }, () => ['running', 'prepared', 'committing']),
    );
    expect(run.data.databases.flatMap(({ phases }) => phases.map((phase) => phase.finished_at))).not.toContain(null);
    expect(run.data.attempt_history).toMatchObject([{ attempt: 1, outcome: 'succeeded' }]);
  });

  // Protocol: I18
  it('answers five equal triggers at once with one run', async () => {
    await world.accept('/migrations', { id: 'once' });
    await world.addTemplate('count_up', 'db_0', 'CREATE TABLE only_once AS SELECT 1 AS n');
    await world.addApi('counting');
    await world.accept('/migrations/once/add_api', {
      id: 'counting',
      bindings: [{ template: 'count_up', fields: {} }],
    });
    await world.accept('/migrations/once/sync');
    const clients = [world.client, second, world.client, second, world.client];
    const answers = await Promise.all(clients.map((client) => client.post('/migrations/once/migrate')));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    const runs = await second.get<{ data: { kind: string }[] }>('/migrations/once/runs');
    expect(runs.body.data.filter(({ kind }) => kind === 'migrate')).toHaveLength(1);
  });

  // Protocol: I18
  it('starts a migrate that comes while the sync still runs as soon as the sync is through', async () => {
    await world.accept('/migrations', { id: 'impatient' });
    await world.addTemplate('make_table', 'db_1', 'CREATE TABLE impatient (n int)');
    await world.addApi('impatient_api');
    await world.accept('/migrations/impatient/add_api', {
      id: 'impatient_api',
      bindings: [{ template: 'make_table', fields: {} }],
    });
    const sync = await world.client.post('/migrations/impatient/sync', {}, { prefer: 'respond-async' });
    expect(sync.status).toBe(202);
    const migrate = await second.post('/migrations/impatient/migrate');
    expect({ status: migrate.status, body: migrate.body }).toMatchObject({ status: 200 });
  });
});
