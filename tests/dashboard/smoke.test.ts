import { beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, startCluster } from '@eden/testkit';
import { Reader, startBrowser } from '../ui/browser.js';
import { HOSTILE, PAUSED, UiWorld } from '../ui/ui-world.js';

/** The rest: npm run test:ui. */
describe('the dashboard', () => {
  let ui: UiWorld;
  let reader: Reader;

  beforeAll(async () => {
    ui = await UiWorld.create(await startCluster({}));
    await ui.release('shop', HOSTILE, { customers: [PAUSED('smoke')] });
    reader = await Reader.open(await startBrowser(), ui.url);
  });

  it('is files under a strict policy: assets for ever, the page asked for each time, nothing for what is not there', async () => {
    const page = await fetch(`${ui.url}/ui/migrations/some`);
    expect(page.headers.get('cache-control')).toBe('no-cache');
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("require-trusted-types-for 'script'; trusted-types 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
    const [asset = ''] = /\/ui\/assets\/[\w.-]+\.js/.exec(await page.text()) ?? [];
    const script = await fetch(ui.url + asset);
    expect(script.headers.get('cache-control')).toContain('immutable');
    expect(script.headers.get('content-encoding')).toBe('gzip');
    for (const path of ['/ui/assets/gone.js', '/ui/assets/..%2f..%2fpackage.json', '/ui/.vite/manifest.json'])
      expect((await fetch(ui.url + path)).headers.get('content-type')).not.toContain('javascript');
    expect((await fetch(`${ui.url}/ui/assets/gone.js`)).status).toBe(404);
    expect((await fetch(`${ui.url}/ui/`, { method: 'POST' })).status).toBe(405);
  });

  it('logs in, shows a migration, syncs it by keyboard, and follows its run to the end', async () => {
    const { page } = reader;
    await reader.goTo('/');
    await reader.logIn(ui.admin);
    await page.getByRole('link', { name: 'shop', exact: true }).waitFor();
    await reader.press('j', 'Enter');
    await page.getByRole('heading', { name: 'shop', level: 1 }).waitFor();
    await page.getByRole('button', { name: 'Sync' }).press('Enter');
    await page.getByRole('dialog').getByText('Changes nothing in any database').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Sync' }).press('Enter');
    await page.getByRole('button', { name: 'Migrate' }).waitFor();
    await ui.pauses.begin('smoke');
    await page.getByRole('button', { name: 'Migrate' }).click();
    await page.getByRole('dialog').getByText('in all databases or in none').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Migrate' }).click();
    await page.getByText('20240201000000_paused.sql').first().waitFor();
    await page.getByRole('button', { name: 'Cancel the run' }).waitFor();
    await ui.pauses.end('smoke');
    await page.getByText('Completed', { exact: true }).waitFor();
  });

  it('is what a browser and axe have nothing to say against, and takes nothing for markup', async () => {
    const { page } = reader;
    expect(await reader.axeFindings()).toEqual([]);
    await reader.press('g', 'm');
    await page.getByText('<img src=x').waitFor();
    expect(await reader.axeFindings()).toEqual([]);
    expect(await page.locator('main img, main script').count()).toBe(0);
    expect(reader.complaints).toEqual([]);
  });

  it('keeps no token where a script, or the next user of this browser, would find it', async () => {
    const kept = await reader.page.evaluate<string>(
      'JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])',
    );
    expect(kept).not.toMatch(/eyJ|eden_session/);
    await reader.page.getByRole('button', { name: 'Log out' }).click();
    await reader.page.getByLabel('Organization').waitFor();
    await eventually(async () => expect(await reader.context.cookies()).toEqual([]));
    expect(ui.admin.organization).toBe(await reader.page.getByLabel('Organization').inputValue());
  });
});
