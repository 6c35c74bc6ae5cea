import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  ApiClient,
  createControlDatabase,
  createDatabase,
  eventually,
  redisDatabase,
  testServers,
  withClient,
} from '@eden/testkit';
import type { TestDatabase } from '@eden/testkit';
import { startTestGateway } from '../testing/test-gateway.js';
import type { TestGateway } from '../testing/test-gateway.js';

/** Of whatever answer: the expectations say what it has to be. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- Bodies are looked into key by key.
type Body = any;

const FIRST = {
  path: '20260101000001_a.sql',
  text: '-- migrate:up\nCREATE TABLE a ();\n-- migrate:down\nDROP TABLE a;\n',
};
const SECOND = {
  path: '20260101000002_b.sql',
  text: '-- migrate:up\nCREATE TABLE b ();\n-- migrate:down\nDROP TABLE b;\n',
};
const FOLDER = { endpoint: 'shop', tool: 'auto', files: [FIRST, SECOND] };

let target: TestDatabase;
let gateway: TestGateway;
let admin: ApiClient;
let writer: ApiClient;
let stranger: ApiClient;
let control: TestDatabase;

beforeAll(async () => {
  control = await createControlDatabase();
  target = await createDatabase(testServers().targets[0]);
  gateway = await startTestGateway({ DATABASE_URL: control.url, REDIS_URL: await redisDatabase() });
  admin = new ApiClient(gateway.url, await gateway.createOrganization('acme'));
  stranger = new ApiClient(gateway.url, await gateway.createOrganization('other'));
  await admin.post('/iam/users', { username: 'writer', password: 'correct horse', access_level: 'Write' });
  writer = await new ApiClient(gateway.url).logIn('acme', 'writer', 'correct horse');
  await admin.post('/endpoints', { id: 'shop', kind: 'Postgres', config: { url: target.url } });
  await admin.post('/migrations', { id: 'm' });
});

afterAll(() => gateway.stop());

async function send(path: string, init: RequestInit, client = admin): Promise<{ status: number; body: Body }> {
  const headers = { authorization: `Bearer ${client.token}`, ...(init.headers as Record<string, string>) };
  const response = await fetch(`${gateway.url}/api/v1${path}`, { ...init, headers });
  return { status: response.status, body: await response.json() };
}

function put(path: string, body: unknown, client = admin): Promise<{ status: number; body: Body }> {
  const headers = { 'content-type': 'application/json' };
  return send(path, { method: 'PUT', body: JSON.stringify(body), headers }, client);
}

function form(
  part: string,
  body: unknown,
  files: readonly { path: string; bytes: Uint8Array }[],
  field = 'files',
): FormData {
  const data = new FormData();
  data.set(part, JSON.stringify(body));
  for (const { path, bytes } of files) data.append(field, new Blob([bytes.slice()]), path);
  return data;
}

describe('a source', () => {
  it('is put as JSON, listed, shown file by file, and has a managed API', async () => {
    const made = await put('/migrations/m/sources/main', FOLDER);
    expect(made).toMatchObject({
      status: 200,
      body: {
        data: { source: 'main', tool: 'dbmate', api: 'm.main', files: [{ path: FIRST.path }, { path: SECOND.path }] },
      },
    });
    const { body: list } = await admin.get<Body>('/migrations/m/sources');
    expect(list.data).toMatchObject([
      { id: 'main', endpoint_id: 'shop', checked_at: null, files: [{ state: null }, { state: null }] },
    ]);
    expect((await admin.get<Body>(`/migrations/m/sources/main/files/${FIRST.path}`)).body.data).toMatchObject({
      text: FIRST.text,
    });
    expect((await admin.get<Body>('/apis')).body.data).toEqual([]);
    expect((await admin.get<Body>('/apis?managed=true')).body.data).toMatchObject([{ id: 'm.main', managed: true }]);
    expect((await admin.get<Body>('/migrations/m?')).body.data.api_uuids).toHaveLength(1);
  });

  it('is read live in its database', async () => {
    await withClient(target.url, (session) =>
      session.query(
        "CREATE TABLE schema_migrations (version varchar PRIMARY KEY); INSERT INTO schema_migrations VALUES ('20260101000001')",
      ),
    );
    const { body } = await admin.get<Body>('/migrations/m/sources/main?live=true');
    expect(body.data.files).toMatchObject([
      { path: FIRST.path, version: '20260101000001', state: 'applied' },
      { path: SECOND.path, version: '20260101000002', state: 'pending' },
    ]);
    expect(Date.parse(body.data.checked_at)).toBeGreaterThan(0);
    const { body: list } = await admin.get<Body>('/migrations/m/sources?live=true');
    expect(list.data).toEqual([{ ...body.data, checked_at: expect.any(String) }]);
    expect((await admin.get<Body>('/migrations/m/sources')).body.data).toMatchObject([{ checked_at: null }]);
    expect((await admin.get('/migrations/m/sources?live=maybe')).status).toBe(400);
  });

  it('names what its caller may do with it now', async () => {
    const actions = async (client: ApiClient): Promise<unknown[]> => {
      const { body: list } = await client.get<Body>('/migrations/m/sources');
      const { body: one } = await client.get<Body>('/migrations/m/sources/main');
      return [list.data[0].actions, one.data.actions];
    };
    expect(await actions(admin)).toEqual([
      ['put', 'delete'],
      ['put', 'delete'],
    ]);
    expect(await actions(writer)).toEqual([[], []]);
    await admin.post('/migrations/m/sync', {}, { prefer: 'respond-async' });
    expect(await actions(admin)).toEqual([[], []]);
    await admin.post('/migrations/m/cancel');
  });

  it('comes as multipart too, its bytes exactly as they were, folders and all', async () => {
    const bytes = Buffer.from('\uFEFFCREATE TABLE größe ();\r\n', 'utf8');
    const lock = { path: 'migration_lock.toml', bytes: Buffer.from('provider = "postgresql"') };
    const script = { path: '20260101000000_init/migration.sql', bytes };
    const body = form('source', { endpoint: 'shop', tool: 'prisma' }, [lock, script]);
    const made = await send('/migrations/m/sources/other', { method: 'PUT', body });
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    expect(made.body.data.files).toContainEqual({ path: script.path, sha256, size: bytes.length });
    const { body: stored } = await admin.get<Body>(`/migrations/m/sources/other/files/${script.path}`);
    expect(Buffer.from(stored.data.base64, 'base64').equals(bytes)).toBe(true);
    expect((await admin.delete('/migrations/m/sources/other')).status).toBe(200);
    expect(await admin.get('/migrations/m/sources/other')).toMatchObject({
      status: 404,
      body: { code: 'SOURCE_NOT_FOUND' },
    });
  });

  it('takes 20 MiB in parts, and refuses more than 64 MiB, a JSON of more than 1 MiB and parts that nothing asks for', async () => {
    const large = (size: number) => ({ path: '1_a.sql', bytes: Buffer.alloc(size, `${FIRST.text}-- x\n`) });
    const head = { endpoint: 'shop', tool: 'golang-migrate' };
    const twenty = [{ ...large(20 * 2 ** 20), path: '1_a.up.sql' }];
    expect(
      await send('/migrations/m/sources/big', { method: 'PUT', body: form('source', head, twenty) }),
    ).toMatchObject({ status: 200 });
    await admin.delete('/migrations/m/sources/big');
    const tooMuch = form('source', head, [{ ...large(65 * 2 ** 20), path: '1_a.up.sql' }]);
    expect(await send('/migrations/m/sources/big', { method: 'PUT', body: tooMuch })).toMatchObject({ status: 413 });
    const json = { ...FOLDER, files: [{ path: '1_a.sql', text: 'x'.repeat(2 ** 20) }] };
    expect(await put('/migrations/m/sources/big', json)).toMatchObject({ status: 413 });
    const wrong = form('source', head, [large(10)], 'folder');
    expect(await send('/migrations/m/sources/big', { method: 'PUT', body: wrong })).toMatchObject({
      status: 400,
      body: { issues: [{ path: 'folder' }] },
    });
    const both = form('source', FOLDER, [large(10)]);
    expect(await send('/migrations/m/sources/big', { method: 'PUT', body: both })).toMatchObject({ status: 400 });
    const nothing = new FormData();
    nothing.set('plan', '{}');
    expect(await send('/migrations/m/sources/big', { method: 'PUT', body: nothing })).toMatchObject({ status: 400 });
  });

  it('is asked to come again while others hold the memory for uploads', async () => {
    const { hostname, port } = new URL(gateway.url);
    const headers = {
      authorization: `Bearer ${admin.token}`,
      'content-type': 'multipart/form-data; boundary=x',
      'content-length': 2 ** 26,
    };
    const path = '/api/v1/migrations/m/sources/main';
    // Three are taken and wait for the rest of their bodies; the fourth is one too many.
    const slow = [1, 2, 3, 4].map(() =>
      request({ hostname, port, path, method: 'PUT', headers }).on('error', () => {}),
    );
    slow.forEach((sent) => sent.write('--x'));
    const [refused] = (await Promise.race(slow.map((sent) => once(sent, 'response')))) as [IncomingMessage];
    expect(refused).toMatchObject({ statusCode: 503, headers: { 'retry-after': '5' } });
    const files = FOLDER.files.map(({ path: name, text }) => ({ path: name, bytes: Buffer.from(text) }));
    const again = () =>
      send('/migrations/m/sources/main', { method: 'PUT', body: form('source', { ...FOLDER, files: [] }, files) });
    expect(await again()).toMatchObject({ status: 503, body: { code: 'SERVICE_UNAVAILABLE' } });
    slow.forEach((sent) => sent.destroy());
    await eventually(async () => expect(await again()).toMatchObject({ status: 200 }));
  });

  it.each<[string, object, number, object]>([
    [
      'leads out of its folder',
      { files: [{ ...FIRST, path: '../1_a.sql' }] },
      422,
      { problems: [{ path: '../1_a.sql' }] },
    ],
    ['is of no tool that is known', { files: [{ path: 'a.txt', text: '' }] }, 422, { code: 'SOURCE_REFUSED' }],
    ['has no files', { files: [] }, 422, { code: 'SOURCE_REFUSED' }],
    ['has an unknown option', { options: { tabel: 'x' } }, 400, { issues: [{ path: 'options.tabel' }] }],
    ['has an endpoint that is not there', { endpoint: 'nobody' }, 404, { code: 'ENDPOINT_NOT_FOUND' }],
  ])('that %s is refused', async (_, change, status, body) => {
    expect(await put('/migrations/m/sources/bad', { ...FOLDER, ...change })).toMatchObject({ status, body });
    expect((await admin.get<Body>('/migrations/m/sources')).body.data).toHaveLength(1);
  });

  it('has an id that fits its API', async () => {
    expect(await put('/migrations/m/sources/a.b', FOLDER)).toMatchObject({
      status: 400,
      body: { issues: [{ path: 'source' }] },
    });
    await admin.post('/migrations', { id: 'x'.repeat(128) });
    expect(await put(`/migrations/${'x'.repeat(128)}/sources/a`, FOLDER)).toMatchObject({ status: 400 });
  });

  it('is not for those below Admin, nor for other organizations', async () => {
    expect(await put('/migrations/m/sources/main', FOLDER, writer)).toMatchObject({ status: 403 });
    expect(await writer.get('/migrations/m/sources/main')).toMatchObject({ status: 200 });
    for (const path of [
      '/migrations/m/sources',
      '/migrations/m/sources/main',
      `/migrations/m/sources/main/files/${FIRST.path}`,
    ]) {
      expect(await stranger.get(path)).toMatchObject({ status: 404 });
    }
    expect(await stranger.delete('/migrations/m/sources/main')).toMatchObject({ status: 404 });
    const { body } = await admin.get<Body>('/migrations/m/sources/main');
    await stranger.post('/migrations', { id: 'm' });
    expect(await stranger.get(`/migrations/m/sources/${body.data.uuid}`)).toMatchObject({ status: 404 });
    expect(await stranger.post('/plans', { sources: [{ ...FOLDER }] })).toMatchObject({ status: 404 });
  });

  it('keeps its API to itself', async () => {
    const managed = { status: 409, body: { code: 'API_MANAGED' } };
    expect(await admin.patch('/apis/m.main', { fields: [] })).toMatchObject(managed);
    expect(await admin.post('/apis/m.main', {})).toMatchObject(managed);
    expect(await admin.delete('/apis/m.main')).toMatchObject(managed);
    expect(await admin.delete('/migrations/m/apis/m.main')).toMatchObject(managed);
    await admin.post('/migrations', { id: 'n' });
    expect(await admin.post('/migrations/n/add_api', { id: 'm.main', bindings: [] })).toMatchObject(managed);
  });

  it('is refused where the folders of its migration have 256 MiB together', async () => {
    await admin.post('/migrations', { id: 'full' });
    await put('/migrations/full/sources/main', FOLDER);
    await withClient(control.url, (session) => session.query('UPDATE source_files SET size = 140 * 1024 * 1024'));
    expect(await put('/migrations/full/sources/second', { ...FOLDER, options: { table: 'second' } })).toMatchObject({
      status: 422,
      body: {
        code: 'SOURCE_REFUSED',
        problems: [{ message: expect.stringContaining('256 MiB together at most, and the others have 280') }],
      },
    });
    const other = { ...FOLDER, files: [FIRST] };
    expect(await put('/migrations/full/sources/main', other)).toMatchObject({ status: 200 });
    await admin.delete('/migrations/full');
  });

  it('keeps its endpoint, and goes with its migration', async () => {
    expect(await admin.delete('/endpoints/shop')).toMatchObject({
      status: 409,
      body: { code: 'ENDPOINT_IN_USE', sources: ['main'] },
    });
    await admin.post('/migrations', { id: 'short' });
    await put('/migrations/short/sources/main', FOLDER);
    expect((await admin.delete('/migrations/short')).status).toBe(200);
    expect(await admin.get('/apis/short.main')).toMatchObject({ status: 404 });
    const rows = await withClient(control.url, (session) =>
      session.query('SELECT count(*)::int AS files FROM source_files'),
    );
    expect(rows.rows).toEqual([{ files: 2 }]);
  });
});

describe('a plan of folders that nobody stores', () => {
  it('says what is pending in the database now, for those who may write', async () => {
    const body = { sources: [{ ...FOLDER, id: 'main' }] };
    const { status, body: answer } = await writer.post<Body>('/plans', body);
    expect(status).toBe(200);
    expect(answer.data).toMatchObject({
      current: false,
      atomicity: 'atomic',
      apis: [
        {
          api_id: 'main',
          bindings: [{ template: null, source: 'main', file: SECOND.path, version: '20260101000002', class: '2pc' }],
        },
      ],
      // A single database commits in one phase, as sync says too.
      databases: [{ last_resource: true, steps: [{ binding: 0, file: SECOND.path }] }],
    });
    const again = await writer.post<Body>('/plans', body, { 'idempotency-key': 'k' });
    expect(again.status).toBe(200);
    expect(again.body.data.hash).toBe(answer.data.hash);
    const more = `${SECOND.text}-- more\n`;
    for (const other of [
      { options: { to: '20260101000002' } },
      { files: [FIRST, { ...SECOND, text: more }] },
      { stage: 1 },
    ]) {
      const planned = await writer.post<Body>('/plans', { sources: [{ ...FOLDER, id: 'main', ...other }] });
      expect(planned.body.data.hash).not.toBe(answer.data.hash);
    }
    const parts = form(
      'plan',
      { sources: [{ endpoint: 'shop', id: 'main' }] },
      [{ path: SECOND.path, bytes: Buffer.from(SECOND.text) }],
      'files[main]',
    );
    expect((await send('/plans', { method: 'POST', body: parts }, writer)).body.data.apis[0].bindings).toHaveLength(1);
    expect(
      await withClient(target.url, (session) =>
        session.query("SELECT to_regclass('b') AS b, to_regnamespace('_eden') AS eden"),
      ),
    ).toMatchObject({
      rows: [{ b: null, eden: null }],
    });
  });

  it('looks through endpoints that are not in the service, for those who may make them', async () => {
    const other = await createDatabase(testServers().targets[0]);
    const endpoint = { id: 'away', kind: 'Postgres', config: { url: other.url } };
    const body = { endpoints: [endpoint], sources: [{ ...FOLDER, endpoint: 'away' }] };
    expect(await writer.post('/plans', body)).toMatchObject({ status: 403 });
    const robot = { username: 'looker', access_level: 'Admin', scopes: ['read'] };
    const { api_key: key } = (await admin.post<Body>('/iam/robots', robot)).body.data;
    expect(await new ApiClient(gateway.url, key).post('/plans', body)).toMatchObject({
      status: 403,
      body: { required_scopes: ['migrate'], key_scopes: ['read'] },
    });
    const planned = await admin.post<Body>('/plans', body);
    expect(planned.body.data).toMatchObject({ apis: [{ api_id: 'away', bindings: [{}, {}] }] });
    expect((await admin.post<Body>('/plans', body)).body.data.hash).toBe(planned.body.data.hash);
    expect(await admin.get('/endpoints/away')).toMatchObject({ status: 404 });
    const wrong = { ...endpoint, config: { ...endpoint.config, sslmode: 'off' } };
    expect(await admin.post('/plans', { ...body, endpoints: [wrong] })).toMatchObject({ status: 400 });
  });

  it('is cut under "best", and refused under "strict", where a file uses a new value of an enum', async () => {
    const adds = { path: '20260101000003_c.sql', text: "-- migrate:up\nALTER TYPE mood ADD VALUE 'glad';\n" };
    const uses = { path: '20260101000004_d.sql', text: "-- migrate:up\nSELECT 'glad'::mood;\n" };
    const sources = [{ ...FOLDER, files: [FIRST, SECOND, adds, uses] }];
    expect((await writer.post<Body>('/plans', { sources, options: { atomicity: 'best' } })).body.data).toMatchObject({
      atomicity: 'best effort',
      apis: [{ bindings: [{ file: SECOND.path }, { file: adds.path }] }],
      later_parts: [[{ file: uses.path, after: { file: adds.path, type: 'mood', value: 'glad' } }]],
    });
    expect(await writer.post('/plans', { sources })).toMatchObject({
      status: 422,
      body: { reasons: [expect.stringContaining(`${uses.path} uses 'glad', which ${adds.path} adds`)] },
    });
  });

  it('is refused with everything that is wrong, and for two folders of one history', async () => {
    const broken = { ...FOLDER, files: [FIRST, { ...SECOND, text: '-- migrate:up\nROLLBACK;\n\nSELEKT 1;\n' }] };
    expect(await writer.post('/plans', { sources: [broken] })).toMatchObject({
      status: 422,
      body: { code: 'SOURCE_REFUSED', problems: [{ path: SECOND.path, message: expect.stringContaining('ROLLBACK') }] },
    });
    const twice = { sources: [FOLDER, { ...FOLDER, id: 'second' }] };
    expect(await writer.post('/plans', twice)).toMatchObject({
      status: 422,
      body: { problems: [{ message: expect.stringContaining('one history') }] },
    });
  });
});

describe('a plan of APIs that nobody stores', () => {
  const template = (id: string, query: string, more: object = {}) => ({
    id,
    template: { endpoint: 'shop', kind: 'Write', template: { query } },
    ...more,
  });

  it('renders templates that are stored and that are not with the parameters, in the order of the run', async () => {
    await admin.post('/templates', template('stored', 'CREATE TABLE {{ident name}} (id bigint)'));
    const fill = template('fill', "INSERT INTO planned SELECT 1 WHERE 'x' = {{word}}", { outputs: { n: 'row_count' } });
    const body = {
      templates: [fill],
      apis: [
        { id: 'late', stage: 1, bindings: [{ template: 'fill', fields: { word: 'migration.n' } }] },
        {
          id: 'early',
          bindings: [
            { template: 'stored', fields: { name: 'planned' } },
            { template: 'fill', fields: { word: 'migration.word' } },
          ],
        },
      ],
      sources: [FOLDER],
      parameters: { word: "it's" },
    };
    const { status, body: answer } = await admin.post<Body>('/plans', body);
    expect([status, answer.data?.atomicity]).toEqual([200, 'atomic']);
    expect(
      answer.data.apis.map(({ api_id: id, bindings }: Body) => [
        id,
        bindings.map(({ statements }: Body) => statements[0]),
      ]),
    ).toEqual([
      ['early', ['CREATE TABLE "planned" (id bigint)', "INSERT INTO planned SELECT 1 WHERE 'x' = 'it''s'"]],
      ['shop', [expect.stringContaining('CREATE TABLE b')]],
      ['late', ["INSERT INTO planned SELECT 1 WHERE 'x' = 'migration.n'"]],
    ]);
    expect((await admin.post<Body>('/plans', body)).body.data.hash).toBe(answer.data.hash);
    for (const other of [{ parameters: { word: 'other' } }, { templates: [{ ...fill, retries: 1 }] }, { apis: [] }]) {
      expect((await admin.post<Body>('/plans', { ...body, ...other })).body.data.hash).not.toBe(answer.data.hash);
    }
    for (const path of ['/templates/fill', '/apis/early', '/apis/late']) {
      expect(await admin.get(path)).toMatchObject({ status: 404 });
    }
  });

  it('has a finding where there is nothing to do', async () => {
    const none = { rule: 'nothing-to-do', severity: 'warning', message: expect.any(String) };
    for (const body of [{}, { apis: [{ id: 'early', bindings: [] }] }, { sources: [{ ...FOLDER, files: [FIRST] }] }]) {
      const { status, body: answer } = await admin.post<Body>('/plans', body);
      expect([status, answer.data?.findings]).toEqual([200, [none]]);
    }
    const { body: some } = await admin.post<Body>('/plans', {
      apis: [{ id: 'early', bindings: [] }],
      sources: [FOLDER],
    });
    expect(some.data).not.toHaveProperty('findings');
  });

  it('looks through endpoints that only it has', async () => {
    const other = await createDatabase(testServers().targets[1]);
    const endpoints = [{ id: 'aside', kind: 'Postgres', config: { url: other.url } }];
    const templates = [{ id: 't', template: { endpoint: 'aside', kind: 'Write', template: { query: 'SELECT 1' } } }];
    const apis = [
      { id: 'a', bindings: [{ template: 't' }] },
      { id: 'b', bindings: [{ template: 'stored', fields: { name: 'planned' } }] },
    ];
    const planned = await admin.post<Body>('/plans', { endpoints, templates, apis });
    expect(planned.body.data.databases).toHaveLength(2);
    expect(
      await withClient(other.url, (session) => session.query("SELECT to_regnamespace('_eden') AS eden")),
    ).toMatchObject({
      rows: [{ eden: null }],
    });
  });

  it.each([
    [
      'what is named twice',
      {
        apis: [
          { id: 'a', bindings: [] },
          { id: 'a', bindings: [] },
        ],
      },
      400,
      { issues: [{ path: 'apis[1].id', message: '"a" comes twice' }] },
    ],
    [
      'a template that is nowhere',
      { apis: [{ id: 'a', bindings: [{ template: 'gone' }] }] },
      404,
      { template_id: 'gone' },
    ],
    [
      'a reference that resolves nowhere',
      { apis: [{ id: 'a', bindings: [{ template: 'stored', fields: { name: 'migration.nme' } }] }] },
      400,
      { api: 'a', binding: 0, reference: 'migration.nme' },
    ],
    [
      'a template that could never run',
      { templates: [template('bad', 'SELEKT 1')] },
      400,
      { issues: [{ path: 'templates[0].template.template.query' }] },
    ],
    [
      'what is no reference',
      { apis: [{ id: 'a', bindings: [{ template: 'stored', fields: { name: 'migration.' } }] }] },
      400,
      { issues: [{ path: 'apis[0].bindings[0].fields.name' }] },
    ],
    [
      'what cannot be kept',
      {
        templates: [template('outside', 'CREATE INDEX CONCURRENTLY i ON pg_class (oid)')],
        apis: [{ id: 'a', bindings: [{ template: 'outside' }] }],
      },
      422,
      { code: 'ATOMICITY_REFUSED' },
    ],
    ['the API of a source', { apis: [{ id: 'm.main', bindings: [] }] }, 409, { code: 'API_MANAGED' }],
  ])('is refused for %s', async (_, body, status, error) => {
    expect(await admin.post('/plans', body)).toMatchObject({ status, body: error });
  });

  it('shows of stored templates what may be run, and takes none from those who could not create it', async () => {
    const apis = [{ id: 'a', bindings: [{ template: 'stored', fields: { name: 'planned' } }] }];
    expect(await writer.post('/plans', { apis })).toMatchObject({ status: 200 });
    expect(await writer.post('/plans', { apis, templates: [template('own', 'SELECT 1')] })).toMatchObject({
      status: 403,
    });
    await admin.post('/iam/rbac/templates/stored/subjects', { subjects: [['writer', 'Read']] });
    expect(await writer.post('/plans', { apis })).toMatchObject({ status: 403 });
    expect(await stranger.post('/plans', { apis })).toMatchObject({ status: 404 });
  });

  it('says that somebody uses what it drops, and not who to those whom a grant keeps from it', async () => {
    await admin.post('/templates', template('reads_orders', 'SELECT state FROM orders'));
    await admin.post('/apis', { id: 'hidden', fields: [], bindings: [{ template: 'reads_orders', fields: {} }] });
    await admin.post('/iam/rbac/apis/hidden/subjects', { subjects: [['writer', 'None']] });
    const text = '-- migrate:up\nDROP TABLE orders;\n-- migrate:down\nSELECT 1;\n';
    const usedBy = async (client: ApiClient): Promise<string> => {
      const sources = [{ ...FOLDER, files: [{ path: '20260101000009_drop.sql', text }] }];
      const { findings } = (await client.post<Body>('/plans', { sources })).body.data.apis[0].bindings[0];
      return findings.find(({ rule }: Body) => rule === 'used-by-api').message;
    };
    expect(await usedBy(admin)).toContain('orders is used by hidden (');
    expect(await usedBy(writer)).toContain('orders is used by an API that is kept from you (');
  });

  it('of nothing is empty', async () => {
    expect(await writer.post('/plans', {})).toMatchObject({ status: 200, body: { data: { apis: [], databases: [] } } });
  });
});
