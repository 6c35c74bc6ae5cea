import { createHmac, generateKeyPairSync, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ACCESS_LEVELS, KEY_SCOPES, hasLevel } from '@eden/domain';
import type { AccessLevel, GrantLevel } from '@eden/domain';
import { ApiClient, createControlDatabase, redisDatabase, withClient } from '@eden/testkit';
import jwt from 'jsonwebtoken';
import type { SubjectPermission } from './permissions.js';
import { GATE_VISITORS, PERMISSIONS, isOpen } from './permissions.js';
import { OPERATIONS } from './routes/index.js';
import type { TestGateway } from './testing/test-gateway.js';
import { JWT_SECRET, startTestGateway } from './testing/test-gateway.js';

/*
 * Every row of the permission table, called as everybody who might try. Who is let in meets a path on which nothing is:
 * any answer but 401 and 403 shows that the door was open, and nothing is changed by it.
 */

interface Principal {
  readonly name: string;
  /** A token for one call. */
  readonly token: () => string | undefined;
  readonly expected: (permission: SubjectPermission) => 'let in' | 401 | 403;
}

const PASSWORD = 'correct horse';
const GATE: [string, SubjectPermission] = [
  'get /migrations/{migration}/gate',
  { ...GATE_VISITORS, grant: 'migration' },
];
/** And the gate, for those who have no ticket. */
const ROUTES = [...Object.entries(PERMISSIONS).filter(([, permission]) => !isOpen(permission)), GATE] as [
  string,
  SubjectPermission,
][];

let controlUrl: string;
let gateway: TestGateway;
let anonymous: ApiClient;
let root: ApiClient;
/** Claims of a token of each of them. */
const claims = new Map<string, jwt.JwtPayload>();

beforeAll(async () => {
  const control = await createControlDatabase();
  controlUrl = control.url;
  gateway = await startTestGateway({ DATABASE_URL: control.url, REDIS_URL: await redisDatabase() });
  anonymous = new ApiClient(gateway.url);
  root = anonymous.withToken(await gateway.createOrganization('acme'));
  remember('SuperAdmin', root);
  for (const level of ACCESS_LEVELS.slice(0, -1)) remember(level, await newUser(level.toLowerCase(), level));
  remember('gone', await newUser('gone', 'SuperAdmin'));
  await root.delete('/iam/users/gone');
  remember('of an old password', await newUser('changed', 'SuperAdmin'));
  await root.patch('/iam/users/changed', { password: 'another horse' });
});

afterAll(() => gateway.stop());

async function newUser(username: string, level: AccessLevel): Promise<ApiClient> {
  await root.post('/iam/users', { username, password: PASSWORD, access_level: level });
  return anonymous.logIn('acme', username, PASSWORD);
}

function remember(name: string, { token = '' }: ApiClient): void {
  claims.set(name, jwt.decode(token) as jwt.JwtPayload);
}

/** A new token of the kind that the gateway issues, but for the differences: logging out revokes it alone. */
function tokenOf(name: string, { secret = JWT_SECRET, ...different }: Record<string, unknown> = {}): string {
  return jwt.sign({ ...claims.get(name), jti: randomUUID(), ...different }, secret as jwt.Secret);
}

/** Signed with HMAC, whatever the header says. */
function forged(alg: string, key: string | null): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${part({ alg, typ: 'JWT' })}.${part({ ...claims.get('SuperAdmin'), jti: randomUUID() })}`;
  return `${text}.${key === null ? '' : createHmac('sha256', key).update(text).digest('base64url')}`;
}

async function revokedToken(): Promise<string> {
  const token = tokenOf('SuperAdmin');
  await anonymous.withToken(token).post('/auth/logout');
  return token;
}

function refused(name: string, token: () => string | undefined): Principal {
  return { name, token, expected: () => 401 };
}

async function strangers(): Promise<Principal[]> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const rsa = jwt.sign({ ...claims.get('SuperAdmin'), jti: randomUUID() }, privateKey, { algorithm: 'RS256' });
  const revoked = await revokedToken();
  return [
    refused('nobody', () => undefined),
    refused('an empty token', () => ''),
    refused('a token that is none', () => 'x.y.z'),
    refused('a key that is none', () => `eden_${'A'.repeat(43)}`),
    refused('an expired token', () => tokenOf('SuperAdmin', { exp: Math.floor(Date.now() / 1000) - 1 })),
    refused('a revoked token', () => revoked),
    refused('a token of a deleted user', () => tokenOf('gone')),
    refused('a token of before the password was changed', () => tokenOf('of an old password')),
    refused('a token that is signed with another secret', () => tokenOf('SuperAdmin', { secret: randomUUID() })),
    refused('a token of another issuer', () => tokenOf('SuperAdmin', { iss: 'elsewhere' })),
    refused('a token for another audience', () => tokenOf('SuperAdmin', { aud: 'elsewhere' })),
    refused('a token without a signature', () => forged('none', null)),
    refused('a token whose signature is not asked for', () => forged('None', JWT_SECRET)),
    refused('a token that is signed with a key of its own', () => rsa),
    refused('a token that calls an HMAC with the secret RS256', () => forged('RS256', JWT_SECRET)),
    refused('a token that takes a public key for the secret', () => forged('HS256', pem)),
    refused('the token of the installation', () => 'the token of this installation'),
  ];
}

async function newKey(username: string, robot: object): Promise<string> {
  const { body } = await root.post<{ data: { api_key: string } }>('/iam/robots', { username, ...robot });
  return body.data.api_key;
}

/** Keys that were good once. */
async function formerKeys(): Promise<Principal[]> {
  const superAdmin = { access_level: 'SuperAdmin' };
  const rotated = await newKey('rotated', superAdmin);
  await root.post('/iam/robots/rotated/rotate-key');
  const deleted = await newKey('deleted', superAdmin);
  await root.delete('/iam/robots/deleted');
  const expired = await newKey('expired', { ...superAdmin, expires_in: 60 });
  const past = `UPDATE users SET key_expires_at = clock_timestamp() WHERE username = 'expired'`;
  await withClient(controlUrl, (client) => client.query(past));
  return [
    refused('a key that was replaced', () => rotated),
    refused('the key of a deleted robot', () => deleted),
    refused('an expired key', () => expired),
    refused('half a key', () => rotated.slice(0, -1)),
  ];
}

/** A key for each scope, which its level does not bind; and one that only its level binds. */
async function robots(): Promise<Principal[]> {
  const ofScopes = KEY_SCOPES.map(async (scope): Promise<Principal> => {
    const key = await newKey(`may-${scope}`, { access_level: 'SuperAdmin', scopes: [scope] });
    return {
      name: `a key with the scope ${scope}`,
      token: () => key,
      expected: ({ scopes }) => (scopes.includes(scope) ? 'let in' : 403),
    };
  });
  const reader = await newKey('reading', { access_level: 'Read', scopes: KEY_SCOPES });
  return [
    ...(await Promise.all(ofScopes)),
    {
      name: 'a key of the level Read with all scopes',
      token: () => reader,
      expected: ({ level, scopes }) => (level === 'Read' && scopes.length > 0 ? 'let in' : 403),
    },
  ];
}

function people(): Principal[] {
  return ACCESS_LEVELS.map((level) => ({
    name: level,
    token: () => tokenOf(level),
    expected: (permission) => (hasLevel(level, permission.level) ? 'let in' : 403),
  }));
}

function call(
  route: string,
  token: string | undefined,
  values: Readonly<Record<string, string>> = { run: randomUUID() },
  body: object = { 'not a key': true },
): ReturnType<ApiClient['get']> {
  const [method = '', pattern = ''] = route.split(' ');
  const path = pattern.replaceAll(/\{(\w+)\}/g, (_, name: string) => values[name] ?? 'nothing-here');
  const client = new ApiClient(gateway.url, token);
  // Or the organization's events would come as a stream, which goes on.
  if (method === 'get') return client.get(path, { accept: 'application/json' });
  if (method === 'delete') return client.delete(path);
  return client[method as 'post' | 'put' | 'patch'](path, body);
}

function outcomeOf(status: number): 'let in' | 401 | 403 | 'failed' {
  if (status === 401 || status === 403) return status;
  return status < 500 ? 'let in' : 'failed';
}

describe('the permission table', () => {
  it('has a row for every operation, and no other', () => {
    const operations = OPERATIONS.map(({ description: { method, path } }) => `${method} ${path}`);
    expect(Object.keys(PERMISSIONS).sort()).toEqual(operations.sort());
  });

  it('holds for everybody who might try', async () => {
    const principals = [...(await strangers()), ...(await formerKeys()), ...people(), ...(await robots())];
    const deviations: string[] = [];
    const counts = { 'let in': 0, 401: 0, 403: 0, failed: 0 };
    for (const [route, permission] of ROUTES) {
      await Promise.all(
        principals.map(async ({ name, token, expected }) => {
          const { status } = await call(route, token());
          const outcome = outcomeOf(status);
          counts[outcome] += 1;
          if (outcome !== expected(permission)) deviations.push(`${route} as ${name}: ${status}`);
        }),
      );
    }
    expect(deviations).toEqual([]);
    process.stdout.write(
      `permissions: ${ROUTES.length} routes × ${principals.length} principals, ` +
        `${counts['let in']} let in, ${counts[401]} + ${counts[403]} refused, ${deviations.length} through\n`,
    );
  });

  it('gives way to grants, both ways, on every route that names a resource', async () => {
    const values = await resources();
    const principals = await granted(values);
    const routes = ROUTES.filter(([, { grant }]) => grant !== 'none' && grant !== 'listed');
    const deviations: string[] = [];
    for (const [route, permission] of routes) {
      await Promise.all(
        principals.map(async ({ name, token, expected }) => {
          const { status } = await call(route, token(), values);
          const outcome = status === 403 ? 403 : 'let in';
          if (outcome !== expected(permission)) deviations.push(`${route} as ${name}: ${status}`);
        }),
      );
    }
    expect(deviations).toEqual([]);
    process.stdout.write(`grants: ${routes.length} routes × ${principals.length} principals, 0 through\n`);
  });
});

/** Bodies that are taken: what is refused is refused for who asks, not for what. */
const BODIES: Readonly<Record<string, object>> = {
  'post /migrations/{migration}/add_api': { id: 'a', bindings: [] },
  'post /migrations/{migration}/resolve': { decision: 'abort', reason: 'x' },
  'patch /runs/{run}': { batch_size: 1 },
  'put /migrations/{migration}/sources/{source}': {
    endpoint: 'e',
    tool: 'golang-migrate',
    files: [{ path: '1_a.up.sql', text: 'SELECT 1;' }],
  },
};

function bodyFor(route: string): object {
  if (route.endsWith('/subjects')) return { subjects: [['read', 'Read']] };
  return BODIES[route] ?? (route.startsWith('patch') ? { description: 'x' } : {});
}

describe('another organization', () => {
  it('finds nothing of what the paths name, with the highest level and proper bodies', async () => {
    const stranger = await gateway.createOrganization('stranger');
    const uuids = { webhook: randomUUID(), delivery: randomUUID(), revocation: randomUUID() };
    const values = { ...(await resources()), user: 'read', robot: 'may-read', subject: 'read', ...uuids };
    const routes = ROUTES.filter(([route]) => route.includes('{'));
    const answers = routes.map(async ([route]) => {
      const { status } = await call(route, stranger, values, bodyFor(route));
      return `${route}: ${status}`;
    });
    expect(await Promise.all(answers)).toEqual(routes.map(([route]) => `${route}: 404`));
    for (const [route] of ROUTES.filter(([, { grant }]) => grant === 'listed')) {
      expect(await call(route, stranger)).toMatchObject({ status: 200, body: { data: [] } });
    }
    process.stdout.write(`another organization: ${routes.length} routes, 0 through\n`);
  });
});

/** One of each kind, held by the next: whoever is let in to delete one is told that it is in use. */
function resources(): Promise<Readonly<Record<string, string>>> {
  return (made ??= makeResources());
}
let made: ReturnType<typeof makeResources> | undefined;

async function makeResources(): Promise<Readonly<Record<string, string>>> {
  const url = 'postgresql://nobody:nothing@127.0.0.1:1/nothing';
  await root.post('/endpoints', { id: 'e', kind: 'Postgres', config: { url } });
  await root.post('/templates', {
    id: 't',
    template: { endpoint: 'e', kind: 'Read', template: { query: 'SELECT 1' } },
  });
  await root.post('/apis', { id: 'a', bindings: [{ template: 't' }] });
  await root.post('/migrations', { id: 'm' });
  await root.post('/migrations/m/add_api', { id: 'a', bindings: [{ template: 't', fields: {} }] });
  const { body } = await root.post<{ data: { run: string } }>('/migrations/m/sync', {}, { prefer: 'respond-async' });
  return { endpoint: 'e', template: 't', api: 'a', migration: 'm', run: body.data.run };
}

/** Users of a level in the organization, with a grant on each of the resources. */
async function granted({ endpoint, template, api, migration }: Readonly<Record<string, string>>): Promise<Principal[]> {
  const pairs: [AccessLevel, GrantLevel][] = [
    ['Read', 'None'],
    ['Read', 'Write'],
    ['Read', 'Admin'],
    ['Admin', 'None'],
    ['Admin', 'Read'],
    ['SuperAdmin', 'None'],
  ];
  const collections = { endpoints: endpoint, templates: template, apis: api, migrations: migration };
  return Promise.all(
    pairs.map(async ([level, grant]): Promise<Principal> => {
      const username = `${level}-with-${grant}`;
      const { token } = await newUser(username, level);
      for (const [collection, id] of Object.entries(collections)) {
        await root.post(`/iam/rbac/${collection}/${id}/subjects`, { subjects: [[username, grant]] });
      }
      return {
        name: username,
        token: () => token,
        expected: ({ level: required, keepsSuperAdmins, grant: asked }) => {
          if (asked === 'everything')
            return hasLevel(level, required) && (level === 'SuperAdmin' || grant !== 'None') ? 'let in' : 403;
          return hasLevel(keepsSuperAdmins && level === 'SuperAdmin' ? level : grant, required) ? 'let in' : 403;
        },
      };
    }),
  );
}
