import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  ApiClient,
  createControlDatabase,
  createDatabase,
  redisDatabase,
  testServers,
  withClient,
} from '@eden/testkit';
import type { TestDatabase } from '@eden/testkit';
import { startTestGateway } from '../testing/test-gateway.js';
import type { TestGateway } from '../testing/test-gateway.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const SUCCESS = { status: 'success', message: 'success' };
const IDENTITY = { id: expect.any(String), uuid: expect.stringMatching(UUID) };

let control: TestDatabase;
let target: TestDatabase;
let gateway: TestGateway;
let admin: ApiClient;
let reader: ApiClient;

beforeAll(async () => {
  control = await createControlDatabase();
  target = await createDatabase(testServers().targets[0]);
  await withClient(target.url, (session) => session.query('CREATE TABLE notes (id int PRIMARY KEY, text text)'));
  gateway = await startTestGateway({ DATABASE_URL: control.url, REDIS_URL: await redisDatabase() });
  admin = new ApiClient(gateway.url, await gateway.createOrganization('acme'));
  await admin.post('/iam/users', { username: 'reader', password: 'correct horse' });
  reader = await new ApiClient(gateway.url).logIn('acme', 'reader', 'correct horse');
  await admin.post('/endpoints', { id: 'db', kind: 'Postgres', config: { url: target.url } });
  await template('read_note', 'Read', 'SELECT id, text FROM notes WHERE id = {{id}}');
  await template('write_note', 'Write', 'INSERT INTO notes VALUES ({{id}}, {{text}})');
});

afterAll(() => gateway.stop());

async function versionOf(endpoint: string): Promise<number> {
  const sql = 'SELECT version FROM endpoints WHERE id = $1';
  const { rows } = await withClient(control.url, (client) => client.query<{ version: number }>(sql, [endpoint]));
  return rows[0]?.version ?? 0;
}

async function template(id: string, kind: string, query: string): Promise<void> {
  const body = { id, template: { endpoint: 'db', endpoint_kind: 'Postgres', kind, template: { query } } };
  expect(await admin.post('/templates', body)).toMatchObject({ status: 200 });
}

describe('endpoints', () => {
  it('are made and shown by id and uuid, without their credentials', async () => {
    const config = { host: 'db.example', database: 'd', username: 'u', password: 'hidden-password' };
    const made = await admin.post<{ data: { uuid: string } }>('/endpoints', { id: 'away', kind: 'Postgres', config });
    expect({ status: made.status, body: made.body }).toEqual({ status: 200, body: { ...SUCCESS, data: IDENTITY } });
    for (const ref of ['away', made.body.data.uuid]) {
      const { body } = await reader.get(`/endpoints/${ref}`);
      expect(body).toMatchObject({ status: 'success', data: { id: 'away', config: { host: 'db.example' } } });
      expect(JSON.stringify(body)).not.toContain('hidden-password');
    }
    expect(JSON.stringify((await reader.get('/endpoints')).body)).not.toContain('hidden-password');
  });

  it('are changed without showing their credentials either', async () => {
    const config = { host: 'other.example', database: 'd', username: 'u', password: 'hidden-password' };
    const { body } = await admin.patch('/endpoints/away', { config, description: 'moved' });
    expect(body).toMatchObject({ ...SUCCESS, data: { description: 'moved', config: { host: 'other.example' } } });
    expect(JSON.stringify(body)).not.toContain('hidden-password');
  });

  it('stay the same version when nothing of them changes, and are another one with another password', async () => {
    const config = { host: 'other.example', database: 'd', username: 'u', password: 'hidden-password' };
    const before = await versionOf('away');
    await admin.patch('/endpoints/away', { config, description: 'moved' });
    expect(await versionOf('away')).toBe(before);
    await admin.patch('/endpoints/away', { config: { ...config, password: 'another-password' } });
    expect(await versionOf('away')).toBe(before + 1);
  });

  it('say what the caller may do with them, by level and grant', async () => {
    const actions = async (client: ApiClient, path: string): Promise<string[]> =>
      (await client.get<{ data: { actions: string[] } }>(path)).body.data.actions;
    expect(await actions(admin, '/endpoints/db')).toEqual(['update', 'test', 'delete', 'grant']);
    expect(await actions(reader, '/endpoints/db')).toEqual([]);
    expect(await actions(reader, '/templates/read_note')).toEqual(['execute']);
    const grants = '/iam/rbac/templates/read_note/subjects';
    await admin.post(grants, { subjects: [['reader', 'Write']] });
    expect(await actions(reader, '/templates/read_note')).toEqual(['execute', 'execute_writes']);
    await admin.delete(`${grants}/reader`);
  });

  it('of an impossible config are refused with its path', async () => {
    const answer = await admin.post('/endpoints', { id: 'x', kind: 'Postgres', config: { host: 7 } });
    expect(answer).toMatchObject({
      status: 400,
      body: { issues: expect.arrayContaining([expect.objectContaining({ path: 'config.host' })]) },
    });
  });

  it('are tested', async () => {
    const { status, body } = await admin.post('/endpoints/db/test');
    expect({ status, body }).toEqual({
      status: 200,
      body: {
        status: 'success',
        data: {
          connected: true,
          latency_ms: expect.any(Number),
          server_version: expect.any(String),
          atomicity: 'atomic',
          preparing: {
            possible: true,
            max_prepared_transactions: expect.any(Number),
            slots_free: expect.any(Number),
            reasons: [],
          },
        },
      },
    });
  });

  it('are deleted when no template uses them', async () => {
    expect((await admin.delete('/endpoints/db')).status).toBe(409);
    expect(await admin.delete('/endpoints/away')).toMatchObject({ status: 200, body: SUCCESS });
    expect(await admin.get('/endpoints/away')).toMatchObject({
      status: 404,
      body: { error: 'Endpoint not found', endpoint_id: 'away' },
    });
  });

  it('are managed by Admins only', async () => {
    const body = { id: 'x', kind: 'Postgres', config: {} };
    expect((await reader.post('/endpoints', body)).status).toBe(403);
    expect((await reader.patch('/endpoints/db', {})).status).toBe(403);
    expect((await reader.delete('/endpoints/db')).status).toBe(403);
  });
});

describe('templates', () => {
  it('are shown in the form in which they were made, with all their settings', async () => {
    const { body: endpoint } = await admin.get<{ data: { uuid: string } }>('/endpoints/db');
    const settings = {
      defaults: { batch_size: 1000 },
      rollback: { query: 'TRUNCATE {{ident target}}' },
      outputs: { copied: 'row_count' },
      expect: { no_rows: true },
      batch: { size: '{{batch_size}}', start: 0, commit: 'each' },
      timeout_ms: 30_000,
      lock_timeout_ms: 2000,
      retries: 3,
      transactional: true,
    };
    const query = 'DELETE FROM {{ident target}} WHERE id > {{batch.after}} AND id < {{batch.size}} RETURNING id';
    const core = { endpoint_uuid: endpoint.data.uuid, endpoint_kind: 'Postgres', kind: 'Write', template: { query } };
    const made = await admin.post('/templates', { id: 'full', description: 'all', template: core, ...settings });
    expect({ status: made.status, body: made.body }).toEqual({ status: 200, body: { ...SUCCESS, data: IDENTITY } });
    const { body } = await reader.get('/templates/full');
    expect(body).toMatchObject({ data: { id: 'full', description: 'all', template: core, ...settings } });
  });

  it('keep on change what is not named, and lose what is null', async () => {
    const { body } = await admin.patch('/templates/full', { timeout_ms: 5, rollback: null, description: null });
    expect(body).toMatchObject({
      ...SUCCESS,
      data: { description: null, timeout_ms: 5, retries: 3, template: { kind: 'Write' } },
    });
    expect(body).not.toHaveProperty('data.rollback');
  });

  it('run', async () => {
    await withClient(target.url, (session) => session.query("INSERT INTO notes VALUES (1, 'one')"));
    const { status, body } = await reader.post('/templates/read_note', { id: 1 });
    expect({ status, body }).toEqual({
      status: 200,
      body: {
        status: 'success',
        data: { rows: [{ id: 1, text: 'one' }], row_count: 1, execution_time_ms: expect.any(Number) },
      },
    });
  });

  it('that write need the level Write', async () => {
    expect(await reader.post('/templates/write_note', { id: 2, text: 'x' })).toMatchObject({
      status: 403,
      body: { required_level: 'Write', user_level: 'Read' },
    });
  });

  it('show their statements without running them', async () => {
    const { body } = await reader.post('/templates/write_note/render', { id: 9, text: "it's" });
    expect(body).toEqual({
      status: 'success',
      data: { statements: [{ query: expect.stringContaining('INSERT INTO notes'), params: expect.any(Array) }] },
    });
    expect((await reader.post('/templates/read_note', { id: 9 })).body).toMatchObject({ data: { rows: [] } });
  });

  it('say which parameter is missing', async () => {
    expect(await reader.post('/templates/read_note', {})).toMatchObject({
      status: 400,
      body: { error: 'Required parameter missing', parameter: 'id' },
    });
  });

  it('that fail in the target are 422 with its message', async () => {
    const answer = await admin.post('/templates/write_note', { id: 1, text: 'again' });
    expect(answer).toMatchObject({ status: 422, body: { error: 'Template execution failed', sqlstate: '23505' } });
  });

  it('that nobody has made are shown and looked at for what is dangerous', async () => {
    const query = '-- eden:ignore truncate: nobody reads it\nTRUNCATE old;\nDROP TABLE {{ident table}}';
    const body = {
      template: { endpoint_kind: 'Postgres', kind: 'Write', template: { query } },
      values: { tabel: 'a' },
    };
    const linted = await reader.post<{ data: { findings: { rule: string; line?: number }[] } }>('/tools/lint', body);
    expect(linted.body).toMatchObject({
      status: 'success',
      data: { class: '2pc', refusals: [], silenced: [{ rule: 'truncate', reason: 'nobody reads it', line: 2 }] },
    });
    expect(linted.body.data.findings.map(({ rule, line }) => [rule, line])).toEqual([
      ['drop-table', 3],
      ['unused-field', undefined],
      ['missing-rollback', undefined],
    ]);
    const rendered = await reader.post('/tools/render', { ...body, values: { table: 'a b' } });
    expect(rendered.body).toMatchObject({ data: { statements: [{ query: expect.stringContaining('"a b"') }] } });
    expect((await reader.post('/tools/render', body)).body).toMatchObject({ parameter: 'table' });
    const named = await reader.post('/tools/render', { id: 'clearing', ...body });
    expect(named.body).toMatchObject({ parameter: 'table', template: 'clearing' });
  });

  it.each(['lint', 'render'])('that nobody has made are no way to keep the gateway busy with %s', async (tool) => {
    const operations = Array.from({ length: 2 }, () => ({ query: 'SELECT {{#each a}}{{../text}}, {{/each}}1' }));
    const template = { endpoint_kind: 'Postgres', kind: 'Transaction', template: { operations } };
    const values = { a: Array.from({ length: 150 }, () => 1), text: 'x'.repeat(1_000) };
    expect(await reader.post(`/tools/${tool}`, { template, values })).toMatchObject({
      status: 422,
      body: { details: expect.stringContaining('the statements have more than 262144 characters') },
    });
  });

  it('are deleted', async () => {
    expect(await admin.delete('/templates/full')).toMatchObject({ status: 200, body: SUCCESS });
    expect(await admin.get('/templates/full')).toMatchObject({
      status: 404,
      body: {
        error: 'Template not found',
        template_id: 'full',
        suggestion: 'Verify template exists in your organization',
      },
    });
  });
});

describe('APIs', () => {
  it('are made with the documented sentence, and run', async () => {
    const fields = [{ name: 'note.id', type: 'Number', required: true }];
    const bindings = [{ template: 'read_note', fields: { id: 'note.id' } }];
    const made = await admin.post('/apis', { id: 'get_note', fields, bindings });
    expect({ status: made.status, body: made.body }).toEqual({
      status: 200,
      body: { status: 'success', message: 'API created successfully', data: IDENTITY },
    });
    const { body: bound } = await admin.get<{ data: { uuid: string } }>('/templates/read_note');
    const { status, body } = await reader.post<{ data: Record<string, unknown> }>('/apis/get_note', {
      note: { id: 1 },
    });
    expect({ status, keys: Object.keys(body.data) }).toEqual({ status: 200, keys: [bound.data.uuid] });
    expect(Object.values(body.data)).toMatchObject([{ rows: [{ id: 1, text: 'one' }], row_count: 1 }]);
  });

  it('are shown with their bindings by uuid', async () => {
    const { body: bound } = await admin.get<{ data: { uuid: string } }>('/templates/read_note');
    expect((await reader.get('/apis/get_note')).body).toMatchObject({
      status: 'success',
      data: {
        id: 'get_note',
        fields: [{ name: 'note.id', type: 'Number', required: true }],
        bindings: [{ template: bound.data.uuid, fields: { id: 'note.id' } }],
        migration: null,
      },
    });
  });

  it('name the input that is missing', async () => {
    expect(await reader.post('/apis/get_note', { note: {} })).toMatchObject({
      status: 400,
      body: { error: 'Missing required field: note.id' },
    });
  });

  it('that write need the level Write', async () => {
    const bindings = [{ template: 'write_note', fields: { id: 'id', text: { literal: 'x' } } }];
    await admin.post('/apis', { id: 'put_note', bindings });
    expect((await reader.post('/apis/put_note', { id: 5 })).status).toBe(403);
    expect((await admin.post('/apis/put_note', { id: 5 })).status).toBe(200);
  });

  it('are changed, listed and deleted', async () => {
    const changed = await admin.patch('/apis/put_note', { description: 'writes', bindings: [] });
    expect(changed).toMatchObject({ status: 200, body: { ...SUCCESS, data: { description: 'writes', bindings: [] } } });
    expect((await reader.get('/apis')).body).toMatchObject({ data: [{ id: 'put_note' }, { id: 'get_note' }] });
    expect(await admin.delete('/apis/put_note')).toMatchObject({ status: 200, body: SUCCESS });
    expect((await admin.get('/apis/put_note')).body).toMatchObject({ error: 'Api not found', api_id: 'put_note' });
  });

  it('refuse a binding to what is not there, in the words of the guide', async () => {
    const bindings = [{ template: 'nonexistent_template', fields: {} }];
    expect(await admin.post('/apis', { id: 'x', bindings })).toMatchObject({
      status: 404,
      body: {
        error: 'Template not found',
        template_id: 'nonexistent_template',
        suggestion: 'Verify template exists in your organization',
      },
    });
  });
});

describe('a template that can be in no transaction', () => {
  it('is made and refused by itself, with what to do instead', async () => {
    const query = 'CREATE INDEX CONCURRENTLY notes_id ON notes (id)';
    const template = { endpoint: 'db', kind: 'Write', template: { query } };
    expect(await admin.post('/templates', { id: 'alone', template, transactional: false })).toMatchObject({
      status: 200,
    });
    expect(await admin.post('/templates/alone')).toMatchObject({
      status: 422,
      body: {
        code: 'TEMPLATE_EXECUTION_FAILED',
        template: 'alone',
        sqlstate: '25001',
        suggestion: expect.stringContaining('migration'),
      },
    });
  });
});

describe('texts of templates in a form', () => {
  const TEXT = "-- {{ no placeholder }}\r\nINSERT INTO notes VALUES (4, 'größe {{x}}');\n";
  const BODY = { id: 'as_it_is', template: { endpoint: 'db', kind: 'Write' } };

  async function send(
    request: `POST ${string}` | `PATCH ${string}`,
    body: object,
    texts: readonly (readonly [string, string | Buffer])[],
    part = 'template',
  ) {
    const [method = '', path = ''] = request.split(' ');
    const form = new FormData();
    form.set(part, JSON.stringify(body));
    for (const [part, text] of texts) form.append(part, new Blob([Buffer.from(text)]), 'a.sql');
    const headers = { authorization: `Bearer ${admin.token}` };
    const answer = await fetch(`${gateway.url}/api/v1${path}`, { method, headers, body: form });
    return { status: answer.status, body: (await answer.json()) as { issues?: object[] } };
  }

  it('are taken as they are, run, and are changed so', async () => {
    expect(await send('POST /templates', BODY, [['query', TEXT]])).toMatchObject({ status: 200 });
    expect((await admin.get('/templates/as_it_is')).body).toMatchObject({
      data: { template: { template: { syntax: 'sql', query: TEXT } } },
    });
    const rollback = 'DELETE FROM notes WHERE id = 4;';
    const changed = await send('PATCH /templates/as_it_is', {}, [['rollback', rollback]]);
    expect(changed).toMatchObject({
      status: 200,
      body: { data: { template: { template: { query: TEXT } }, rollback: { syntax: 'sql', query: rollback } } },
    });
    expect(await admin.post('/templates/as_it_is', {})).toMatchObject({ status: 200 });
    const rows = await withClient(target.url, (session) => session.query('SELECT text FROM notes WHERE id = 4'));
    expect(rows.rows).toEqual([{ text: 'größe {{x}}' }]);
  });

  it('may come by the names of the form of sources', async () => {
    const body = { ...BODY, id: 'as_sources' };
    expect(await send('POST /templates', body, [['files', TEXT]], 'source')).toMatchObject({ status: 200 });
    expect((await admin.get('/templates/as_sources')).body).toMatchObject({
      data: { template: { template: { syntax: 'sql', query: TEXT } } },
    });
  });

  it('may have more than the 1 MiB of a body', async () => {
    const text = `INSERT INTO notes SELECT n, '${'x'.repeat(1000)}' FROM generate_series(100, 101) AS n;\n`.repeat(
      4000,
    );
    expect(text.length).toBeGreaterThan(4 * 2 ** 20);
    expect(await send('POST /templates', { ...BODY, id: 'long' }, [['query', text]])).toMatchObject({ status: 200 });
  });

  it.each<[string, object, readonly (readonly [string, string | Buffer])[], object]>([
    [
      'in the JSON as well',
      { template: { ...BODY.template, template: { query: 'SELECT 1' } } },
      [['query', TEXT]],
      { path: 'query', message: expect.stringContaining('one way') },
    ],
    [
      'in two parts of one name',
      {},
      [
        ['query', TEXT],
        ['query', TEXT],
      ],
      { path: 'query', message: 'comes twice' },
    ],
    [
      'by both names of one part',
      {},
      [
        ['query', TEXT],
        ['files', TEXT],
      ],
      { path: 'query', message: 'comes twice' },
    ],
    [
      'in a part that nothing asks for',
      {},
      [['quarry', TEXT]],
      { path: 'quarry', message: expect.stringContaining('query, rollback') },
    ],
    ['that are no UTF-8', {}, [['query', Buffer.from([0x53, 0xff, 0xfe])]], { path: 'query', message: 'is no UTF-8' }],
    [
      'in UTF-16',
      {},
      [['query', Buffer.from('SELECT 1', 'utf16le')]],
      { path: 'query', message: expect.stringContaining('NUL') },
    ],
    [
      'that cannot run',
      {},
      [['query', 'SELECT 1;\nROLLBACK;']],
      { path: 'template.template.query', message: expect.stringContaining('line 2') },
    ],
    ['where there is no object', { template: 7 }, [['query', TEXT]], { path: 'template' }],
  ])('are refused %s', async (_, more, texts, issue) => {
    const answer = await send('POST /templates', { ...BODY, id: 'refused', ...more }, texts);
    expect(answer).toMatchObject({ status: 400, body: { issues: [issue] } });
  });
});
