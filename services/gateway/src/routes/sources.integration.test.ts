import { createHash } from 'node:crypto';
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
      databases: [{ last_resource: false }],
    });
    const again = await writer.post<Body>('/plans', body, { 'idempotency-key': 'k' });
    expect(again.status).toBe(200);
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
