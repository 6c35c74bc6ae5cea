import { beforeAll, describe, expect, it } from '@jest/globals';
import { startCluster } from '@eden/testkit';
import type { Browser, Page, Route } from 'playwright-core';
import { Reader, startBrowser } from './browser.js';
import { ask, HANDS, see } from './hands.js';
import { UiWorld } from './ui-world.js';

/* What happens beside what somebody does at a page: somebody else at the same thing, an answer that is late. */

let ui: UiWorld;
let browser: Browser;

beforeAll(async () => {
  ui = await UiWorld.create(await startCluster({}));
  browser = await startBrowser();
});

async function readerAt(place: string): Promise<Reader> {
  const reader = await Reader.open(browser, ui.url);
  await reader.goTo(place);
  await reader.logIn(ui.admin);
  return reader;
}

interface Held {
  readonly arrived: Promise<void>;
  readonly letGo: () => void;
}

/** Holds the requests of a method to a path until it is told to let them go. */
async function hold(page: Page, method: string, path: string): Promise<Held> {
  let [arrive, letGo] = [(): void => undefined, (): void => undefined];
  const arrived = new Promise<void>((resolve) => (arrive = resolve));
  const released = new Promise<void>((resolve) => (letGo = resolve));
  await page.route(`**/api/v1${path}`, async (route) => {
    if (route.request().method() !== method) return route.fallback();
    arrive();
    await released;
    return route.continue();
  });
  return { arrived, letGo };
}

async function descriptionOf(api: string): Promise<unknown> {
  const { body } = await ui.world.client.get<{ data: { description: unknown } }>(`/apis/${api}`);
  return body.data.description;
}

describe('an API that two people change', () => {
  it('is not taken from the first one by the second without a word', async () => {
    await ui.world.accept('/apis', { id: 'shared', fields: [], bindings: [] });
    const { page } = await readerAt('/apis/shared/edit');
    await page.getByLabel('Description').first().fill('What the second one writes');
    const change = { description: 'What the first one has saved' };
    expect((await ui.world.client.patch('/apis/shared', change)).status).toBe(200);
    await page.getByRole('button', { name: 'Save' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByRole('alert').getByText('Somebody else has changed its description').waitFor();
    expect(await descriptionOf('shared')).toBe('What the first one has saved');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { name: 'shared', exact: true }).waitFor();
    expect(await descriptionOf('shared')).toBe('What the second one writes');
  });

  it('is begun with what is saved, not with what the page before has read', async () => {
    await ui.world.accept('/apis', { id: 'read-before', description: 'Old', fields: [], bindings: [] });
    const { page } = await readerAt('/apis/read-before');
    await page.getByText('Old', { exact: true }).waitFor();
    expect((await ui.world.client.patch('/apis/read-before', { description: 'New' })).status).toBe(200);
    await page.clock.install();
    await page.clock.fastForward(60_000);
    await page.getByRole('link', { name: 'Change' }).click();
    const description = page.getByLabel('Description').first();
    await description.waitFor();
    expect(await description.inputValue()).toBe('New');
  });
});

describe('an answer that comes when its dialog has been left', () => {
  it('closes no other dialog', async () => {
    const { page } = await readerAt('/endpoints/customers');
    const held = await hold(page, 'PATCH', '/endpoints/customers');
    const main = page.getByRole('main');
    await main.getByRole('button', { name: 'Change' }).click();
    await page.getByRole('dialog').getByLabel('Description').fill('First');
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await held.arrived;
    await page.getByRole('dialog').getByRole('button', { name: 'Back' }).click();
    await main.getByRole('button', { name: 'Change' }).click();
    await page.getByRole('dialog').getByLabel('Description').fill('Second');
    held.letGo();
    await page.getByText('customers: changed.').waitFor();
    expect(await page.getByRole('dialog').getByLabel('Description').inputValue()).toBe('Second');
  });

  it('leads nobody away from where they are', async () => {
    await ui.world.accept('/apis', { id: 'goes', fields: [], bindings: [] });
    const { page } = await readerAt('/apis/goes');
    const held = await hold(page, 'DELETE', '/apis/goes');
    await page.getByRole('main').getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await held.arrived;
    await page.getByRole('dialog').getByRole('button', { name: 'Back' }).click();
    await page.getByRole('link', { name: 'Templates' }).click();
    await page.getByRole('link', { name: 'New template' }).click();
    await page.getByLabel('Name').fill('written');
    held.letGo();
    await page.getByText('goes is deleted.').waitFor();
    expect(await page.getByLabel('Name').inputValue()).toBe('written');
  });
});

describe('tests of many endpoints', () => {
  it('end when their page is left', async () => {
    for (let n = 1; n <= 6; n += 1) {
      await ui.world.accept('/endpoints', {
        id: `many-${n}`,
        kind: 'Postgres',
        config: { url: ui.databases.orders.url },
      });
    }
    const { page } = await readerAt('/endpoints?q=many-');
    const asked: Route[] = [];
    const arrived = new Promise<void>((resolve) => {
      void page.route('**/endpoints/many-*/test', (route) => asked.push(route) === 4 && resolve());
    });
    await page.getByRole('button', { name: 'Test these 6' }).click();
    await arrived;
    await page.getByRole('link', { name: 'Templates' }).click();
    await page.getByRole('heading', { name: 'Templates' }).waitFor();
    const answered = asked.map((route) => page.waitForResponse(route.request().url()));
    for (const route of asked) await route.fulfill({ json: { status: 'success', data: { latency_ms: 1 } } });
    await Promise.all(answered);
    await page.getByRole('link', { name: 'Endpoints' }).click();
    await page.getByRole('link', { name: 'many-1' }).waitFor();
    expect(asked.length).toBe(4);
  });
});

describe('what was written', () => {
  it('is asked about before a link leads away from it, and only then', async () => {
    const { page, complaints } = await readerAt('/new/api');
    const link = page.getByRole('link', { name: 'Templates' });
    await page.getByLabel('Name').fill('written');
    await link.click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('is not saved').waitFor();
    await page.keyboard.press('Escape');
    expect(await page.getByLabel('Name').inputValue()).toBe('written');
    await link.click();
    await dialog.getByRole('button', { name: 'Leave it' }).click();
    await page.getByRole('heading', { name: 'Templates' }).waitFor();
    await page.getByRole('link', { name: 'APIs' }).click();
    await page.getByRole('heading', { name: 'APIs' }).waitFor();
    expect(complaints).toEqual([]);
  });
});

describe('a secret that is shown this once', () => {
  it('stays, however often Escape is pressed', async () => {
    const reader = await readerAt('/hooks');
    const { page } = reader;
    const dialog = await ask(reader, HANDS.mouse, { verb: 'New hook', says: [] });
    await dialog.getByLabel('Name').fill('kept');
    await dialog.getByRole('button', { name: 'Create' }).click();
    const secret = page.getByLabel('Secret', { exact: true });
    await secret.waitFor();
    // A browser lets nobody keep a dialog open at the second one.
    await reader.press('Escape', 'Escape', 'Escape');
    await see(() => secret.isVisible(), true);
    expect(await page.locator('dialog:modal').count()).toBe(1);
    await page.getByRole('button', { name: 'I have kept it' }).click();
    await page.getByRole('heading', { name: 'kept' }).waitFor();
  });
});
