import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TestDatabase } from '@eden/testkit';
import {
  ApiClient,
  createControlDatabase,
  createDatabase,
  eventually,
  redisDatabase,
  testServers,
  withClient,
} from '@eden/testkit';
import { startTestGateway } from '../testing/test-gateway.js';
import type { TestGateway } from '../testing/test-gateway.js';

/* Two gateways on one control database: what one of them is told holds at the other with the next request. */

const PASSWORD = 'correct horse';

interface RobotAnswer {
  readonly data: { readonly uuid: string; readonly api_key: string; readonly expires_at: string | null };
}

let control: TestDatabase;
let gateways: [TestGateway, TestGateway];
let anonymous: ApiClient;
let root: ApiClient;

beforeAll(async () => {
  control = await createControlDatabase();
  const env = { DATABASE_URL: control.url, REDIS_URL: await redisDatabase() };
  gateways = [await startTestGateway(env), await startTestGateway(env)];
  anonymous = new ApiClient(gateways[0].url);
  root = anonymous.withToken(await gateways[0].createOrganization('acme'));
  const { url } = await createDatabase(testServers().targets[0]);
  await root.post('/endpoints', { id: 'db', kind: 'Postgres', config: { url } });
  await newTemplate('one', 'Read', 'SELECT 1 AS one');
  await newTemplate('write', 'Write', 'CREATE TABLE IF NOT EXISTS notes ()');
  for (const id of ['open', 'closed', 'other']) await root.post('/apis', { id, bindings: [{ template: 'one' }] });
  await root.post('/apis', { id: 'writing', bindings: [{ template: 'write' }] });
});

afterAll(() => Promise.all(gateways.map((gateway) => gateway.stop())));

function newTemplate(id: string, kind: string, query: string): Promise<unknown> {
  return root.post('/templates', { id, template: { endpoint: 'db', kind, template: { query } } });
}

async function newUser(username: string, level = 'Read'): Promise<ApiClient> {
  const { status } = await root.post('/iam/users', { username, password: PASSWORD, access_level: level });
  expect(status).toBe(200);
  return anonymous.logIn('acme', username, PASSWORD);
}

/** A robot's client, at the other gateway than the one that made it. */
async function newRobot(username: string, robot: object = {}): Promise<ApiClient> {
  const { status, body } = await root.post<RobotAnswer>('/iam/robots', { username, ...robot });
  expect(status).toBe(200);
  return new ApiClient(gateways[1].url, body.data.api_key);
}

function grant(collection: string, id: string, ...subjects: [string, string][]): ReturnType<ApiClient['post']> {
  return root.post(`/iam/rbac/${collection}/${id}/subjects`, { subjects });
}

async function idsOf(client: ApiClient, collection: string): Promise<string[]> {
  const { body } = await client.get<{ data: { id: string }[] }>(`/${collection}`);
  return body.data.map(({ id }) => id).sort();
}

describe('a robot', () => {
  it('comes with its key, which is shown once and kept nowhere', async () => {
    const made = await root.post<RobotAnswer>('/iam/robots', {
      username: 'ci',
      description: 'deploys',
      access_level: 'Write',
      scopes: ['read', 'migrate'],
      expires_in: 3600,
    });
    const { api_key: key, ...robot } = made.body.data;
    expect(robot).toEqual({
      uuid: expect.any(String),
      username: 'ci',
      description: 'deploys',
      access_level: 'Write',
      scopes: ['read', 'migrate'],
      expires_at: expect.any(String),
      actions: ['rotate_key', 'delete'],
      created_at: expect.any(String),
      updated_at: expect.any(String),
    });
    expect(key).toMatch(/^eden_[A-Za-z0-9_-]{43}$/);
    expect((await root.get<{ data: object }>('/iam/robots/ci')).body.data).toEqual(robot);
    expect((await root.get<{ data: object[] }>('/iam/robots')).body.data).toContainEqual(robot);
    await withClient(control.url, async (client) => {
      const { rows } = await client.query(
        `SELECT to_jsonb(users) FROM users UNION ALL SELECT to_jsonb(audit) FROM audit`,
      );
      expect(JSON.stringify(rows)).not.toContain(key.slice('eden_'.length));
    });
  });

  it('names what its caller may do with it, and so do users', async () => {
    await root.post('/iam/users', { username: 'chief', password: PASSWORD, access_level: 'Admin' });
    await root.post('/iam/users', { username: 'helper', password: PASSWORD });
    await root.post('/iam/robots', { username: 'strong', access_level: 'Admin' });
    await root.post('/iam/robots', { username: 'weak' });
    const chief = await new ApiClient(root.gatewayUrl).logIn('acme', 'chief', PASSWORD);
    const looking = await root.post<RobotAnswer>('/iam/robots', { username: 'looking', access_level: 'SuperAdmin' });
    const actions = async (client: ApiClient): Promise<unknown> => {
      const paths = ['robots/strong', 'robots/weak', 'users/chief', 'users/helper', 'users/root'];
      const answers = paths.map((path) => client.get<{ data: { actions: string[] } }>(`/iam/${path}`));
      return (await Promise.all(answers)).map(({ body }) => body.data.actions);
    };
    const [robots, users] = [
      ['rotate_key', 'delete'],
      ['update', 'delete'],
    ];
    expect(await actions(root)).toEqual([robots, robots, users, users, users]);
    expect(await actions(chief)).toEqual([[], robots, ['update'], users, []]);
    // No key may do any of it.
    expect(await actions(root.withToken(looking.body.data.api_key))).toEqual([[], [], [], [], []]);
  });

  it('is who it says at every gateway', async () => {
    const robot = await newRobot('who', { access_level: 'Write', scopes: ['gate'] });
    const { body } = await robot.get('/auth/me');
    expect(body).toEqual({
      status: 'success',
      data: {
        organization: 'acme',
        organization_uuid: expect.any(String),
        name: 'who',
        uuid: expect.any(String),
        kind: 'robot',
        level: 'Write',
        scopes: ['gate'],
      },
    });
    expect((await root.get<{ data: object }>('/auth/me')).body.data).toMatchObject({
      name: 'root',
      kind: 'user',
      scopes: null,
    });
  });

  it('may do what level and scopes both allow, and is told what is missing', async () => {
    const reader = await newRobot('reader', { scopes: ['read', 'execute'] });
    expect((await reader.get('/apis')).status).toBe(200);
    expect((await reader.post('/apis/open')).status).toBe(200);
    expect(await reader.post('/apis/writing')).toMatchObject({ status: 403, body: { required_level: 'Write' } });
    const lister = await newRobot('lister', { access_level: 'SuperAdmin', scopes: ['read'] });
    expect(await lister.post('/apis/open')).toMatchObject({
      status: 403,
      body: { error: 'Insufficient permissions', required_scopes: ['execute'], key_scopes: ['read'] },
    });
    expect(await lister.post('/iam/users', {})).toMatchObject({ status: 403, body: { required_scopes: [] } });
  });

  it('shares its names with people, and is none of them', async () => {
    await newRobot('shared');
    await newUser('person');
    const taken = { status: 409, body: { error: 'User already exists' } };
    expect(await root.post('/iam/users', { username: 'shared', password: PASSWORD })).toMatchObject(taken);
    expect(await root.post('/iam/robots', { username: 'person' })).toMatchObject(taken);
    expect((await root.get('/iam/users/shared')).status).toBe(404);
    expect(await root.get('/iam/robots/person')).toMatchObject({ status: 404, body: { error: 'Robot not found' } });
    expect((await root.delete('/iam/robots/root')).status).toBe(404);
    expect((await root.patch('/iam/users/shared', { password: PASSWORD })).status).toBe(404);
    const headers = { authorization: `Basic ${Buffer.from('shared:').toString('base64')}` };
    expect((await anonymous.post('/auth/login', { id: 'acme' }, headers)).status).toBe(401);
  });

  it('loses its key with the next request when it is rotated or deleted, and gains no time by it', async () => {
    const robot = await newRobot('rotating', { expires_in: 3600 });
    expect((await robot.get('/apis')).status).toBe(200);
    const rotated = await root.post<RobotAnswer>('/iam/robots/rotating/rotate-key', { expires_in: 7200 });
    expect((await robot.get('/apis')).status).toBe(401);
    const next = robot.withToken(rotated.body.data.api_key);
    expect((await next.get('/apis')).status).toBe(200);
    const again = await root.post<RobotAnswer>('/iam/robots/rotating/rotate-key');
    const times = [rotated, again].map(({ body }) => Date.parse(body.data.expires_at ?? ''));
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(0);
    await root.delete('/iam/robots/rotating');
    expect((await robot.withToken(again.body.data.api_key).get('/apis')).status).toBe(401);
  });

  it.each([1, 2])('with a key of %i s is known no longer once that is over, also to executions', async (seconds) => {
    const robot = await newRobot(`brief-${seconds}`, { expires_in: seconds });
    await eventually(async () => expect((await robot.post('/apis/open')).status).toBe(401));
    expect((await robot.get('/apis')).status).toBe(401);
  });

  it('is made by those who could do as much', async () => {
    const admin = await newUser('admin', 'Admin');
    expect((await admin.post('/iam/robots', { username: 'lesser', access_level: 'Write' })).status).toBe(200);
    expect((await admin.post('/iam/robots', { username: 'equal', access_level: 'Admin' })).status).toBe(403);
    await newRobot('greater', { access_level: 'SuperAdmin' });
    expect((await admin.post('/iam/robots/greater/rotate-key')).status).toBe(403);
    expect((await admin.delete('/iam/robots/greater')).status).toBe(403);
  });

  it.each([
    ['an unknown scope', { scopes: ['write'] }],
    ['no scope', { scopes: [] }],
    ['one scope twice', { scopes: ['read', 'read'] }],
    ['a key for no time', { expires_in: 0 }],
    ['a password', { password: PASSWORD }],
  ])('with %s is refused', async (_what, robot) => {
    expect((await root.post('/iam/robots', { username: 'refused', ...robot })).status).toBe(400);
  });

  it('is no SuperAdmin to fall back on', async () => {
    const lonely = anonymous.withToken(await gateways[0].createOrganization('lonely'));
    await lonely.post('/iam/robots', { username: 'robot', access_level: 'SuperAdmin' });
    expect((await lonely.delete('/iam/users/root')).status).toBe(409);
  });
});

describe('a grant', () => {
  it('raises and lowers a level on one resource, at every gateway at once', async () => {
    const ann = (await newUser('ann')).at(gateways[1].url);
    expect((await ann.patch('/apis/open', { description: 'x' })).status).toBe(403);
    await grant('apis', 'open', ['ann', 'Admin']);
    expect((await ann.patch('/apis/open', { description: 'x' })).status).toBe(200);
    expect((await ann.patch('/apis/other', { description: 'x' })).status).toBe(403);
    await grant('apis', 'open', ['ann', 'None']);
    expect(await ann.get('/apis/open')).toMatchObject({
      status: 403,
      body: { required_level: 'Read', user_level: 'None' },
    });
    await root.delete('/iam/rbac/apis/open/subjects/ann');
    expect((await ann.get('/apis/open')).status).toBe(200);
  });

  it('is shown with the resource, and gone with it or with its subject', async () => {
    await newUser('shown');
    await newRobot('shown-robot');
    await root.post('/apis', { id: 'granted' });
    const given = await grant('apis', 'granted', ['shown', 'Write'], ['shown-robot', 'None']);
    const subjects = [
      ['shown', 'Write'],
      ['shown-robot', 'None'],
    ];
    expect(given.body).toEqual({ status: 'success', message: 'success', data: { subjects } });
    expect((await root.get('/iam/rbac/apis/granted/subjects')).body).toEqual({ status: 'success', data: { subjects } });
    expect((await root.get<{ data: object }>('/iam/rbac/apis/granted/subjects/shown')).body.data).toMatchObject({
      subject: 'shown',
      level: 'Write',
    });
    await root.delete('/iam/robots/shown-robot');
    expect((await root.get<{ data: object }>('/iam/rbac/apis/granted/subjects')).body.data).toEqual({
      subjects: [['shown', 'Write']],
    });
    await root.delete('/apis/granted');
    await withClient(control.url, async (client) => {
      const { rows } = await client.query(
        `SELECT FROM resource_grants g JOIN users u ON u.uuid = g.user_uuid WHERE u.username LIKE 'shown%'`,
      );
      expect(rows).toEqual([]);
    });
  });

  it('of a subject or resource that is not there is refused, and nothing of it stays', async () => {
    await newUser('half');
    expect(await grant('apis', 'other', ['half', 'Write'], ['nobody', 'Write'])).toMatchObject({
      status: 404,
      body: { error: 'User not found', user_id: 'nobody' },
    });
    expect((await root.get<{ data: object }>('/iam/rbac/apis/other/subjects')).body.data).toEqual({ subjects: [] });
    expect((await grant('apis', 'nothing', ['half', 'Write'])).status).toBe(404);
    expect((await grant('apis', 'other', ['half', 'Write'], ['half', 'Read'])).status).toBe(400);
    expect((await root.delete('/iam/rbac/apis/other/subjects/half')).body).toMatchObject({ code: 'GRANT_NOT_FOUND' });
    const stranger = anonymous.withToken(await gateways[0].createOrganization('stranger'));
    for (const subject of ['half', 'root']) {
      const subjects = { subjects: [[subject, 'Admin']] };
      expect((await stranger.post('/iam/rbac/apis/other/subjects', subjects)).status).toBe(404);
    }
  });

  it('hides what its subject may not read from the lists, and leaves the rest', async () => {
    const ben = await newUser('ben');
    await root.post('/migrations', { id: 'secret' });
    for (const [collection, id] of [
      ['apis', 'closed'],
      ['templates', 'write'],
      ['migrations', 'secret'],
    ] as const) {
      expect(await idsOf(ben, collection)).toContain(id);
      await grant(collection, id, ['ben', 'None']);
      const readable = (await idsOf(root, collection)).filter((each) => each !== id);
      expect(await idsOf(ben, collection)).toEqual(readable);
    }
  });

  it('on an API is all that an execution asks for, and one on its template binds nobody who runs it', async () => {
    const cleo = await newUser('cleo');
    expect((await cleo.post('/apis/writing')).status).toBe(403);
    await grant('apis', 'writing', ['cleo', 'Write']);
    await grant('templates', 'write', ['cleo', 'None']);
    await grant('endpoints', 'db', ['cleo', 'None']);
    expect((await cleo.post('/apis/writing')).status).toBe(200);
    expect((await cleo.post('/apis/writing', {}, { 'idempotency-key': 'granted' })).status).toBe(200);
    expect((await cleo.post('/templates/write')).status).toBe(403);
    await grant('apis', 'writing', ['cleo', 'None']);
    expect((await cleo.post('/apis/writing')).status).toBe(403);
    expect((await cleo.post('/apis/writing', {}, { 'idempotency-key': 'granted' })).status).toBe(403);
  });

  it('is needed on what a request names besides: nobody reaches by an API what they may not use', async () => {
    const dora = await newUser('dora', 'Admin');
    await grant('endpoints', 'db', ['dora', 'Read']);
    await grant('templates', 'write', ['dora', 'Read']);
    await grant('apis', 'other', ['dora', 'Write']);
    const template = { endpoint: 'db', kind: 'Read', template: { query: 'SELECT 1' } };
    expect((await dora.post('/templates', { id: 'dora', template })).status).toBe(403);
    expect((await dora.post('/apis', { id: 'dora', bindings: [{ template: 'write' }] })).status).toBe(403);
    expect((await dora.patch('/apis/open', { bindings: [{ template: 'write' }] })).status).toBe(403);
    expect((await dora.post('/migrations', { id: 'doras' })).status).toBe(200);
    expect((await dora.post('/migrations/doras/add_api', { id: 'other', bindings: [] })).status).toBe(403);
    const folder = { endpoint: 'db', tool: 'golang-migrate', files: [{ path: '1_a.up.sql', text: 'SELECT 1;' }] };
    expect((await dora.put('/migrations/doras/sources/s', folder)).status).toBe(403);
    expect((await dora.post('/plans', { sources: [folder] })).status).toBe(403);
  });

  it('is never above the level of whoever gives it, and takes nothing from those above', async () => {
    const emil = await newUser('emil', 'Admin');
    await newUser('fay');
    const give = (subject: string, level: string) =>
      emil.post('/iam/rbac/apis/other/subjects', { subjects: [[subject, level]] });
    expect((await give('fay', 'Admin')).status).toBe(200);
    expect(await give('fay', 'SuperAdmin')).toMatchObject({
      status: 403,
      body: { required_level: 'SuperAdmin', user_level: 'Admin' },
    });
    expect((await give('emil', 'SuperAdmin')).status).toBe(403);
    expect((await give('root', 'None')).status).toBe(403);
    await grant('apis', 'other', ['fay', 'SuperAdmin']);
    expect((await give('fay', 'Read')).status).toBe(403);
    expect((await emil.delete('/iam/rbac/apis/other/subjects/fay')).status).toBe(403);
    await grant('apis', 'other', ['emil', 'Read']);
    expect((await give('emil', 'Admin')).status).toBe(403);
    expect((await emil.delete('/iam/rbac/apis/other/subjects/emil')).status).toBe(403);
  });

  it('is not reached by the key or the password of somebody who has it', async () => {
    const gil = await newUser('gil', 'Admin');
    await newRobot('keen');
    await newUser('hal');
    await grant('apis', 'other', ['keen', 'SuperAdmin'], ['hal', 'SuperAdmin']);
    expect((await gil.post('/iam/robots/keen/rotate-key')).status).toBe(403);
    expect((await gil.patch('/iam/users/hal', { password: PASSWORD })).status).toBe(403);
    expect((await gil.patch('/iam/users/hal', { description: 'x' })).status).toBe(200);
    expect((await root.post('/iam/robots/keen/rotate-key')).status).toBe(200);
  });

  it('that keeps somebody away keeps away whom they make, and whose key or password they get', async () => {
    const jan = await newUser('jan', 'Admin');
    for (const id of ['far', 'half']) await root.post('/apis', { id, bindings: [{ template: 'write' }] });
    await newRobot('ready', { access_level: 'Write' });
    await newUser('kim', 'Write');
    await grant('apis', 'far', ['jan', 'None']);
    await grant('apis', 'half', ['jan', 'Read']);
    expect((await jan.post('/apis/far')).status).toBe(403);
    const made = await jan.post<RobotAnswer>('/iam/robots', { username: 'jans', access_level: 'Write' });
    await jan.post('/iam/users', { username: 'lea', password: PASSWORD });
    const lea = await anonymous.logIn('acme', 'lea', PASSWORD);
    const robot = anonymous.withToken(made.body.data.api_key);
    for (const client of [robot, lea]) {
      expect((await client.post('/apis/far')).status).toBe(403);
      expect((await client.post('/apis/half')).status).toBe(403);
    }
    expect([(await robot.post('/apis/writing')).status, (await robot.get('/apis/half')).status]).toEqual([200, 200]);
    expect((await jan.post('/iam/robots/ready/rotate-key')).status).toBe(403);
    expect((await jan.patch('/iam/users/kim', { password: PASSWORD })).status).toBe(403);
    await root.post('/iam/users', { username: 'max', password: PASSWORD });
    expect((await jan.patch('/iam/users/max', { access_level: 'Write' })).status).toBe(403);
    expect((await jan.patch('/iam/users/kim', { access_level: 'Read' })).status).toBe(200);
    // Its key is as good as Jan's own level there.
    expect((await jan.post('/iam/robots/jans/rotate-key')).status).toBe(200);
  });

  it('hides an API from the verbose form of its migration as well', async () => {
    const ida = await newUser('ida');
    for (const id of ['seen', 'unseen']) await root.post('/apis', { id, bindings: [{ template: 'one' }] });
    await root.post('/migrations', { id: 'verbose' });
    for (const id of ['seen', 'unseen']) await root.post('/migrations/verbose/add_api', { id, bindings: [] });
    await grant('apis', 'unseen', ['ida', 'None']);
    const { body } = await ida.get<{ data: { apis: { id: string }[] } }>('/migrations/verbose', {
      'x-eden-verbose': 'true',
    });
    expect(body.data.apis.map(({ id }) => id)).toEqual(['seen']);
  });

  it('shuts no SuperAdmin out of the grants themselves', async () => {
    await grant('apis', 'other', ['root', 'None']);
    expect((await root.get('/apis/other')).status).toBe(403);
    expect((await root.delete('/iam/rbac/apis/other/subjects/root')).status).toBe(200);
    expect((await root.get('/apis/other')).status).toBe(200);
  });
});
