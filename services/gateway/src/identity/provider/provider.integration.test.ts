import { createHmac, type KeyObject } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApiClient, createControlDatabase, eventually, redisDatabase } from '@eden/testkit';
import { SignJWT, type JWTHeaderParameters } from 'jose';
import { AUDIENCE, IdentityServer, newKey } from '../../testing/identity-server.js';
import { startTestGateway } from '../../testing/test-gateway.js';
import type { TestGateway } from '../../testing/test-gateway.js';

/** As Keycloak says it: roles of a realm, and the organization as a claim of its own. */
const CLAIMS = {
  pipeline: { tenant: 'acme', realm_access: { roles: ['dev', 'ops'] } },
  reader: { tenant: 'acme', realm_access: { roles: ['all', 'dev'] } },
  stranger: { tenant: 'acme', realm_access: { roles: ['all'] } },
  nobody: { realm_access: { roles: ['ops'] } },
  elsewhere: { tenant: 'nowhere', realm_access: { roles: ['ops'] } },
};

let identity: IdentityServer;
let gateway: TestGateway;
let anonymous: ApiClient;
let root: ApiClient;

beforeAll(async () => {
  identity = new IdentityServer(CLAIMS);
  await identity.start();
  gateway = await startTestGateway({
    DATABASE_URL: (await createControlDatabase()).url,
    REDIS_URL: await redisDatabase(),
    JWT_SECRET: '',
    JWKS_URL: `${identity.url}/jwks`,
    JWT_ISSUER: identity.url,
    JWT_AUDIENCE: AUDIENCE,
    JWT_CLAIM_ORG: 'tenant',
    JWT_CLAIM_LEVEL: 'realm_access.roles',
    JWT_LEVEL_MAP: 'ops=Admin,dev=Read',
  });
  anonymous = new ApiClient(gateway.url);
  root = anonymous.withToken(await gateway.createOrganization('acme'));
});

afterAll(async () => {
  await gateway.stop();
  await identity.stop();
});

async function as(client: keyof typeof CLAIMS): Promise<ApiClient> {
  return anonymous.withToken(await identity.token(client));
}

interface Forgery {
  readonly header?: Partial<JWTHeaderParameters>;
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly key?: KeyObject;
  readonly expires?: string;
}

/** A token as the provider would make it, but for what is given. */
function forge({
  header = {},
  claims = {},
  key = identity.key.privateKey,
  expires = '5m',
}: Forgery = {}): Promise<string> {
  const { kid } = identity.key;
  return new SignJWT({ iss: identity.url, aud: AUDIENCE, sub: 'forged', ...CLAIMS.pipeline, ...claims })
    .setProtectedHeader({ alg: 'RS256', kid, ...header })
    .setIssuedAt()
    .setExpirationTime(expires)
    .sign(key);
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

async function statusOf(token: string, path = '/migrations'): Promise<number> {
  return (await anonymous.withToken(token).get(path)).status;
}

describe('a subject of the identity provider', () => {
  it('comes in without a user, with the highest level of its groups, and by a name that no user can have', async () => {
    const pipeline = await as('pipeline');
    expect((await pipeline.post('/migrations', { id: 'shop' })).status).toBe(200);
    expect((await root.get('/migrations/shop')).status).toBe(200);
    const reader = await as('reader');
    expect((await reader.get('/migrations/shop')).status).toBe(200);
    expect((await reader.post('/migrations', { id: 'other' })).status).toBe(403);
    const { body } = await root.get<{ data: { actor: string }[] }>('/audit?action=migration.create');
    expect(body.data.map(({ actor }) => actor)).toEqual(['provider:pipeline']);
  });

  it.each(['stranger', 'nobody', 'elsewhere'] as const)(
    'is refused without a level or an organization here: %s',
    async (who) => {
      expect((await (await as(who)).get('/migrations')).status).toBe(401);
    },
  );

  it('is revoked by its name, at once and with all its tokens, until it is let in again', async () => {
    const [one, other] = [await as('pipeline'), await as('pipeline')];
    const revocation = { subject: 'pipeline', reason: 'left' };
    const { body } = await root.post<{ data: { uuid: string } }>('/iam/revocations', revocation);
    for (const client of [one, other, await as('pipeline')]) expect((await client.get('/migrations')).status).toBe(401);
    expect((await (await as('reader')).get('/migrations')).status).toBe(200);
    const again = await root.post<{ data: { uuid: string } }>('/iam/revocations', { subject: 'pipeline' });
    expect(again.body.data).toMatchObject({ uuid: body.data.uuid, reason: 'left', revoked_by: 'root' });
    expect((await root.get<{ data: object[] }>('/iam/revocations')).body.data).toEqual([again.body.data]);
    expect((await root.delete(`/iam/revocations/${body.data.uuid}`)).status).toBe(200);
    expect((await root.delete(`/iam/revocations/${body.data.uuid}`)).status).toBe(404);
    expect((await one.get('/migrations')).status).toBe(200);
  });

  it('is given grants by its name, and has them with the next request', async () => {
    await root.post('/migrations', { id: 'granted' });
    const subjects = '/iam/rbac/migrations/granted/subjects';
    const one = `${subjects}/${encodeURIComponent('provider:reader')}`;
    const reader = await as('reader');
    const rename = async () => (await reader.patch('/migrations/granted', { description: `${Math.random()}` })).status;
    expect(await rename()).toBe(403);
    expect((await root.post(subjects, { subjects: [['provider:reader', 'Admin']] })).status).toBe(200);
    expect(await rename()).toBe(200);
    expect((await reader.get(subjects)).body).toMatchObject({ data: { subjects: [['provider:reader', 'Admin']] } });
    expect((await root.get(one)).body).toMatchObject({ data: { subject: 'provider:reader', level: 'Admin' } });
    await root.post(subjects, { subjects: [['provider:reader', 'None']] });
    expect((await reader.get('/migrations/granted')).status).toBe(403);
    expect((await reader.get<{ data: { id: string }[] }>('/migrations')).body.data.map(({ id }) => id)).not.toContain(
      'granted',
    );
    expect((await root.delete(one)).status).toBe(200);
    expect((await reader.get('/migrations/granted')).status).toBe(200);
    expect((await root.delete(one)).body).toMatchObject({ code: 'GRANT_NOT_FOUND' });
    expect((await root.get('/iam/users/provider%3Areader')).status).toBe(400);
    expect((await root.get<{ data: object[] }>('/iam/users')).body.data).toHaveLength(1);
  });

  it('has a level that only the provider knows: none but a SuperAdmin begins or ends a grant of theirs', async () => {
    await root.post('/migrations', { id: 'theirs' });
    const subjects = '/iam/rbac/migrations/theirs/subjects';
    const pipeline = await as('pipeline');
    const give = async (client: ApiClient, level: string, name = 'provider:auth0|boss') =>
      (await client.post(subjects, { subjects: [[name, level]] })).status;
    expect(await give(pipeline, 'Read')).toBe(403);
    expect(await give(root, 'Write')).toBe(200);
    expect(await give(pipeline, 'Read')).toBe(200);
    expect((await pipeline.delete(`${subjects}/${encodeURIComponent('provider:auth0|boss')}`)).status).toBe(403);
    expect(await give(root, 'Read', 'provider:')).toBe(400);
    expect(await give(root, 'Read', 'provider:a\u0007')).toBe(400);
  });

  it('logs out of one token, and renews it at its provider alone', async () => {
    const [one, other] = [await as('pipeline'), await as('pipeline')];
    expect((await one.post('/auth/refresh')).status).toBe(401);
    expect((await one.post('/auth/logout')).status).toBe(200);
    expect((await one.get('/migrations')).status).toBe(401);
    expect((await other.get('/migrations')).status).toBe(200);
  });

  it('does not make users of the installation worse: their own tokens go on', async () => {
    expect((await root.get('/iam/users')).status).toBe(200);
    expect((await (await root.logIn('acme', 'root', 'correct horse')).get('/migrations')).status).toBe(200);
  });
});

describe('a token', () => {
  it('of the provider is taken as it is forged here, but for nothing', async () => {
    expect(await statusOf(await forge())).toBe(200);
  });

  it.each<[string, () => Promise<string>]>([
    ['has expired', () => forge({ expires: '-1m' })],
    ['is for somebody else', () => forge({ claims: { aud: 'another service' } })],
    ['is of another issuer', () => forge({ claims: { iss: 'https://elsewhere.example' } })],
    ['claims to be ours', () => forge({ claims: { iss: 'eden-migrations', aud: 'eden-migrations' } })],
    ['is signed by another key under a known id', () => forge({ key: newKey().privateKey })],
    ['is signed by a key that nobody knows', () => forge({ key: newKey().privateKey, header: { kid: 'unknown' } })],
    ['brings its own key', () => bringKey()],
    ['names another algorithm than its key has', () => forge({ header: { alg: 'PS256' }, key: newKey().privateKey })],
    ['is not valid yet', () => forge({ claims: { nbf: Math.floor(Date.now() / 1000) + 600 } })],
    ['has no subject', () => forge({ claims: { sub: undefined } })],
    ['has a subject of control characters', () => forge({ claims: { sub: 'a\u0000b' } })],
    ['is not signed at all', () => unsigned('none')],
    ['is not signed at all, in capitals', () => unsigned('NONE')],
    ['is signed with the public key as if it were a secret', () => confused()],
  ])('is refused that %s', async (_, make) => {
    const token = await make();
    expect(await statusOf(token)).toBe(401);
    expect(await statusOf(token, '/iam/users')).toBe(401);
  });

  function bringKey(): Promise<string> {
    const { privateKey, publicKey, kid } = newKey();
    return forge({ key: privateKey, header: { kid, jwk: publicKey.export({ format: 'jwk' }) as never } });
  }

  async function unsigned(alg: string): Promise<string> {
    const [, payload] = (await forge()).split('.');
    return `${encode({ alg, typ: 'JWT' })}.${payload}.`;
  }

  async function confused(): Promise<string> {
    const [, payload] = (await forge()).split('.');
    const text = `${encode({ alg: 'HS256', typ: 'JWT', kid: identity.key.kid })}.${payload}`;
    const secret = identity.key.publicKey.export({ type: 'spki', format: 'pem' });
    return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
  }
});

describe('the keys of the provider', () => {
  it('are read anew when one is not known, and known ones go on while it is away', async () => {
    expect(await statusOf(await forge())).toBe(200);
    const before = await forge();
    identity.isAway = true;
    expect(await statusOf(await forge())).toBe(200);
    identity.rotate(newKey());
    await eventually(async () => expect(await statusOf(await forge())).toBe(503));
    expect(await statusOf(before)).toBe(200);
    identity.isAway = false;
    await eventually(async () => expect(await statusOf(await forge())).toBe(200));
    expect(await statusOf(before)).toBe(401);
  });
});
