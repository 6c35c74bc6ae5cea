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

let control: TestDatabase;
let target: TestDatabase;
let gateway: TestGateway;
let client: ApiClient;

beforeAll(async () => {
  control = await createControlDatabase();
  target = await createDatabase(testServers().targets[0]);
  await withClient(target.url, (session) => session.query('CREATE TABLE orders (id int)'));
  gateway = await startTestGateway({ DATABASE_URL: control.url, REDIS_URL: await redisDatabase() });
  client = new ApiClient(gateway.url, await gateway.createOrganization('acme'));
  await client.post('/endpoints', { id: 'db', kind: 'Postgres', config: { url: target.url } });
  const query = 'INSERT INTO orders VALUES ({{id}}) RETURNING id';
  await client.post('/templates', { id: 'order', template: { endpoint: 'db', kind: 'Write', template: { query } } });
});

afterAll(() => gateway.stop());

function key(value: string): Record<string, string> {
  return { 'idempotency-key': value };
}

async function orders(id: number): Promise<number> {
  const { rows } = await withClient(target.url, (session) =>
    session.query<{ n: number }>('SELECT count(*)::int AS n FROM orders WHERE id = $1', [id]),
  );
  return rows[0]?.n ?? 0;
}

describe('an Idempotency-Key', () => {
  it('gives the first answer again instead of doing it again', async () => {
    const first = await client.post('/templates/order', { id: 1 }, key('k1'));
    const again = await client.post('/templates/order', { id: 1 }, key('k1'));
    expect(first.status).toBe(200);
    expect({ status: again.status, body: again.body }).toEqual({ status: 200, body: first.body });
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(first.headers.get('idempotency-replayed')).toBeNull();
    expect(await orders(1)).toBe(1);
  });

  it('makes one of many equal requests at once, and all get its answer', async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => client.post('/templates/order', { id: 2 }, key('k2'))),
    );
    expect(new Set(answers.map(({ status, body }) => JSON.stringify({ status, body }))).size).toBe(1);
    expect(answers[0]?.status).toBe(200);
    expect(await orders(2)).toBe(1);
  });

  it('with another body is 422', async () => {
    await client.post('/templates/order', { id: 3 }, key('k3'));
    const answer = await client.post('/templates/order', { id: 4 }, key('k3'));
    expect(answer).toMatchObject({ status: 422, body: { error: 'Idempotency-Key was used with another body' } });
    expect(await orders(4)).toBe(0);
  });

  it('does not care about the order of keys in the body', async () => {
    const first = await client.post('/migrations', { id: 'ordered', description: 'x' }, key('k4'));
    const again = await client.post('/migrations', { description: 'x', id: 'ordered' }, key('k4'));
    expect([first.status, again.status]).toEqual([200, 200]);
  });

  it('belongs to its subject', async () => {
    const stranger = new ApiClient(gateway.url, await gateway.createOrganization('stranger'));
    await client.post('/migrations', { id: 'mine' }, key('k5'));
    await stranger.post('/migrations', { id: 'theirs' }, key('k5'));
    expect((await stranger.get('/migrations/theirs')).status).toBe(200);
  });

  it('of a request that changed nothing may be used again', async () => {
    expect((await client.post('/migrations/late/add_api', { id: 'a', bindings: [] }, key('k6'))).status).toBe(404);
    await client.post('/migrations', { id: 'late' });
    await client.post('/apis', { id: 'a' });
    expect((await client.post('/migrations/late/add_api', { id: 'a', bindings: [] }, key('k6'))).status).toBe(200);
  });

  it('of a request that was refused may be used for the mended one', async () => {
    expect((await client.post('/templates/order', { id: 'no number' }, key('k11'))).status).toBe(422);
    expect((await client.post('/templates/order', { id: 11 }, key('k11'))).status).toBe(200);
    expect(await orders(11)).toBe(1);
  });

  it('starts one run only, and names it again', async () => {
    await client.post('/migrations', { id: 'run-once' });
    const prefer = { ...key('k7'), prefer: 'respond-async' };
    const first = await client.post('/migrations/run-once/sync', {}, prefer);
    const again = await client.post('/migrations/run-once/sync', {}, prefer);
    expect([first.status, again.status]).toEqual([202, 202]);
    expect(first.headers.get('location')).toMatch(/^\/api\/v1\/runs\//);
    expect(again.headers.get('location')).toBe(first.headers.get('location'));
  });

  it.each(['', 'x'.repeat(201)])('of a length that cannot be is 400', async (value) => {
    expect((await client.post('/migrations', { id: 'never' }, key(value))).status).toBe(400);
  });

  it('is not kept of what only reads, which is read again', async () => {
    const read = { endpoint: 'db', kind: 'Read', template: { query: 'SELECT count(*)::int AS n FROM orders' } };
    await client.post('/templates', { id: 'count', template: read });
    await client.post('/apis', { id: 'count', bindings: [{ template: 'count', fields: {} }] });
    for (const path of ['/templates/count', '/apis/count']) {
      const first = await client.post(path, {}, key('k9'));
      await client.post('/templates/order', { id: 9 });
      const again = await client.post(path, {}, key('k9'));
      expect([first.status, again.status]).toEqual([200, 200]);
      expect(JSON.stringify(again.body)).not.toBe(JSON.stringify(first.body));
      expect(again.headers.get('idempotency-replayed')).toBeNull();
    }
  });

  it('gives no answer to those who may not ask any more', async () => {
    const user = { username: 'ann', password: 'correct horse', access_level: 'Write' };
    await client.post('/iam/users', user);
    const ann = await client.logIn('acme', user.username, user.password);
    await client.post('/apis', { id: 'order', bindings: [{ template: 'order', fields: { id: { literal: 10 } } }] });
    for (const path of ['/templates/order', '/apis/order']) {
      expect((await ann.post(path, { id: 10 }, key('k10' + path))).status).toBe(200);
    }
    await client.patch('/iam/users/ann', { access_level: 'Read' });
    for (const path of ['/templates/order', '/apis/order']) {
      const again = await ann.post(path, { id: 10 }, key('k10' + path));
      expect(again).toMatchObject({ status: 403, body: { code: 'INSUFFICIENT_PERMISSIONS' } });
    }
  });

  it('is not kept where answers hold secrets', async () => {
    const first = await client.post<{ token: string }>('/auth/refresh', {}, key('k8'));
    const again = await client.post<{ token: string }>('/auth/refresh', {}, key('k8'));
    expect(again.body.token).not.toBe(first.body.token);
    const { rows } = await withClient(control.url, (session) =>
      session.query('SELECT body::text FROM idempotency_keys'),
    );
    expect(JSON.stringify(rows)).not.toContain(first.body.token);
  });
});
