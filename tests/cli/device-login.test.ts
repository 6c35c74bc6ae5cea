import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createControlDatabase, redisDatabase } from '@eden/testkit';
import { Browser } from '../../services/gateway/src/testing/browser.js';
import { AUDIENCE, IdentityServer, PUBLIC_CLIENT } from '../../services/gateway/src/testing/identity-server.js';
import { startTestGateway, type TestGateway } from '../../services/gateway/src/testing/test-gateway.js';
import { startEden, type Outcome, type Running } from './eden-process.js';

const folder = mkdtempSync(join(tmpdir(), 'eden-device-'));
let identity: IdentityServer;
let gateway: TestGateway;

beforeAll(async () => {
  identity = new IdentityServer({ ann: { org_id: 'acme', level: 'Write' } });
  await identity.start();
  gateway = await startTestGateway({
    DATABASE_URL: (await createControlDatabase()).url,
    REDIS_URL: await redisDatabase(),
    JWKS_URL: `${identity.url}/jwks`,
    JWT_ISSUER: identity.url,
    JWT_AUDIENCE: AUDIENCE,
  });
  await gateway.createOrganization('acme');
});

afterAll(async () => {
  await gateway.stop();
  await identity.stop();
});

function logIn(...more: readonly string[]): Running {
  const argv = ['login', '--url', gateway.url, '--device', '--client-id', PUBLIC_CLIENT, ...more];
  return startEden(argv, { cwd: folder });
}

function eden(...argv: readonly string[]): Promise<Outcome> {
  return startEden(argv, { cwd: folder }).ended;
}

interface Shown {
  readonly response: Response;
  readonly url: string;
}

function attribute(tag: string, name: string): string {
  return new RegExp(`${name}="([^"]*)"`).exec(tag)?.[1] ?? '';
}

/** Sends the form of a page as a person does: with what is hidden in it, a name, and the button. Null where there is none. */
async function submit(browser: Browser, { response, url }: Shown, button: string): Promise<Shown | null> {
  const [form] = /<form[^>]*>.*?<\/form>/s.exec(await response.text()) ?? [];
  if (form === undefined) return null;
  const [, action = ''] = /action="([^"]+)"/.exec(form) ?? [];
  const body = new URLSearchParams({ login: 'ann', password: 'x', [button]: 'yes' });
  for (const [input] of form.matchAll(/<input[^>]*type="hidden"[^>]*>/g))
    body.set(attribute(input, 'name'), attribute(input, 'value'));
  return browser.open(new URL(action, url).href, { method: 'POST', body });
}

/** Confirms the code at the address that the command shows, logs in and consents. */
async function approve(page: string): Promise<void> {
  const browser = new Browser();
  let shown: Shown | null = await browser.open(page);
  while (shown !== null) shown = await submit(browser, shown, 'confirm');
}

async function refuse(page: string): Promise<void> {
  const browser = new Browser();
  await submit(browser, await browser.open(page), 'abort');
}

async function pageOf(running: Running): Promise<string> {
  await running.says('approve the code');
  return /Open (\S+) and approve/.exec(running.written().err)?.[1] ?? '';
}

describe('a login at the identity provider, by a browser anywhere', () => {
  it('waits until somebody has approved, and is then who they are', async () => {
    const running = logIn('--issuer', identity.url);
    await approve(await pageOf(running));
    expect(await running.ended).toMatchObject({ code: 0, err: expect.stringContaining('Logged in to') });
    const { code, out } = await eden('whoami', '-o', 'json');
    expect({ code, who: JSON.parse(out) as unknown }).toMatchObject({
      code: 0,
      who: { organization: 'acme', username: 'provider:ann', level: 'Write' },
    });
  });

  it('is refused in words where they refuse', async () => {
    const running = logIn('--issuer', identity.url);
    await refuse(await pageOf(running));
    expect(await running.ended).toMatchObject({
      code: 3,
      err: expect.stringContaining('The identity provider refuses'),
    });
  });

  it('says what is missing where the service names no provider, or the provider is none', async () => {
    expect(await logIn().ended).toMatchObject({ code: 2, err: expect.stringContaining('--issuer') });
    expect(await logIn('--issuer', gateway.url).ended).toMatchObject({ code: 1 });
  });
});
