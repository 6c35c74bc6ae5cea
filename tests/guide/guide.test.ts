import { beforeAll, describe, expect, it } from '@jest/globals';
import { asUuid } from '@eden/domain';
import { createRedisLocks } from '@eden/locking';
import type { ApiResponse, Cluster } from '@eden/testkit';
import { startCluster, testServers } from '@eden/testkit';
import { CustomerWorld, rowsOf } from '../customers/customer-world.js';
import type { CustomerDatabase } from '../customers/customer-world.js';
import { expectDocumented } from './documented-shape.js';
import { guideJson, guideRequests } from './guide-blocks.js';
import type { GuideRequest } from './guide-blocks.js';

const LOCK_TIMEOUT_MS = 600;

describe('the guide, read from its own text', () => {
  const requests = guideRequests();
  let cluster: Cluster;
  let world: CustomerWorld;
  let customers: CustomerDatabase;

  beforeAll(async () => {
    cluster = await startCluster({ env: { LOCK_TIMEOUT_MS: String(LOCK_TIMEOUT_MS) } });
    world = await CustomerWorld.create(cluster);
    customers = await world.addDatabase(testServers().targets[0], 'customers_db');
    await world.installLibrary('customers_db');
    const apis = ['customer_data_migration_api', 'backup_stage_api', 'schema_change_api', 'data_migration_api'];
    for (const id of [...apis, 'rollback_api', 'existing_api_id', 'second_api']) await world.addApi(id);
  });

  /** Sends a request as it is printed; the token is the only thing that is ours. */
  async function send(request: GuideRequest): Promise<ApiResponse> {
    const { authorization: _, ...headers } = lowerCased(request.headers);
    const path = request.path.replace('/api/v1', '');
    if (request.method === 'GET') return world.client.get(path, headers);
    if (request.method === 'DELETE') return world.client.delete(path, headers);
    return world.client.post(path, request.body, headers);
  }

  function request(heading: string, path: string): GuideRequest {
    const found = requests.find((candidate) => candidate.heading === heading && candidate.path.endsWith(path));
    if (found === undefined) throw new Error(`The guide has no request ${path} below "${heading}"`);
    return found;
  }

  async function expectAsPrinted(heading: string, path: string): Promise<void> {
    const printed = request(heading, path);
    const answer = await send(printed);
    expect({ status: answer.status, body: answer.body }).toMatchObject({ status: 200 });
    expectDocumented(answer.body, printed.response ?? { status: 'success' });
  }

  it('prints eleven requests, seven of them with their answer', () => {
    expect(requests).toHaveLength(11);
    expect(requests.filter(({ response }) => response !== undefined)).toHaveLength(7);
  });

  it('creates the migration', async () => {
    await expectAsPrinted('Step 2: HTTP Request to Create Migration', '/migrations');
  });

  it('adds the API', async () => {
    await expectAsPrinted('Step 2: Add API to Migration', '/add_api');
  });

  it('shows the migration', async () => {
    await expectAsPrinted('Basic Migration Details', '/customer_schema_v2');
  });

  it('shows the migration with its APIs', async () => {
    await expectAsPrinted('Verbose Migration Details (with API schemas)', '/customer_schema_v2');
  });

  it('refuses an API that is in another migration, in the words of the guide', async () => {
    await world.accept('/migrations', { id: 'another' });
    const body = { id: 'customer_data_migration_api', bindings: [] };
    const answer = await world.client.post('/migrations/another/add_api', body);
    expect(answer.status).toBe(409);
    expectDocumented(answer.body, guideJson('Common Error Scenarios', '1. **API Already Has Migration**'));
  });

  it('names a template that does not exist, in the words of the guide', async () => {
    const bindings = [{ template: 'nonexistent_template', fields: {} }];
    const answer = await world.client.post('/migrations/another/add_api', { id: 'second_api', bindings });
    expect(answer.status).toBe(404);
    expectDocumented(answer.body, guideJson('Common Error Scenarios', '2. **Template Not Found**'));
  });

  it('says that the lock is taken, in the words of the guide', async () => {
    const { body } = await world.client.get<{ data: { uuid: string } }>('/migrations/customer_schema_v2');
    const locks = createRedisLocks({ urls: [cluster.redisUrl], ttlMs: 2_000, process: 'somebody-else:1' });
    const uuid = asUuid(body.data.uuid);
    await locks.check();
    const held = await locks.write([{ kind: 'migration', uuid }], { owner: { purpose: 'test' }, timeoutMs: 1_000 });
    try {
      const answer = await world.client.post('/migrations/customer_schema_v2/sync');
      expect(answer.status).toBe(423);
      expectDocumented(answer.body, guideJson('Common Error Scenarios', '3. **Migration Lock Timeout**'));
      expect(answer.body).toMatchObject({ holders: [{ process: 'somebody-else:1' }] });
      expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
    } finally {
      await held.release();
      await locks.close();
    }
  });

  it('syncs the migration', async () => {
    await expectAsPrinted('Step 1: Sync Migration State', '/sync');
    const { body } = await world.client.get('/migrations/customer_schema_v2', { 'x-eden-verbose': 'true' });
    expect(body).toMatchObject({ data: { state: 'Pending', apis: [{ migration: { state: true } }] } });
  });

  it('runs the migration', async () => {
    await expectAsPrinted('Step 2: Execute Migration', '/migrate');
    const { body } = await world.client.get('/migrations/customer_schema_v2');
    expect(body).toMatchObject({ data: { state: 'Completed' } });
    const [counts] = await rowsOf(
      customers.database,
      `SELECT (SELECT count(*)::int FROM customers) AS source, (SELECT count(*)::int FROM customers_v2) AS target,
              (SELECT count(*)::int FROM customers_backup_v1) AS backup`,
    );
    expect(counts).toEqual({ source: 2500, target: 2500, backup: 2500 });
  });

  it('runs the multi-stage migration, printed without stages', async () => {
    const printed = requests.filter(({ path }) => path.endsWith('/multi_stage_customer_migration/add_api'));
    expect(printed).toHaveLength(3);
    await world.accept('/migrations', guideJson('Multi-Stage Migration') as object);
    for (const stage of printed) {
      expectDocumented((await send(stage)).body, { status: 'success', message: 'added Api to migration' });
    }
    await world.accept('/migrations/multi_stage_customer_migration/sync');
    const answer = await world.client.post('/migrations/multi_stage_customer_migration/migrate');
    expect(answer.body).toMatchObject({ status: 'success', message: 'migration commit completed' });
    const columns = await rowsOf(
      customers.database,
      `SELECT column_name FROM information_schema.columns WHERE table_name = 'customers' ORDER BY ordinal_position`,
    );
    expect(columns.map((row) => row['column_name'])).toEqual(
      expect.arrayContaining(['email_verified', 'phone_verified', 'created_by']),
    );
    expect(await rowsOf(customers.database, 'SELECT count(*)::int AS n FROM customers_backup_20240115')).toEqual([
      { n: 2500 },
    ]);
  });

  it('runs the binding with references to outputs, printed as an example', async () => {
    await world.accept('/migrations', { id: 'example', parameters: { batch_size: 700 } });
    const example = guideJson('Step 1: Create API Migration Configuration') as { id: string };
    await world.accept('/migrations/example/add_api', example);
    await world.accept('/migrations/example/sync');
    const answer = await world.client.post('/migrations/example/migrate');
    expect({ status: answer.status, body: answer.body }).toMatchObject({ status: 200 });
  });

  it('runs the separate rollback migration', async () => {
    await rowsOf(customers.database, 'ALTER TABLE customers ADD COLUMN new_field1 text, ADD COLUMN new_field2 text');
    await rowsOf(customers.database, `UPDATE customers SET name = 'spoilt'`);
    await world.accept('/migrations', guideJson('Rollback Migration') as object);
    await expectAsPrinted('Rollback Migration', '/rollback_customer_schema_v2/add_api');
    await world.accept('/migrations/rollback_customer_schema_v2/sync');
    const answer = await world.client.post('/migrations/rollback_customer_schema_v2/migrate');
    expect({ status: answer.status, body: answer.body }).toMatchObject({ status: 200 });
    const [state] = await rowsOf(
      customers.database,
      `SELECT count(*) FILTER (WHERE name LIKE 'O''Brien%')::int AS restored,
              (SELECT count(*)::int FROM information_schema.columns
                WHERE table_name = 'customers' AND column_name LIKE 'new_field%') AS new_fields FROM customers`,
    );
    expect(state).toEqual({ restored: 2500, new_fields: 0 });
  });

  it('says which APIs failed, in the words of the guide', async () => {
    await world.addTemplate('divide_by_zero', 'customers_db', 'SELECT 1 / 0', { kind: 'Write' });
    await world.accept('/migrations', { id: 'failing' });
    await world.accept('/migrations/failing/add_api', {
      id: 'second_api',
      bindings: [{ template: 'divide_by_zero', fields: {} }],
    });
    await world.accept('/migrations/failing/sync');
    const answer = await world.client.post('/migrations/failing/migrate');
    expect(answer.status).toBe(500);
    expectDocumented(answer.body, guideJson('Common Error Scenarios', '4. **Parallel Execution Failure**'));
    expect(answer.body).toMatchObject({ errors: [{ api_id: 'second_api', template: 'divide_by_zero', sqlstate: '22012' }] });
    const { body } = await world.client.get('/migrations/failing');
    expect(body).toMatchObject({ data: { state: 'Failed' } });
  });

  it('deletes the migration; its API keeps its configuration and can be executed', async () => {
    await expectAsPrinted('Remove Migration', '/customer_schema_v2');
    expect((await world.client.get('/migrations/customer_schema_v2')).status).toBe(404);
    const { body } = await world.client.get('/apis/customer_data_migration_api');
    expect(body).toMatchObject({ data: { migration: { bindings: expect.arrayContaining([expect.anything()]) } } });
    expect((await world.client.post('/apis/customer_data_migration_api', {})).status).toBe(200);
  });
});

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
