import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApiClient, createControlDatabase, createDatabase, redisDatabase, testServers } from '@eden/testkit';
import type { ApiResponse } from '@eden/testkit';
import type { z } from 'zod';
import type { Operation } from '../http/operation.js';
import { OPERATIONS } from '../routes/index.js';
import { NEW_ORG_TOKEN, startTestGateway } from '../testing/test-gateway.js';
import type { TestGateway } from '../testing/test-gateway.js';

/** One call of an operation: the values of its path, its body. In this order every call finds what it needs. */
interface Call {
  readonly operation: string;
  readonly path?: Readonly<Record<string, string>>;
  readonly body?: object;
  readonly as?: 'installation' | 'login';
}

/** With a finding, and one that is silenced. */
const UNSAVED = {
  template: {
    kind: 'Write',
    template: { query: '-- eden:ignore truncate: nobody reads it\nTRUNCATE a; DROP TABLE b' },
  },
};

const CREDENTIALS = { username: 'root', password: 'correct horse' };
const QUERY = { query: 'SELECT 1 AS one WHERE {{x}} > 0' };

const FOLDER = { endpoint: 'db', tool: 'golang-migrate', files: [{ path: '1_a.up.sql', text: 'SELECT 1;' }] };

function callsOfGrants(collection: string, kind: string, id: string): Call[] {
  const subjects = `/iam/rbac/${collection}/{${kind}}/subjects`;
  const path = { [kind]: id, subject: 'ci' };
  return [
    { operation: `post ${subjects}`, path, body: { subjects: [['ci', 'None']] } },
    { operation: `get ${subjects}`, path },
    { operation: `get ${subjects}/{subject}`, path },
    { operation: `delete ${subjects}/{subject}`, path },
  ];
}

function calls(config: object): Call[] {
  return [
    { operation: 'post /new', body: { id: 'another', super_admins: [CREDENTIALS] }, as: 'installation' },
    { operation: 'post /auth/login', body: { id: 'acme' }, as: 'login' },
    { operation: 'post /auth/refresh' },
    { operation: 'post /auth/session', body: { id: 'acme' }, as: 'login' },
    { operation: 'get /auth/providers' },
    { operation: 'post /iam/revocations', body: { subject: 'auth0|1', reason: 'left' } },
    { operation: 'get /iam/revocations' },
    { operation: 'get /auth/me' },
    { operation: 'post /iam/robots', body: { username: 'ci', scopes: ['migrate'], expires_in: 3600 } },
    { operation: 'get /iam/robots' },
    { operation: 'get /iam/robots/{robot}', path: { robot: 'ci' } },
    { operation: 'post /iam/robots/{robot}/rotate-key', path: { robot: 'ci' } },
    { operation: 'post /iam/users', body: { username: 'ann', password: 'correct horse', description: 'x' } },
    { operation: 'get /iam/users' },
    { operation: 'get /iam/users/{user}', path: { user: 'ann' } },
    { operation: 'patch /iam/users/{user}', path: { user: 'ann' }, body: { access_level: 'Write' } },
    { operation: 'delete /iam/users/{user}', path: { user: 'ann' } },
    { operation: 'post /endpoints', body: { id: 'db', kind: 'Postgres', description: 'x', config } },
    { operation: 'get /endpoints' },
    { operation: 'get /endpoints/{endpoint}', path: { endpoint: 'db' } },
    { operation: 'patch /endpoints/{endpoint}', path: { endpoint: 'db' }, body: { description: 'y' } },
    { operation: 'post /endpoints/{endpoint}/test', path: { endpoint: 'db' } },
    { operation: 'post /templates', body: { id: 't', template: { endpoint: 'db', kind: 'Read', template: QUERY } } },
    { operation: 'get /templates' },
    { operation: 'patch /templates/{template}', path: { template: 't' }, body: { defaults: { x: 1 }, retries: 2 } },
    { operation: 'get /templates/{template}', path: { template: 't' } },
    { operation: 'post /templates/{template}', path: { template: 't' }, body: { x: 1 } },
    { operation: 'post /templates/{template}/render', path: { template: 't' }, body: { x: 1 } },
    { operation: 'post /tools/render', body: UNSAVED },
    { operation: 'post /tools/lint', body: UNSAVED },
    { operation: 'post /apis', body: { id: 'a', bindings: [{ template: 't', fields: { x: { literal: 1 } } }] } },
    { operation: 'get /apis' },
    { operation: 'get /apis/{api}', path: { api: 'a' } },
    { operation: 'patch /apis/{api}', path: { api: 'a' }, body: { description: 'y' } },
    { operation: 'post /apis/{api}', path: { api: 'a' } },
    { operation: 'post /migrations', body: { id: 'm', description: 'x', parameters: { p: [null] } } },
    {
      operation: 'post /migrations/{migration}/add_api',
      path: { migration: 'm' },
      body: { id: 'a', bindings: [{ template: 't', fields: { x: 1 } }], next: { fields: [] } },
    },
    { operation: 'put /migrations/{migration}/sources/{source}', path: { migration: 'm', source: 's' }, body: FOLDER },
    { operation: 'get /migrations/{migration}/sources', path: { migration: 'm' } },
    { operation: 'get /migrations/{migration}/sources/{source}', path: { migration: 'm', source: 's' } },
    {
      operation: 'get /migrations/{migration}/sources/{source}/files/{path}',
      path: { migration: 'm', source: 's', path: '1_a.up.sql' },
    },
    { operation: 'post /plans', body: { sources: [FOLDER] } },
    { operation: 'delete /migrations/{migration}/sources/{source}', path: { migration: 'm', source: 's' } },
    { operation: 'patch /migrations/{migration}', path: { migration: 'm' }, body: { options: { atomicity: 'best' } } },
    { operation: 'get /migrations/{migration}/lock', path: { migration: 'm' } },
    { operation: 'post /migrations/{migration}/sync', path: { migration: 'm' } },
    { operation: 'post /migrations/{migration}/migrate', path: { migration: 'm' } },
    { operation: 'get /migrations' },
    { operation: 'get /migrations/{migration}', path: { migration: 'm' } },
    { operation: 'get /migrations/{migration}/runs', path: { migration: 'm' } },
    { operation: 'get /migrations/{migration}/gate', path: { migration: 'm' } },
    { operation: 'post /migrations/{migration}/cancel', path: { migration: 'm' } },
    { operation: 'post /iam/hooks', body: { id: 'h', migrations: ['m'], actions: ['sync'] } },
    { operation: 'get /iam/hooks' },
    { operation: 'get /iam/hooks/{hook}', path: { hook: 'h' } },
    { operation: 'post /iam/hooks/{hook}/rotate', path: { hook: 'h' } },
    { operation: 'delete /iam/hooks/{hook}', path: { hook: 'h' } },
    { operation: 'post /iam/webhooks', body: { url: 'https://hooks.example.com/x', events: ['run.failed'] } },
    { operation: 'get /iam/webhooks' },
    { operation: 'get /iam/webhooks/{webhook}' },
    { operation: 'post /iam/webhooks/{webhook}/test' },
    { operation: 'get /iam/webhooks/{webhook}/deliveries' },
    { operation: 'post /iam/webhooks/{webhook}/deliveries/{delivery}/redeliver' },
    { operation: 'delete /iam/webhooks/{webhook}' },
    { operation: 'get /runs' },
    { operation: 'get /locks' },
    { operation: 'get /events' },
    { operation: 'get /runs/{run}' },
    { operation: 'get /runs/{run}/events' },
    ...callsOfGrants('endpoints', 'endpoint', 'db'),
    ...callsOfGrants('templates', 'template', 't'),
    ...callsOfGrants('apis', 'api', 'a'),
    ...callsOfGrants('migrations', 'migration', 'm'),
    { operation: 'delete /iam/robots/{robot}', path: { robot: 'ci' } },
    { operation: 'post /migrations', body: { id: 'gone' } },
    { operation: 'post /apis', body: { id: 'b' } },
    {
      operation: 'post /migrations/{migration}/add_api',
      path: { migration: 'gone' },
      body: { id: 'b', bindings: [] },
    },
    { operation: 'delete /migrations/{migration}/apis/{api}', path: { migration: 'gone', api: 'b' } },
    { operation: 'delete /migrations/{migration}', path: { migration: 'gone' } },
    { operation: 'delete /apis/{api}', path: { api: 'b' } },
    { operation: 'post /endpoints', body: { id: 'unused', kind: 'Postgres', config } },
    {
      operation: 'post /templates',
      body: { id: 'unused', template: { endpoint: 'unused', kind: 'Read', template: { query: 'SELECT 1' } } },
    },
    { operation: 'delete /templates/{template}', path: { template: 'unused' } },
    { operation: 'delete /endpoints/{endpoint}', path: { endpoint: 'unused' } },
    { operation: 'get /audit' },
    { operation: 'get /audit/verify' },
    { operation: 'post /auth/logout' },
  ];
}

/** Need what only a worker makes, or a signature: the end-to-end tests look at them. */
const NOT_HERE = [
  'post /hooks/{hook}',
  'get /migrations/{migration}/plan',
  'post /migrations/{migration}/rollback',
  'post /migrations/{migration}/resolve',
  'get /migrations/{migration}/drift',
  'post /migrations/{migration}/approve',
  'post /migrations/{migration}/pause',
  'post /migrations/{migration}/resume',
  'patch /runs/{run}',
  // Need a cookie, an identity provider or an id of ours: sessions.integration.test.ts, provider.integration.test.ts.
  'post /auth/session/refresh',
  'delete /auth/session',
  'get /auth/oidc/start',
  'get /auth/oidc/callback',
  'delete /iam/revocations/{revocation}',
];

let gateway: TestGateway;
let client: ApiClient;
let config: object;

beforeAll(async () => {
  const control = await createControlDatabase();
  config = { url: (await createDatabase(testServers().targets[0])).url };
  gateway = await startTestGateway({
    DATABASE_URL: control.url,
    REDIS_URL: await redisDatabase(),
    MIGRATE_WAIT_MS: '1',
    WEBHOOK_ALLOWED_HOSTS: 'hooks.example.com',
  });
  client = new ApiClient(gateway.url, await gateway.createOrganization('acme'));
});

afterAll(() => gateway.stop());

function nameOf({ description }: Operation): string {
  return `${description.method} ${description.path}`;
}

function latestRun(): Promise<string> {
  return firstOf('/migrations/m/runs');
}

async function firstOf(list: string): Promise<string> {
  const { body } = await client.get<{ data: { uuid: string }[] }>(list);
  return body.data[0]?.uuid ?? '';
}

/** What has no name but the uuid that it was given. */
async function madeHere(pattern: string): Promise<Record<string, string>> {
  if (pattern.includes('{run}')) return { run: await latestRun() };
  if (!pattern.includes('{webhook}')) return {};
  const webhook = await firstOf('/iam/webhooks');
  return {
    webhook,
    delivery: pattern.includes('{delivery}') ? await firstOf(`/iam/webhooks/${webhook}/deliveries`) : '',
  };
}

async function perform({ operation, path = {}, body, as }: Call): Promise<ApiResponse<unknown>> {
  const [method = '', pattern = ''] = operation.split(' ');
  const values: Record<string, string> = { ...path, ...(await madeHere(pattern)) };
  const url = pattern.replaceAll(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '');
  const credentials = Buffer.from(`${CREDENTIALS.username}:${CREDENTIALS.password}`).toString('base64');
  const headers: Record<string, string> = as === 'login' ? { authorization: `Basic ${credentials}` } : {};
  const caller = as === 'installation' ? client.withToken(NEW_ORG_TOKEN) : client;
  if (method === 'get') return caller.get(url, { accept: 'application/json' });
  if (method === 'delete') return caller.delete(url);
  return method === 'post' ? caller.post(url, body, headers) : caller[method as 'put' | 'patch'](url, body);
}

function schemaFor({ description }: Operation, status: number): z.ZodType | undefined {
  return status === 202 ? description.acceptedResult : description.result;
}

describe('the answers', () => {
  it('are what the OpenAPI document says, key by key, for every operation', async () => {
    const called = new Set<string>();
    for (const call of calls(config)) {
      const operation = OPERATIONS.find((candidate) => nameOf(candidate) === call.operation);
      const { status, body } = await perform(call);
      const declared = operation && schemaFor(operation, status)?.safeParse(body);
      expect({ call: call.operation, status, body: declared?.data ?? declared?.error }).toEqual({
        call: call.operation,
        status: status === 202 ? 202 : (operation?.description.status ?? 200),
        body,
      });
      called.add(call.operation);
    }
    expect([...called, ...NOT_HERE].sort()).toEqual(OPERATIONS.map(nameOf).sort());
  });
});
