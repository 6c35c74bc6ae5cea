import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApiClient, createControlDatabase, redisDatabase } from '@eden/testkit';
import { Browser } from '../../testing/browser.js';
import { CLIENT, IdentityServer } from '../../testing/identity-server.js';
import { startTestGateway } from '../../testing/test-gateway.js';
import type { TestGateway } from '../../testing/test-gateway.js';

const PASSWORD = 'correct horse';
const CSRF = { 'x-eden-csrf': '1' };
const CLAIMS = { ann: { org_id: 'acme', level: 'Write' }, eve: { org_id: 'acme', level: 'Owner' } };

let identity: IdentityServer;
let gateway: TestGateway;
let root: ApiClient;

beforeAll(async () => {
  identity = new IdentityServer(CLAIMS);
  await identity.start();
  gateway = await startTestGateway({
    DATABASE_URL: (await createControlDatabase()).url,
    REDIS_URL: await redisDatabase(),
    OIDC_ISSUER: identity.url,
    OIDC_CLIENT_ID: CLIENT.id,
    OIDC_CLIENT_SECRET: CLIENT.secret,
  });
  identity.redirectUri = `${gateway.url}/api/v1/auth/oidc/callback`;
  identity.rotate(identity.key);
  root = new ApiClient(gateway.url).withToken(await gateway.createOrganization('acme'));
});

afterAll(async () => {
  await gateway.stop();
  await identity.stop();
});

function api(browser: Browser, method: string, path: string, headers: Record<string, string> = {}): Promise<Response> {
  return browser.fetch(`${gateway.url}/api/v1${path}`, { method, headers });
}

async function tokenOf(response: Response): Promise<ApiClient> {
  expect(response.status).toBe(200);
  return root.withToken(((await response.json()) as { token: string }).token);
}

/** Logs in at the provider, as a person does with its forms; answers what our callback said. */
async function logInAtProvider(browser: Browser, name: string, query = ''): Promise<Response> {
  let page = await browser.open(`${gateway.url}/api/v1/auth/oidc/start${query}`);
  for (const prompt of ['login', 'consent']) {
    const action = /action="([^"]+)"/.exec(await page.response.text())?.[1] ?? '';
    const body = new URLSearchParams({ prompt, login: name, password: 'x' });
    page = await browser.open(new URL(action, page.url).href, { method: 'POST', body });
  }
  return page.response;
}

function basic(name: string, password: string): Record<string, string> {
  const authorization = `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;
  return { authorization, 'x-org-id': 'acme' };
}

describe('the session of a browser', () => {
  it('is opened by a password, and gives tokens for its cookie until it is closed', async () => {
    const browser = new Browser();
    const own = await tokenOf(await api(browser, 'POST', '/auth/session', basic('root', PASSWORD)));
    expect((await own.get('/migrations')).status).toBe(200);
    expect(browser.set).toEqual([
      expect.stringMatching(
        /^eden_session=[\w-]{43}; Path=\/api\/v1\/auth\/session; HttpOnly; SameSite=Strict; Max-Age=43200$/,
      ),
    ]);
    const refreshed = await tokenOf(await api(browser, 'POST', '/auth/session/refresh', CSRF));
    expect((await refreshed.get('/iam/users')).status).toBe(200);
    expect((await api(browser, 'POST', '/auth/session/refresh')).status).toBe(401);
    expect((await api(browser, 'DELETE', '/auth/session')).status).toBe(401);
    const stolen = browser.set[0]?.split(';')[0] ?? '';
    expect((await api(browser, 'DELETE', '/auth/session', CSRF)).status).toBe(200);
    expect((await api(browser, 'POST', '/auth/session/refresh', CSRF)).status).toBe(401);
    const again = await fetch(`${gateway.url}/api/v1/auth/session/refresh`, {
      method: 'POST',
      headers: { ...CSRF, cookie: stolen },
    });
    expect(again.status).toBe(401);
  });

  it('has a secure cookie where the request came by TLS', async () => {
    const browser = new Browser();
    await api(browser, 'POST', '/auth/session', { ...basic('root', PASSWORD), 'x-forwarded-proto': 'https' });
    expect(browser.set[0]).toMatch(/; Secure$/);
  });

  it('is not opened by a wrong password', async () => {
    const browser = new Browser();
    expect((await api(browser, 'POST', '/auth/session', basic('root', 'wrong'))).status).toBe(401);
    expect(browser.set).toEqual([]);
  });

  it('ends with the password that it was opened by, and with its user', async () => {
    const user = { username: 'ben', password: PASSWORD };
    await root.post('/iam/users', user);
    const [one, other] = [new Browser(), new Browser()];
    await api(one, 'POST', '/auth/session', basic('ben', PASSWORD));
    await root.patch('/iam/users/ben', { password: 'another password' });
    expect((await api(one, 'POST', '/auth/session/refresh', CSRF)).status).toBe(401);
    await api(other, 'POST', '/auth/session', basic('ben', 'another password'));
    expect((await api(other, 'POST', '/auth/session/refresh', CSRF)).status).toBe(200);
    await root.delete('/iam/users/ben');
    expect((await api(other, 'POST', '/auth/session/refresh', CSRF)).status).toBe(401);
  });
});

describe('a login at the identity provider', () => {
  it('is among the ways to log in', async () => {
    const { body } = await root.get<{ data: object[] }>('/auth/providers');
    expect(body.data).toEqual([
      { id: 'password', issuer: null, start: null },
      { id: 'oidc', issuer: identity.url, start: '/api/v1/auth/oidc/start' },
    ]);
  });

  it('opens a session of somebody without a user, which ends when they are revoked', async () => {
    const browser = new Browser();
    const back = await logInAtProvider(browser, 'ann', '?return_to=/ui/runs?open=1');
    expect([back.status, back.headers.get('location')]).toEqual([302, '/ui/runs?open=1']);
    const ann = await tokenOf(await api(browser, 'POST', '/auth/session/refresh', CSRF));
    expect((await ann.get('/migrations')).status).toBe(200);
    expect((await ann.get('/iam/users')).status).toBe(403);
    expect((await ann.post('/auth/refresh')).status).toBe(200);
    const { body } = await root.get<{ data: object[] }>('/audit?actor=provider:ann&action=auth.login');
    expect(body.data).toMatchObject([{ result: 'success', data: { issuer: identity.url, level: 'Write' } }]);
    await root.post('/iam/revocations', { subject: 'ann' });
    expect((await ann.get('/migrations')).status).toBe(401);
    expect((await api(browser, 'POST', '/auth/session/refresh', CSRF)).status).toBe(401);
  });

  it('opens none for somebody who has no level here', async () => {
    const browser = new Browser();
    const back = await logInAtProvider(browser, 'eve');
    expect(back.status).toBe(401);
    expect(await back.json()).toMatchObject({ details: 'The token has no level of this installation in "level"' });
    expect(browser.set.filter((cookie) => cookie.startsWith('eden_session'))).toEqual([]);
  });

  it('is finished by the browser that has begun it, once', async () => {
    const browser = new Browser();
    const start = await browser.fetch(`${gateway.url}/api/v1/auth/oidc/start`);
    const asked = new URL(start.headers.get('location') ?? '').searchParams;
    expect(asked.get('code_challenge_method')).toBe('S256');
    const callback = `${gateway.url}/api/v1/auth/oidc/callback?code=x&state=${asked.get('state')}&iss=${encodeURIComponent(identity.url)}`;
    for (const [who, url] of [
      [new Browser(), callback],
      [browser, callback.replace(/state=[^&]+/, 'state=other')],
      [browser, callback],
    ] as const) {
      expect((await who.fetch(url)).status).toBe(401);
    }
  });

  it.each(['https://evil.example', '//evil.example', String.raw`/\evil.example`, 'ui', '/ui\n'])(
    'sends nobody elsewhere: %j',
    async (path) => {
      expect((await root.get(`/auth/oidc/start?return_to=${encodeURIComponent(path)}`)).status).toBe(400);
    },
  );
});
