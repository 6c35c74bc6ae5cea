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
  gateway = await startTestGateway({ DATABASE_URL: url, REDIS_URL: await redisDatabase() });
  root = new ApiClient(gateway.url, await gateway.createOrganization('acme'));
});

afterAll(() => gateway.stop());

describe('what is there already', () => {
  const template = { endpoint: 'db', kind: 'Read', template: { query: 'SELECT 1' } };

  beforeAll(async () => {
    const { url } = await createDatabase(testServers().targets[0]);
    await root.post('/endpoints', { id: 'db', kind: 'Postgres', config: { url } });
  });

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
