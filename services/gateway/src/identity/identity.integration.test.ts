import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApiClient, createControlDatabase, redisDatabase, withClient, eventually } from '@eden/testkit';
import type { TestDatabase } from '@eden/testkit';
import { asUuid } from '@eden/domain';
import jwt from 'jsonwebtoken';
import { GateTickets } from './gate-tickets.js';
import { JWT_SECRET, NEW_ORG_TOKEN, startTestGateway } from '../testing/test-gateway.js';
import type { TestGateway } from '../testing/test-gateway.js';

const PASSWORD = 'correct horse';

let database: TestDatabase;
let gateway: TestGateway;
let anonymous: ApiClient;
let root: ApiClient;

beforeAll(async () => {
  database = await createControlDatabase();
  gateway = await startTestGateway({ DATABASE_URL: database.url, REDIS_URL: await redisDatabase() });
  anonymous = new ApiClient(gateway.url);
  root = await newOrganization('acme');
});

afterAll(() => gateway.stop());

/** An organization with the SuperAdmin `root`. */
async function newOrganization(id: string): Promise<ApiClient> {
  const body = { id, super_admins: [{ username: 'root', password: PASSWORD }] };
  const { status } = await anonymous.withToken(NEW_ORG_TOKEN).post('/new', body);
  expect(status).toBe(201);
  return anonymous.logIn(id, 'root', PASSWORD);
}

/** A user of acme, logged in. */
async function newUser(username: string, level: string): Promise<ApiClient> {
  const { status } = await root.post('/iam/users', { username, password: PASSWORD, access_level: level });
  expect(status).toBe(200);
  return anonymous.logIn('acme', username, PASSWORD);
}

function basic(username: string, password: string): Record<string, string> {
  return { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` };
}

describe('a new organization', () => {
  it('answers 201 with its id and uuid', async () => {
    const body = { id: 'born', description: 'x', super_admins: [{ username: 'a@b.example', password: PASSWORD }] };
    const answer = await anonymous.withToken(NEW_ORG_TOKEN).post('/new', body);
    expect(answer).toMatchObject({
      status: 201,
      body: { status: 'success', data: { id: 'born', uuid: expect.any(String) } },
    });
    await anonymous.logIn('born', 'a@b.example', PASSWORD);
  });

  it('needs the token of the installation', async () => {
    const body = { id: 'refused', super_admins: [{ username: 'root', password: PASSWORD }] };
    for (const client of [anonymous, anonymous.withToken('wrong'), root]) {
      expect((await client.post('/new', body)).status).toBe(401);
    }
  });

  it.each([
    ['no administrator', { super_admins: [] }],
    ['two of the same name', { super_admins: Array(2).fill({ username: 'root', password: PASSWORD }) }],
    ['a short password', { super_admins: [{ username: 'root', password: '1234567' }] }],
  ])('with %s is refused', async (_what, rest) => {
    const answer = await anonymous.withToken(NEW_ORG_TOKEN).post('/new', { id: 'refused', ...rest });
    expect(answer).toMatchObject({ status: 400, body: { error: 'Validation failed' } });
  });

  it('cannot take the id of another', async () => {
    const body = { id: 'acme', super_admins: [{ username: 'root', password: PASSWORD }] };
    const answer = await anonymous.withToken(NEW_ORG_TOKEN).post('/new', body);
    expect(answer).toMatchObject({ status: 409, body: { error: 'Organization already exists' } });
  });

  it('stores no password but its hash', async () => {
    const { rows } = await withClient(database.url, (client) => client.query('SELECT * FROM users'));
    expect(JSON.stringify(rows)).not.toContain(PASSWORD);
    expect(JSON.stringify(rows)).toContain('$argon2id$');
  });
});

describe('logging in', () => {
  it('answers exactly token and lifetime', async () => {
    const { status, body } = await anonymous.post('/auth/login', { id: 'acme' }, basic('root', PASSWORD));
    expect({ status, body }).toEqual({ status: 200, body: { token: expect.any(String), expires_in: 900 } });
  });

  it('takes the organization from the header too', async () => {
    const headers = { ...basic('root', PASSWORD), 'x-org-id': 'acme' };
    expect((await anonymous.post('/auth/login', {}, headers)).status).toBe(200);
  });

  it('without an organization is 400', async () => {
    expect((await anonymous.post('/auth/login', {}, basic('root', PASSWORD))).status).toBe(400);
  });

  it.each([
    ['a wrong password', 'acme', 'root', 'wrong password'],
    ['an unknown user', 'acme', 'nobody', PASSWORD],
    ['an unknown organization', 'nowhere', 'root', PASSWORD],
    ['a user of another organization', 'other', 'only-in-acme', PASSWORD],
  ])('with %s is 401, always in the same words', async (_what, id, username, password) => {
    const { status, body } = await anonymous.post('/auth/login', { id }, basic(username, password));
    expect({ status, body }).toEqual({
      status: 401,
      body: {
        error: 'Authentication required',
        code: 'AUTHENTICATION_REQUIRED',
        request_id: expect.any(String),
      },
    });
  });

  it('is limited per user and address, with a hint when to come back', async () => {
    const { body } = await root.get<{ data: { organization_uuid: string } }>('/auth/me');
    const attempts = Array.from({ length: 11 }, (_, n) => {
      const id = n % 2 === 0 ? 'acme' : body.data.organization_uuid;
      return anonymous.post('/auth/login', { id }, basic('guessed', 'wrong password'));
    });
    const answers = await Promise.all(attempts);
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array<number>(10).fill(401), 429]);
    const limited = answers.find(({ status }) => status === 429);
    expect(limited?.body).toMatchObject({ error: 'Too many requests', code: 'RATE_LIMITED' });
    expect(Number(limited?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await anonymous.post('/auth/login', { id: 'acme' }, basic('root', PASSWORD))).status).toBe(200);
  });
});

describe('a changed password', () => {
  it('ends all sessions of its user, refreshed ones too, and those of nobody else', async () => {
    const ann = await newUser('changing', 'Write');
    const refreshed = await ann.post<{ token: string }>('/auth/refresh', {});
    const sessions = [ann, anonymous.withToken(refreshed.body.token)];
    for (const session of sessions) expect((await session.get('/migrations')).status).toBe(200);
    expect((await root.patch('/iam/users/changing', { password: 'another horse' })).status).toBe(200);
    for (const session of sessions) {
      expect((await session.get('/migrations')).status).toBe(401);
      expect((await session.post('/auth/refresh', {})).status).toBe(401);
    }
    expect((await root.get('/migrations')).status).toBe(200);
    const again = await anonymous.logIn('acme', 'changing', 'another horse');
    expect((await again.get('/migrations')).status).toBe(200);
  });
});

describe('the address of a client', () => {
  const attempts = (client: ApiClient) =>
    Promise.all(
      Array.from({ length: 11 }, (_, n) => {
        const headers = { ...basic('forwarded', 'wrong password'), 'x-forwarded-for': `203.0.113.${n}` };
        return client.post('/auth/login', { id: 'acme' }, headers);
      }),
    );

  it('is what a trusted proxy says', async () => {
    expect((await attempts(anonymous)).map(({ status }) => status)).toEqual(Array(11).fill(401));
  });

  it('is not what anybody else says', async () => {
    const env = { DATABASE_URL: database.url, REDIS_URL: await redisDatabase(), TRUSTED_PROXIES: '192.0.2.0/24' };
    const direct = await startTestGateway(env);
    try {
      // All of them come from one address; those that a slow Redis let pass uncounted are made up for.
      await eventually(async () => {
        const statuses = (await attempts(new ApiClient(direct.url))).map(({ status }) => status);
        expect(statuses).toContain(429);
      });
    } finally {
      await direct.stop();
    }
  });
});

describe('the requests of an organization', () => {
  it('are limited at all gateways together, and tell what is left; executions have a limit of their own', async () => {
    const env = { DATABASE_URL: database.url, REDIS_URL: await redisDatabase(), RATE_LIMIT_PER_MINUTE: '3' };
    const limited = [await startTestGateway(env), await startTestGateway(env)] as const;
    try {
      const busy = new ApiClient(limited[0].url, await limited[0].createOrganization('busy'));
      const calls = [busy, busy.at(limited[1].url), busy, busy.at(limited[1].url)];
      const answers: Awaited<ReturnType<typeof busy.get>>[] = [];
      for (const client of calls) answers.push(await client.get('/apis'));
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429]);
      expect(answers.map(({ headers }) => headers.get('ratelimit-remaining'))).toEqual(['2', '1', '0', '0']);
      expect(answers[3]).toMatchObject({ body: { error: 'Too many requests', code: 'RATE_LIMITED' } });
      const header = (name: string) => answers[3]?.headers.get(name);
      expect(header('ratelimit-limit')).toBe('3');
      expect(Number(header('retry-after'))).toBeGreaterThan(0);
      expect(header('ratelimit-reset')).toBe(header('retry-after'));
      const execution = await busy.post('/apis/nothing');
      expect({ status: execution.status, limit: execution.headers.get('ratelimit-limit') }).toEqual({
        status: 404,
        limit: null,
      });
      const gates: Awaited<ReturnType<typeof busy.get>>[] = [];
      for (const client of calls) gates.push(await client.get('/migrations/missing/gate?wait=60'));
      expect(gates.map(({ status }) => status)).toEqual([404, 404, 404, 429]);
      const idle = new ApiClient(limited[0].url, await limited[0].createOrganization('idle'));
      expect((await idle.get('/apis')).status).toBe(200);
    } finally {
      await Promise.all(limited.map((each) => each.stop()));
    }
  });
});

describe('a secret that is rotated', () => {
  it('keeps the tokens of the one before good until they expire, and signs them anew with the new one', async () => {
    const secret = 'another secret of at least thirty-two bytes';
    const env = { DATABASE_URL: database.url, REDIS_URL: await redisDatabase(), JWT_SECRET: secret };
    const [rotated, careless] = [
      await startTestGateway({ ...env, JWT_SECRET_PREVIOUS: JWT_SECRET }),
      await startTestGateway(env),
    ];
    try {
      const before = root.at(rotated.url);
      const { status, body } = await before.post<{ token: string }>('/auth/refresh');
      expect(status).toBe(200);
      expect((await root.at(careless.url).get('/migrations')).status).toBe(401);
      expect((await root.withToken(body.token).at(careless.url).get('/migrations')).status).toBe(200);
      expect((await root.withToken(body.token).get('/migrations')).status).toBe(401);
      const migration = { organizationUuid: asUuid(randomUUID()), migrationUuid: asUuid(randomUUID()) };
      const ticket = new GateTickets(JWT_SECRET).issue(migration, new Date());
      expect(new GateTickets(secret, JWT_SECRET).verify(ticket)).toEqual(migration);
      expect(() => new GateTickets(secret).verify(ticket)).toThrow('Authentication required');
    } finally {
      await Promise.all([rotated.stop(), careless.stop()]);
    }
  });
});

describe('a token', () => {
  it('is needed everywhere, and a 401 says which scheme', async () => {
    const answer = await anonymous.get('/migrations');
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="eden"');
  });

  it('of another signature or algorithm is refused', async () => {
    const claims = jwt.decode(root.token ?? '') as jwt.JwtPayload;
    const forged = [
      jwt.sign(claims, 'another secret of at least thirty-two bytes'),
      jwt.sign(claims, JWT_SECRET, { algorithm: 'HS384' }),
      jwt.sign(claims, '', { algorithm: 'none' }),
      `${root.token}x`,
    ];
    for (const token of forged) expect((await root.withToken(token).get('/migrations')).status).toBe(401);
  });

  it('raises nobody by its own word: the level is that of the database', async () => {
    const reader = await newUser('would-be-admin', 'Read');
    const claims = jwt.decode(reader.token ?? '') as jwt.JwtPayload;
    const raised = reader.withToken(jwt.sign({ ...claims, level: 'SuperAdmin' }, JWT_SECRET));
    expect(await raised.get('/iam/users')).toMatchObject({
      status: 403,
      body: { error: 'Insufficient permissions', required_level: 'Admin', user_level: 'Read' },
    });
  });

  it('reaches no other organization by its own word', async () => {
    const other = await newOrganization('other');
    const claims = jwt.decode(root.token ?? '') as jwt.JwtPayload;
    const { org_uuid: uuid } = jwt.decode(other.token ?? '') as jwt.JwtPayload;
    const moved = jwt.sign({ ...claims, org_uuid: uuid as string }, JWT_SECRET);
    expect((await root.withToken(moved).get('/migrations')).status).toBe(401);
  });

  it('can be exchanged for a new one, and stays good itself', async () => {
    const { status, body } = await root.post<{ token: string; expires_in: number }>('/auth/refresh');
    expect({ status, keys: Object.keys(body), expiresIn: body.expires_in }).toEqual({
      status: 200,
      keys: ['token', 'expires_in'],
      expiresIn: 900,
    });
    expect(body.token).not.toBe(root.token);
    for (const client of [root, root.withToken(body.token)]) expect((await client.get('/migrations')).status).toBe(200);
  });

  it('is revoked by logging out, and it alone', async () => {
    const first = await newUser('leaves', 'Read');
    const second = await anonymous.logIn('acme', 'leaves', PASSWORD);
    expect(await first.post('/auth/logout')).toMatchObject({ status: 200, body: { message: 'success' } });
    expect((await first.get('/migrations')).status).toBe(401);
    expect((await first.post('/auth/refresh')).status).toBe(401);
    expect((await second.get('/migrations')).status).toBe(200);
  });

  it('ends with its user, and follows his level at once', async () => {
    const ann = await newUser('ann', 'Admin');
    expect((await ann.get('/iam/users')).status).toBe(200);
    await root.patch('/iam/users/ann', { access_level: 'Read' });
    expect((await ann.get('/iam/users')).status).toBe(403);
    await root.delete('/iam/users/ann');
    expect((await ann.get('/migrations')).status).toBe(401);
  });
});

describe('users', () => {
  it('are made, shown, listed, changed and deleted, without their password', async () => {
    const made = await root.post('/iam/users', { username: 'bob@example.org', password: PASSWORD, description: 'new' });
    const bob = { username: 'bob@example.org', access_level: 'Read', description: 'new' };
    expect(made).toMatchObject({ status: 200, body: { status: 'success', data: bob } });
    expect((await root.get('/iam/users/bob@example.org')).body).toMatchObject({ data: bob });
    await root.patch('/iam/users/bob@example.org', {
      access_level: 'Write',
      description: null,
      password: 'new password',
    });
    const list = await root.get('/iam/users');
    expect(list.body).toMatchObject({
      data: expect.arrayContaining([expect.objectContaining({ ...bob, access_level: 'Write', description: null })]),
    });
    expect(JSON.stringify([made.body, list.body])).not.toMatch(/password|argon/);
    await anonymous.logIn('acme', 'bob@example.org', 'new password');
    expect((await root.delete('/iam/users/bob@example.org')).status).toBe(200);
    expect(await root.get('/iam/users/bob@example.org')).toMatchObject({
      status: 404,
      body: { error: 'User not found' },
    });
  });

  it('have unique names', async () => {
    await newUser('carl', 'Read');
    const answer = await root.post('/iam/users', { username: 'carl', password: PASSWORD });
    expect(answer).toMatchObject({ status: 409, body: { error: 'User already exists' } });
  });

  it('of other organizations are not there', async () => {
    const stranger = await newOrganization('stranger');
    await newUser('hidden', 'Read');
    for (const method of ['get', 'delete'] as const) {
      expect((await stranger[method]('/iam/users/hidden')).status).toBe(404);
    }
  });

  it('with the level Admin cannot make, raise or alter those who administer', async () => {
    const admin = await newUser('admin', 'Admin');
    await newUser('dora', 'Read');
    for (const level of ['Admin', 'SuperAdmin']) {
      const made = await admin.post('/iam/users', { username: 'x', password: PASSWORD, access_level: level });
      expect(made).toMatchObject({ status: 403, body: { required_level: 'SuperAdmin', user_level: 'Admin' } });
      expect((await admin.patch('/iam/users/dora', { access_level: level })).status).toBe(403);
    }
    expect((await admin.patch('/iam/users/root', { description: 'mine' })).status).toBe(403);
    expect((await admin.patch('/iam/users/root', { password: 'taken over' })).status).toBe(403);
    expect((await admin.delete('/iam/users/root')).status).toBe(403);
    expect((await admin.patch('/iam/users/dora', { access_level: 'Write' })).status).toBe(200);
  });

  it('cannot raise themselves', async () => {
    const admin = await newUser('climber', 'Admin');
    expect((await admin.patch('/iam/users/climber', { access_level: 'SuperAdmin' })).status).toBe(403);
    expect((await admin.patch('/iam/users/climber', { password: 'a new password' })).status).toBe(200);
  });

  it('keep at least one SuperAdmin, also when two remove each other at once', async () => {
    const first = await newOrganization('pair');
    await first.post('/iam/users', { username: 'second', password: PASSWORD, access_level: 'SuperAdmin' });
    const second = await anonymous.logIn('pair', 'second', PASSWORD);
    const answers = await Promise.all([
      first.delete('/iam/users/second'),
      second.patch('/iam/users/root', { access_level: 'Read' }),
    ]);
    expect(answers.map(({ status }) => status).filter((status) => status === 200)).toHaveLength(1);
    const last = (await first.get('/iam/users')).status === 200 ? first : second;
    const name = last === first ? 'root' : 'second';
    const refused = { status: 409, body: { code: 'LAST_SUPER_ADMIN' } };
    expect(await last.delete(`/iam/users/${name}`)).toMatchObject(refused);
    expect(await last.patch(`/iam/users/${name}`, { access_level: 'Admin' })).toMatchObject(refused);
  });
});
