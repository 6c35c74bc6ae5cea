import { beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiResponse } from '@eden/testkit';
import { startCluster, testServers } from '@eden/testkit';
import { CustomerWorld } from '../customers/customer-world.js';

const UUID = /^[0-9a-f-]{36}$/;

describe('bad input gets its error and changes nothing', () => {
  let world: CustomerWorld;
  let stranger: CustomerWorld;
  let url: string;

  beforeAll(async () => {
    const cluster = await startCluster();
    url = `${cluster.client.gatewayUrl}/api/v1`;
    world = await CustomerWorld.create(cluster);
    stranger = await CustomerWorld.create(cluster);
    await world.addDatabase(testServers().targets[0], 'db');
    await world.addTemplate('count', 'db', 'SELECT count(*) AS n FROM customers', { kind: 'Read' });
    await world.addApi('api', [{ name: 'customer.id', type: 'Number', required: true }], []);
    await world.accept('/migrations', { id: 'kept' });
  });

  function send(path: string, init: RequestInit): Promise<Response> {
    return fetch(`${url}${path}`, {
      ...init,
      headers: {
        authorization: `Bearer ${world.client.token}`,
        'content-type': 'application/json',
        ...(init.headers as Record<string, string>),
      },
    });
  }

  function template(query: string, more: object = {}): Promise<ApiResponse> {
    const body = { endpoint: 'db', endpoint_kind: 'Postgres', kind: 'Write', template: { query } };
    return world.client.post('/templates', { id: 'bad', template: body, ...more });
  }

  /** Status and error body; every error names its code and the request. */
  function expectError(answer: { status: number; body: unknown }, status: number, body: object): void {
    expect({ status: answer.status, body: answer.body }).toMatchObject({
      status,
      body: { ...body, code: expect.stringMatching(/^[A-Z_]+$/), request_id: expect.stringMatching(UUID) },
    });
  }

  it('not JSON', async () => {
    const answer = await send('/migrations', { method: 'POST', body: '{"id": ' });
    expectError({ status: answer.status, body: await answer.json() }, 400, { error: 'Validation failed' });
  });

  it('another media type', async () => {
    const answer = await send('/migrations', {
      method: 'POST',
      body: '<id/>',
      headers: { 'content-type': 'text/xml' },
    });
    expect(answer.status).toBe(415);
  });

  it('a body of more than 1 MiB', async () => {
    const body = JSON.stringify({ id: 'big', description: 'x'.repeat(1 << 20) });
    expect((await send('/migrations', { method: 'POST', body })).status).toBe(413);
  });

  it('a JSON document ten thousand levels deep', async () => {
    const body = `{"id":"deep","parameters":{"x":${'['.repeat(10_000)}${']'.repeat(10_000)}}}`;
    expect((await send('/migrations', { method: 'POST', body })).status).toBe(400);
  });

  it('unknown keys, by name', async () => {
    const answer = await world.client.post('/migrations', { id: 'x', descripton: 'typo' });
    expectError(answer, 400, { error: 'Validation failed' });
    expect(JSON.stringify(answer.body)).toContain('descripton');
  });

  it.each([
    ['a wrong type', { id: 7 }],
    ['an empty id', { id: '' }],
    ['an id that would not fit a path', { id: 'a/b' }],
    ['an id with a quote', { id: `it's` }],
    ['no id', {}],
    ['a body that is a list', []],
  ])('%s', async (_, body) => {
    expectError(await world.client.post('/migrations', body), 400, { error: 'Validation failed' });
  });

  it('ids that are taken', async () => {
    expectError(await world.client.post('/migrations', { id: 'kept' }), 409, { error: 'Migration already exists' });
  });

  it.each([
    ['/migrations/nothing', { error: 'Migration not found', migration_id: 'nothing' }],
    ['/templates/nothing', { error: 'Template not found', template_id: 'nothing' }],
    ['/apis/nothing', { error: 'Api not found', api_id: 'nothing' }],
    ['/endpoints/nothing', { error: 'Endpoint not found', endpoint_id: 'nothing' }],
    ['/runs/00000000-0000-4000-8000-000000000000', { error: 'Run not found' }],
  ])('an unknown id: %s', async (path, body) => {
    expectError(await world.client.get(path), 404, body);
  });

  it("another organization's ids and uuids are simply not there", async () => {
    for (const path of ['/migrations/kept', '/templates/count', '/apis/api', '/endpoints/db']) {
      const { body } = await world.client.get<{ data: { uuid: string } }>(path);
      const [, collection] = path.split('/');
      for (const ref of [path.split('/')[2], body.data.uuid]) {
        expect((await stranger.client.get(`/${collection}/${ref}`)).status).toBe(404);
        expect((await stranger.client.delete(`/${collection}/${ref}`)).status).toBe(404);
      }
    }
    expectError(await stranger.client.post('/migrations/kept/sync'), 404, { error: 'Migration not found' });
    expectError(await stranger.client.post('/apis/api', {}), 404, { error: 'Api not found' });
  });

  it('bad Handlebars, with line and column', async () => {
    const answer = await template('SELECT\n {{#if x}} 1');
    expectError(answer, 400, { error: 'Validation failed' });
    expect(JSON.stringify(answer.body)).toMatch(/line 2/);
  });

  it('SQL that does not parse, with line and column', async () => {
    const answer = await template('SELECT\n  FROM FROM customers');
    expectError(answer, 400, { error: 'Validation failed' });
    expect(JSON.stringify(answer.body)).toMatch(/line 2/);
  });

  it.each(['SELECT $$ {{x}} $$', "SELECT E'{{x}}'", 'SELECT 1 -- {{x}}', 'SELECT abc{{x}}'])(
    'a placeholder where no value can stand: %s',
    async (query) => {
      expectError(await template(query), 400, { error: 'Validation failed' });
    },
  );

  it('transaction control in a template is refused at sync, and the migration stays as it was', async () => {
    await world.addTemplate('commits', 'db', 'COMMIT');
    await world.addApi('committing');
    await world.accept('/migrations', { id: 'refused' });
    await world.accept('/migrations/refused/add_api', {
      id: 'committing',
      bindings: [{ template: 'commits', fields: {} }],
    });
    expectError(await world.client.post('/migrations/refused/sync'), 400, { error: 'Validation failed' });
    expectError(await world.client.post('/migrations/refused/migrate'), 409, { error: 'Migration is not synced' });
    expect((await world.client.get('/migrations/refused')).body).toMatchObject({ data: { state: 'Pending' } });
  });

  it('the plan of an earlier sync is not run when the last one has failed', async () => {
    await world.addTemplate('divides', 'db', 'SELECT 1 / 0');
    await world.addApi('dividing');
    await world.accept('/migrations', { id: 'resynced' });
    const bindings = [{ template: 'divides', fields: {} }];
    await world.accept('/migrations/resynced/add_api', { id: 'dividing', bindings });
    await world.accept('/migrations/resynced/sync');
    expect((await world.client.get('/migrations/resynced/gate?for=synced&wait=0')).status).toBe(200);
    const rehearsed = await world.client.post('/migrations/resynced/sync', { rehearse: true });
    expect(rehearsed.body).toMatchObject({ code: 'REHEARSAL_FAILED' });
    const refused = await world.client.post('/migrations/resynced/migrate');
    const errors = [expect.objectContaining({ code: 'REHEARSAL_FAILED' })];
    expectError(refused, 409, { error: 'Migration is not synced', errors });
    expect((await world.client.get('/migrations/resynced/gate?for=synced&wait=0')).status).toBe(409);
    const { body } = await world.client.get<{ data: { actions: string[] } }>('/migrations/resynced');
    expect(body.data.actions).toContain('sync');
    expect(body.data.actions).not.toContain('migrate');
    await world.accept('/migrations/resynced/sync');
    expectError(await world.client.post('/migrations/resynced/migrate'), 500, { code: 'MIGRATION_EXECUTION_FAILED' });
  });

  it('a failed sync is told before the state that an earlier migrate has left', async () => {
    await world.addTemplate('halves', 'db', 'SELECT 2 / 0');
    await world.addApi('halving');
    await world.accept('/migrations', { id: 'failing' });
    await world.accept('/migrations/failing/add_api', {
      id: 'halving',
      bindings: [{ template: 'halves', fields: {} }],
    });
    await world.accept('/migrations/failing/sync');
    const migrate = () => world.client.post('/migrations/failing/migrate');
    expectError(await migrate(), 500, { code: 'MIGRATION_EXECUTION_FAILED' });
    expectError(await migrate(), 409, { code: 'MIGRATION_STATE' });
    expect((await world.client.post('/migrations/failing/sync', { rehearse: true })).status).not.toBe(200);
    expect((await world.client.get('/migrations/failing')).body).toMatchObject({ data: { state: 'Failed' } });
    const errors = [expect.objectContaining({ code: 'REHEARSAL_FAILED' })];
    expectError(await migrate(), 409, { error: 'Migration is not synced', errors });
  });

  it('a plan that a later change has voided is out of date, and another sync mends it', async () => {
    await world.addTemplate('sums', 'db', 'SELECT 1');
    await world.addApi('summing');
    await world.accept('/migrations', { id: 'outdated' });
    await world.accept('/migrations/outdated/add_api', { id: 'summing', bindings: [{ template: 'sums', fields: {} }] });
    const migrate = () => world.client.post('/migrations/outdated/migrate');
    const outdated = {
      error: 'Migration plan is out of date',
      suggestion: expect.stringContaining('Run sync again'),
    };
    const changes: [string, object][] = [
      ['/templates/sums', { template: { template: { query: 'SELECT 2' } } }],
      ['/migrations/outdated', { parameters: { more: true } }],
    ];
    for (const [path, change] of changes) {
      await world.accept('/migrations/outdated/sync');
      expect((await world.client.patch(path, change)).status).toBe(200);
      expectError(await migrate(), 409, outdated);
    }
    await world.accept('/migrations/outdated/sync');
    expect((await migrate()).status).toBe(200);
  });

  it('a reference that resolves nowhere is named with its API and binding', async () => {
    await world.addTemplate('needs', 'db', 'SELECT {{value}}', { kind: 'Read' });
    await world.addApi('needing');
    await world.accept('/migrations', { id: 'unresolved' });
    await world.accept('/migrations/unresolved/add_api', {
      id: 'needing',
      bindings: [{ template: 'needs', fields: { value: 'migration.nowhere' } }],
    });
    expectError(await world.client.post('/migrations/unresolved/sync'), 400, {
      error: 'Required parameter missing',
      parameter: 'value',
      template: 'needs',
      api: 'needing',
      binding: 0,
      reference: 'migration.nowhere',
    });
  });

  // Protocol: I8
  it('what cannot be prepared is refused, with the reason', async () => {
    await world.addTemplate('concurrent', 'db', 'CREATE INDEX CONCURRENTLY by_email ON customers (email)');
    await world.addApi('indexing');
    await world.accept('/migrations', { id: 'strict' });
    await world.accept('/migrations/strict/add_api', {
      id: 'indexing',
      bindings: [{ template: 'concurrent', fields: {} }],
    });
    const answer = await world.client.post('/migrations/strict/sync');
    expectError(answer, 422, { error: 'Atomicity "strict" cannot be kept' });
    expect(answer.body).toMatchObject({ reasons: [expect.stringContaining('concurrent')] });
  });

  it('an endpoint that cannot be reached, without its credentials', async () => {
    const config = { url: 'postgresql://somebody:hidden-password@127.0.0.1:1/nothing' };
    await world.accept('/endpoints', { id: 'away', kind: 'Postgres', config });
    const answer = await world.client.post('/endpoints/away/test');
    expectError(answer, 503, { error: 'Endpoint unavailable', endpoint_id: 'away' });
    expect(JSON.stringify(answer.body)).not.toContain('hidden-password');
    expect(JSON.stringify((await world.client.get('/endpoints/away')).body)).not.toContain('hidden-password');
  });

  it('a missing input of an API', async () => {
    expectError(await world.client.post('/apis/api', { customer: {} }), 400, {
      error: 'Missing required field: customer.id',
    });
  });

  it('a template or endpoint in use cannot be deleted, and its users are named', async () => {
    await world.addApi('user', [], [{ template: 'count', fields: {} }]);
    const template = await world.client.delete('/templates/count');
    expectError(template, 409, { error: 'Template is in use' });
    expect(JSON.stringify(template.body)).toContain('user');
    expectError(await world.client.delete('/endpoints/db'), 409, { error: 'Endpoint is in use' });
  });

  it('no token, a bad token and a level that is too low', async () => {
    const anonymous = await fetch(`${url}/migrations`);
    expectError({ status: anonymous.status, body: await anonymous.json() }, 401, { error: 'Authentication required' });
    const forged = await world.client.withToken(`${world.client.token}x`).get('/migrations');
    expectError(forged, 401, { error: 'Authentication required' });
    await world.accept('/iam/users', { username: 'reader', password: 'a long password', access_level: 'Read' });
    const { body } = await world.client.get<{ data: object[] }>('/iam/users');
    expect(JSON.stringify(body)).not.toMatch(/password|argon/i);
  });

  it('left the migration that was there before as it was', async () => {
    const { body } = await world.client.get('/migrations/kept');
    expect(body).toMatchObject({ data: { state: 'Pending', api_uuids: [] } });
  });
});
