import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TestDatabase } from '@eden/testkit';
import {
  ApiClient,
  createControlDatabase,
  createDatabase,
  redisDatabase,
  testServers,
  withClient,
} from '@eden/testkit';
import type { TestGateway } from '../testing/test-gateway.js';
import { startTestGateway } from '../testing/test-gateway.js';

const gateways: TestGateway[] = [];
let client: ApiClient;
let stranger: ApiClient;
let control: TestDatabase;
let secretsDir: string;
let first: TestDatabase;
let second: TestDatabase;

beforeAll(async () => {
  control = await createControlDatabase();
  secretsDir = mkdtempSync(join(tmpdir(), 'eden-secrets-'));
  const [target] = testServers().targets;
  [first, second] = [await createDatabase(target), await createDatabase(target)];
  const env = { DATABASE_URL: control.url, REDIS_URL: await redisDatabase(), SECRETS_DIR: secretsDir };
  const earlier = await startTestGateway(env);
  gateways.push(earlier);
  const token = await earlier.createOrganization('acme');
  const strangerToken = await earlier.createOrganization('other');
  const uuid = await organizationUuid();
  mkdirSync(join(secretsDir, uuid));
  writeFileSync(join(secretsDir, uuid, 'url'), `${first.url}\n`);
  // A process takes its environment when it starts.
  const ours = `EDEN_SECRET_${uuid.replaceAll('-', '')}`;
  const password = decodeURIComponent(new URL(first.url).password) || 'none is wanted';
  const gateway = await startTestGateway({ ...env, [`${ours}_DB`]: first.url, [`${ours}_PASSWORD`]: password });
  gateways.push(gateway);
  client = new ApiClient(gateway.url, token);
  stranger = new ApiClient(gateway.url, strangerToken);
});

afterAll(async () => {
  await Promise.all(gateways.map((gateway) => gateway.stop()));
  rmSync(secretsDir, { recursive: true });
});

async function organizationUuid(): Promise<string> {
  const sql = `SELECT uuid FROM organizations WHERE id = 'acme'`;
  const { rows } = await withClient(control.url, (inside) => inside.query<{ uuid: string }>(sql));
  return rows[0]?.uuid ?? '';
}

function create(id: string, config: object, by = client) {
  return by.post('/endpoints', { id, kind: 'Postgres', config });
}

async function databaseBehind(template: string): Promise<unknown> {
  const { body } = await client.post<{ data: { rows: { name: string }[] } }>(`/templates/${template}`);
  return body.data.rows[0]?.name;
}

async function addTemplate(endpoint: string): Promise<void> {
  const template = { endpoint, kind: 'Read', template: { query: 'SELECT current_database() AS name' } };
  expect(await client.post('/templates', { id: `where_${endpoint}`, template })).toMatchObject({ status: 200 });
}

describe('an endpoint whose secrets lie with the service', () => {
  it('is used by its references, which are shown and stored in place of what they lead to', async () => {
    expect(await create('by_env', { url: 'env:DB', pool_size: 2 })).toMatchObject({ status: 200 });
    const { hostname: host, port, username } = new URL(first.url);
    const fields = { host, port: Number(port), database: first.name, username, password: 'env:PASSWORD' };
    expect(await create('by_fields', fields)).toMatchObject({ status: 200 });
    for (const endpoint of ['by_env', 'by_fields']) {
      await addTemplate(endpoint);
      expect(await client.post(`/endpoints/${endpoint}/test`)).toMatchObject({ status: 200 });
      expect(await databaseBehind(`where_${endpoint}`)).toBe(first.name);
    }
    expect(await client.get('/endpoints/by_env')).toMatchObject({
      body: { data: { config: { url: 'env:DB', pool_size: 2 } } },
    });
    expect(await client.get('/endpoints/by_fields')).toMatchObject({
      body: { data: { config: { password: 'env:PASSWORD' } } },
    });
    expect(JSON.stringify((await client.get('/endpoints')).body)).not.toContain(first.url);
  });

  it('follows a secret that is exchanged, without a restart', async () => {
    const file = join(secretsDir, await organizationUuid(), 'url');
    expect(await create('by_file', { url: 'file:url' })).toMatchObject({ status: 200 });
    await addTemplate('by_file');
    expect(await databaseBehind('where_by_file')).toBe(first.name);
    writeFileSync(file, second.url);
    expect(await databaseBehind('where_by_file')).toBe(second.name);
    rmSync(file);
    const without = await client.post('/templates/where_by_file');
    expect(without).toMatchObject({
      status: 503,
      body: {
        code: 'ENDPOINT_UNAVAILABLE',
        details: expect.stringMatching(/^config.url: file:url: not readable .*ENOENT/),
      },
    });
    expect(JSON.stringify(without.body)).not.toContain(second.name);
    writeFileSync(file, first.url);
    expect(await databaseBehind('where_by_file')).toBe(first.name);
  });

  it('is refused when its references lead nowhere, or to somebody else', async () => {
    expect(await create('wrong', { url: 'env:NOWHERE' })).toMatchObject({
      status: 400,
      body: { issues: [{ path: 'config.url', message: expect.stringMatching(/has no EDEN_SECRET_\w+_NOWHERE/) }] },
    });
    expect(await create('wrong', { url: 'file:../../service' })).toMatchObject({ status: 400 });
    expect(await create('wrong', { url: 'env:DB', host: 'here' })).toMatchObject({
      status: 400,
      body: { issues: [{ path: 'config.host', message: 'cannot stand beside url' }] },
    });
    for (const url of ['env:DB', 'file:url'])
      expect(await create('wrong', { url }, stranger)).toMatchObject({ status: 400 });
  });
});
