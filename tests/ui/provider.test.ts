import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createControlDatabase, redisDatabase } from '@eden/testkit';
import { CLIENT, IdentityServer } from '../../services/gateway/src/testing/identity-server.js';
import { startTestGateway, type TestGateway } from '../../services/gateway/src/testing/test-gateway.js';
import { Reader, startBrowser } from './browser.js';

let identity: IdentityServer;
let gateway: TestGateway;

beforeAll(async () => {
  identity = new IdentityServer({ ann: { org_id: 'acme', level: 'Write' } });
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
  await gateway.createOrganization('acme');
});

afterAll(async () => {
  await gateway.stop();
  await identity.stop();
});

it('somebody logs in at the identity provider, and comes back to where they wanted to go', async () => {
  const reader = await Reader.open(await startBrowser(), gateway.url);
  const { page } = reader;
  await reader.goTo('/runs?state=failed');
  await page.getByRole('link', { name: 'Log in by 127.0.0.1' }).click();
  // The forms of the provider, of which there are two.
  await page.locator('[name=login]').fill('ann');
  await page.locator('[name=password]').fill('whatever');
  await page.locator('[type=submit]').click();
  await page.getByText('Authorize').waitFor();
  await page.locator('[type=submit]').click();
  await page.waitForURL(`${gateway.url}/ui/runs?state=failed`);
  await page.getByText('Nothing fits these filters').waitFor();
  await page.getByText('provider:ann').waitFor();
  await reader.close();
});
