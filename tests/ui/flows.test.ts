import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually, freePort, startCluster, type Cluster } from '@eden/testkit';
import type { Browser } from 'playwright-core';
import { Reader, startBrowser, type Login } from './browser.js';
import { act, buttonOf, HANDS, seeState, tabTo } from './hands.js';
import { PAUSED, UiWorld } from './ui-world.js';

let cluster: Cluster;
let ui: UiWorld;
let browser: Browser;
let count = 0;

beforeAll(async () => {
  cluster = await startCluster({});
  ui = await UiWorld.create(cluster);
  browser = await startBrowser();
});

async function readerOf(login: Login = ui.admin): Promise<Reader> {
  const reader = await Reader.open(browser, ui.url);
  await reader.goTo('/');
  await reader.logIn(login);
  return reader;
}

/** A migration of one file that can be held at work. */
async function newRelease(): Promise<string> {
  count += 1;
  const id = `flow-${count}`;
  const path = `2024020100000${count}_paused.sql`;
  await ui.release(id, 'Waits until it is let go', { customers: [{ ...PAUSED(id), path }] });
  return id;
}

async function stateOf(id: string): Promise<string> {
  const { body } = await ui.world.client.get<{ data: { state: string } }>(`/migrations/${id}`);
  return body.data.state;
}

describe('by mouse', () => {
  let id: string;
  let reader: Reader;

  beforeEach(async () => {
    id = await newRelease();
    reader = await readerOf();
  });

  it('a migration is synced, migrated, rolled back and deleted; each says before what it will do', async () => {
    const { page } = reader;
    await page.getByRole('link', { name: id }).click();
    await act(reader, HANDS.mouse, { verb: 'Sync', says: ['Changes nothing in any database'] });
    await act(reader, HANDS.mouse, { verb: 'Migrate', says: ['in all databases or in none'] });
    await page.getByText('Completed', { exact: true }).waitFor();
    await act(reader, HANDS.mouse, { verb: 'Roll back', says: ['reverse order'] });
    await seeState(page, 'Rolled back');
    await act(reader, HANDS.mouse, { verb: 'Delete', says: ['No database is touched'] });
    await page.getByRole('heading', { name: 'Migrations' }).waitFor();
    await eventually(async () => expect(await page.getByRole('link', { name: id }).count()).toBe(0));
    expect(reader.complaints).toEqual([]);
  });

  it('a second click does nothing more than the first', async () => {
    const { page } = reader;
    await page.getByRole('link', { name: id }).click();
    await page.getByRole('button', { name: 'Sync' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Sync' }).dblclick();
    await page.getByRole('button', { name: 'Migrate' }).waitFor();
    const { body } = await ui.world.client.get<{ data: object[] }>(`/migrations/${id}/runs`);
    expect(body.data).toHaveLength(1);
  });
});

describe('by keyboard alone', () => {
  it('a migration is found, opened, synced and run, and no step needs a mouse', async () => {
    const id = await newRelease();
    const reader = await readerOf();
    const { page } = reader;
    const focused = (): Promise<string> => page.evaluate<string>('document.activeElement.textContent');
    await reader.press('/');
    await page.keyboard.type(id);
    await page.waitForURL(`**/ui/?q=${id}`);
    await page.getByRole('link', { name: id }).waitFor();
    await reader.press('Escape', 'j');
    await eventually(async () => expect(await focused()).toBe(id));
    await reader.press('Enter');
    await page.getByRole('heading', { name: id }).waitFor();
    for (const [verb, then] of [
      ['Sync', 'Migrate'],
      ['Migrate', 'Roll back'],
    ] as const) {
      await tabTo(buttonOf(page, verb));
      await reader.press('Enter');
      await page.getByRole('dialog').waitFor();
      // What is not dangerous has the focus on its yes.
      expect(await focused()).toBe(verb);
      await reader.press('Enter');
      await page.getByRole('button', { name: then }).waitFor();
    }
    await tabTo(buttonOf(page, 'Roll back'));
    await reader.press('Enter');
    await page.getByRole('dialog').waitFor();
    expect(await focused()).toBe('Go back');
    await reader.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    // The focus is where it was.
    expect(await focused()).toBe('Roll back');
    expect(await stateOf(id)).toBe('Completed');
    await reader.press('g', 'r');
    await page.getByRole('heading', { name: 'Runs' }).waitFor();
    expect(reader.complaints).toEqual([]);
  });
});

describe('two readers of one migration', () => {
  it('see the same: what one begins the other can cancel, and the first is told', async () => {
    const id = await newRelease();
    await ui.run(id, 'sync');
    await ui.pauses.begin(id);
    const [one, other] = [await readerOf(), await readerOf()];
    for (const { page } of [one, other]) await page.getByRole('link', { name: id }).click();
    await one.page.getByRole('button', { name: 'Migrate' }).click();
    await one.page.getByRole('dialog').getByRole('button', { name: 'Migrate' }).click();
    await other.page.getByRole('button', { name: 'Cancel the run' }).click();
    await other.page.getByRole('dialog').getByText('nothing of it stays').waitFor();
    await other.page.getByRole('dialog').getByRole('button', { name: 'Cancel the run' }).click();
    await one.page.getByText('Cancelled', { exact: true }).first().waitFor();
    await one.page.getByText('Cancelled by', { exact: true }).waitFor();
    await ui.pauses.end(id);
    expect([...one.complaints, ...other.complaints]).toEqual([]);
  });

  it('ask for the same at once: one run, and nobody is refused', async () => {
    const id = await newRelease();
    const readers = [await readerOf(), await readerOf()];
    await Promise.all(
      readers.map(async ({ page }) => {
        await page.getByRole('link', { name: id }).click();
        await page.getByRole('button', { name: 'Sync' }).click();
        await page.getByRole('dialog').getByRole('button', { name: 'Sync' }).waitFor();
      }),
    );
    await Promise.all(
      readers.map(({ page }) => page.getByRole('dialog').getByRole('button', { name: 'Sync' }).click()),
    );
    for (const { page } of readers) await page.getByRole('button', { name: 'Migrate' }).waitFor();
  });
});

describe('whoever may only read', () => {
  it('is shown no action, and refused by the service all the same', async () => {
    const id = await newRelease();
    const login = await ui.addUser('reader', 'Read');
    const { page } = await readerOf(login);
    await page.getByRole('link', { name: id }).click();
    await page.getByRole('heading', { name: id }).waitFor();
    expect(await page.getByRole('main').getByRole('button').count()).toBe(0);
    const client = await ui.world.client.logIn(login.organization, login.username, login.password);
    expect((await client.post(`/migrations/${id}/sync`)).status).toBe(403);
  });
});

describe('a session that ends in the middle of something', () => {
  it('asks for a login over the page, and then does what was begun', async () => {
    const id = await newRelease();
    const login = await ui.addUser('leaving', 'Admin');
    const { page } = await readerOf(login);
    await page.getByRole('link', { name: id }).click();
    await page.getByRole('button', { name: 'Sync' }).click();
    // Ends every session and token of the user.
    const password = 'another correct horse';
    expect((await ui.world.client.patch('/iam/users/leaving', { password })).status).toBe(200);
    await page.getByRole('dialog').getByRole('button', { name: 'Sync' }).click();
    const again = page.getByRole('dialog', { name: 'Log in again' });
    await again.getByLabel('Password').fill('wrong');
    await again.getByRole('button', { name: 'Log in' }).click();
    await again.getByRole('alert').waitFor();
    await again.getByLabel('Password').fill(password);
    await again.getByLabel('Password').press('Enter');
    await again.waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: 'Migrate' }).waitFor();
  });
});

describe('a gateway that dies under an open page', () => {
  it('is said, nothing that was read is lost, and the page catches up when one is there again', async () => {
    const id = await newRelease();
    const port = await freePort();
    const gateway = await cluster.addGateway({}, { port });
    const reader = await Reader.open(browser, gateway.url);
    await reader.goTo(`/migrations/${id}`);
    await reader.logIn(ui.admin);
    const { page } = reader;
    await page.getByText('Live', { exact: true }).waitFor();
    await gateway.kill();
    await page.getByText('Reconnecting…').waitFor();
    await page.getByRole('heading', { name: id }).waitFor();
    // By another gateway, while this page hears nothing.
    await ui.run(id, 'sync');
    await page.getByRole('button', { name: 'Sync' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Sync' }).click();
    await dialog.getByText('The service does not answer').waitFor();
    await cluster.addGateway({}, { port });
    await page.getByText('Live', { exact: true }).waitFor();
    await dialog.getByRole('button', { name: 'Sync' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: 'Migrate' }).waitFor();
    expect(reader.complaints).toEqual([]);
  });
});
