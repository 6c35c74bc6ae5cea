import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApiClient, createControlDatabase, createDatabase, redisDatabase, testServers } from '@eden/testkit';
import { NEW_ORG_TOKEN, startTestGateway } from './testing/test-gateway.js';
import type { TestGateway } from './testing/test-gateway.js';

/* What a refusal says to do about it (contract section 2). */

const PASSWORD = 'correct horse';

let gateway: TestGateway;
let root: ApiClient;

beforeAll(async () => {
  const { url } = await createControlDatabase();
  gateway = await startTestGateway({
    DATABASE_URL: url,
    REDIS_URL: await redisDatabase(),
    WEBHOOK_ALLOWED_HOSTS: 'hooks.example.test',
  });
  root = new ApiClient(gateway.url, await gateway.createOrganization('acme'));
  const target = await createDatabase(testServers().targets[0]);
  await root.post('/endpoints', { id: 'db', kind: 'Postgres', config: { url: target.url } });
});

afterAll(() => gateway.stop());

describe('what is there already', () => {
  const template = { endpoint: 'db', kind: 'Read', template: { query: 'SELECT 1' } };

  it.each<[string, string, object]>([
    ['USER_EXISTS', '/iam/users', { username: 'taken', password: PASSWORD }],
    ['USER_EXISTS', '/iam/robots', { username: 'taken' }],
    ['HOOK_EXISTS', '/iam/hooks', { id: 'taken' }],
    ['ENDPOINT_EXISTS', '/endpoints', { id: 'taken', kind: 'Postgres', config: { url: 'postgres://nobody@db/x' } }],
    ['TEMPLATE_EXISTS', '/templates', { id: 'taken', template }],
    ['API_EXISTS', '/apis', { id: 'taken' }],
    ['MIGRATION_EXISTS', '/migrations', { id: 'taken' }],
  ])('%s of %s', async (code, path, body) => {
    await root.post(path, body);
    expect(await root.post(path, body)).toMatchObject({
      status: 409,
      body: { code, suggestion: expect.stringMatching(/^Take another (id|name)/) },
    });
  });

  it('an organization', async () => {
    const founders = { super_admins: [{ username: 'root', password: PASSWORD }] };
    const newcomer = new ApiClient(gateway.url, NEW_ORG_TOKEN);
    const body = { code: 'ORGANIZATION_EXISTS', suggestion: expect.stringMatching(/^Take another id/) };
    expect(await newcomer.post('/new', { id: 'acme', ...founders })).toMatchObject({ status: 409, body });
  });
});

describe('a run that is not there', () => {
  beforeAll(() => root.post('/migrations', { id: 'idle' }));

  it.each<[string, object, string]>([
    ['pause', {}, 'NO_RUN_IN_PROGRESS'],
    ['resume', {}, 'NO_RUN_IN_PROGRESS'],
    ['cancel', {}, 'NO_RUN_IN_PROGRESS'],
    ['resolve', { decision: 'abort', reason: 'none' }, 'RUN_NOT_IN_DOUBT'],
  ])('is refused to %s', async (action, asked, code) => {
    const body = { code, suggestion: expect.stringContaining('GET /migrations/{migration}/runs') };
    expect(await root.post(`/migrations/idle/${action}`, asked)).toMatchObject({ status: 409, body });
  });
});

describe('what is not there', () => {
  const NOBODY = '00000000-0000-4000-8000-000000000000';

  beforeAll(async () => {
    await root.post('/migrations', { id: 'empty' });
    await root.post('/migrations', { id: 'folder' });
    const files = [{ path: '1_a.up.sql', text: 'SELECT 1;' }];
    await root.put('/migrations/folder/sources/s', { endpoint: 'db', tool: 'golang-migrate', files });
    await root.post('/iam/users', { username: 'ungranted', password: PASSWORD });
  });

  it.each<[string, 'get' | 'delete', string]>([
    ['USER_NOT_FOUND', 'get', '/iam/users/nobody'],
    ['ROBOT_NOT_FOUND', 'get', '/iam/robots/nobody'],
    ['HOOK_NOT_FOUND', 'get', '/iam/hooks/nobody'],
    ['WEBHOOK_NOT_FOUND', 'get', `/iam/webhooks/${NOBODY}`],
    ['REVOCATION_NOT_FOUND', 'delete', `/iam/revocations/${NOBODY}`],
    ['RUN_NOT_FOUND', 'get', `/runs/${NOBODY}`],
    ['SOURCE_NOT_FOUND', 'get', '/migrations/empty/sources/nothing'],
    ['SOURCE_FILE_NOT_FOUND', 'get', '/migrations/folder/sources/s/files/2_b.up.sql'],
    ['API_NOT_FOUND', 'delete', '/migrations/empty/apis/nothing'],
    ['GRANT_NOT_FOUND', 'delete', '/iam/rbac/migrations/empty/subjects/ungranted'],
    ['USER_NOT_FOUND', 'delete', '/iam/rbac/migrations/empty/subjects/nobody'],
  ])('%s: %s %s', async (code, method, path) => {
    const body = { code, suggestion: expect.stringMatching(/^Verify .+/) };
    expect(await root[method](path)).toMatchObject({ status: 404, body });
  });

  it('a delivery of a webhook', async () => {
    const created = await root.post<{ data: { uuid: string } }>('/iam/webhooks', {
      url: 'https://hooks.example.test/x',
      events: ['run.failed'],
    });
    const path = `/iam/webhooks/${created.body.data.uuid}/deliveries/${NOBODY}/redeliver`;
    const body = { code: 'DELIVERY_NOT_FOUND', suggestion: expect.stringMatching(/^Verify .+/) };
    expect(await root.post(path)).toMatchObject({ status: 404, body });
  });

  it('an API that is not in the migration', async () => {
    await root.post('/apis', { id: 'outside' });
    const body = { code: 'API_NOT_IN_MIGRATION', suggestion: expect.stringMatching(/^Verify .+/) };
    expect(await root.delete('/migrations/empty/apis/outside')).toMatchObject({ status: 404, body });
  });

  it('a template of a plan', async () => {
    const asked = { apis: [{ id: 'new', bindings: [{ template: 'nothing', fields: {} }] }] };
    const body = { code: 'TEMPLATE_NOT_FOUND', suggestion: 'Verify template exists in your organization' };
    expect(await root.post('/plans', asked)).toMatchObject({ status: 404, body });
  });
});
