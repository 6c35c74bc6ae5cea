import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, freePort, startCluster, withClient } from '@eden/testkit';
import type { Browser, Locator, Page } from 'playwright-core';
import { describeApplication } from './application.js';
import { Reader, startBrowser, type Login } from './browser.js';
import { act, HANDS } from './hands.js';
import { UiWorld } from './ui-world.js';

let ui: UiWorld;
let browser: Browser;

beforeAll(async () => {
  ui = await UiWorld.create(await startCluster({}));
  await withClient(ui.databases.customers.url, (client) =>
    client.query(`CREATE TABLE customers (id bigint PRIMARY KEY, name text);
      INSERT INTO customers VALUES (1, '<b>Ann</b>'), (2, 'O''Brien')`),
  );
  await describeApplication(ui);
  browser = await startBrowser();
});

async function readerAt(place: string, login: Login = ui.admin): Promise<Reader> {
  const reader = await Reader.open(browser, ui.url);
  await reader.goTo('/');
  await reader.logIn(login);
  await reader.goTo(place);
  return reader;
}

/** Opens the dialog of a verb. */
async function ask(page: Page, verb: string): Promise<Locator> {
  await page.getByRole('button', { name: verb }).click();
  return page.getByRole('dialog');
}

describe('endpoints', () => {
  it('are made without their secret being shown again, tested, and kept while they are in use', async () => {
    const { page, complaints } = await readerAt('/endpoints');
    const { hostname, port, pathname, username, password } = new URL(ui.databases.orders.url);
    const dialog = await ask(page, 'New endpoint');
    // What is asked first has the focus.
    await page.keyboard.type('billing');
    await dialog.getByLabel('By fields').check();
    const fields = { Host: hostname, Port: port, Database: pathname.slice(1), User: username };
    for (const [name, value] of Object.entries(fields)) await dialog.getByLabel(name, { exact: true }).fill(value);
    await dialog.getByLabel('Password').fill(decodeURIComponent(password));
    await dialog.getByRole('button', { name: 'Create' }).click();
    await page.getByRole('heading', { name: 'billing' }).waitFor();
    expect(await page.content()).not.toContain(password);
    await page.getByRole('button', { name: 'Test the connection' }).click();
    await page.getByText('Connected', { exact: true }).waitFor();
    await page.goto(`${ui.url}/ui/endpoints/customers`);
    await page.getByRole('link', { name: 'list_customers' }).waitFor();
    const refused = await ask(page, 'Delete');
    await refused.getByRole('button', { name: 'Delete' }).click();
    await refused.getByRole('alert').getByText('Endpoint is in use').waitFor();
    expect(complaints).toEqual([]);
  });
});

describe('the list of endpoints', () => {
  it('tells of each whether it answers, when somebody asks', async () => {
    const [good, bad] = ['answers-well', 'answers-not'];
    const port = await freePort();
    const urls = { [good]: ui.databases.orders.url, [bad]: `postgresql://eden:secret-word@127.0.0.1:${port}/gone` };
    for (const [id, url] of Object.entries(urls)) {
      await ui.world.accept('/endpoints', { id, kind: 'Postgres', config: { url } });
    }
    const reader = await readerAt('/endpoints?q=answers-');
    const { page } = reader;
    await page.getByRole('button', { name: 'Test these 2' }).click();
    const row = (id: string): Locator => page.getByRole('row').filter({ hasText: id });
    await row(good)
      .getByText(/\d ms|\d s/)
      .waitFor();
    await row(bad).getByText('Endpoint unavailable').waitFor();
    await page.getByText('1 of 2 answer, 1 does not.').waitFor();
    await reader.expectAccessible();
    expect(await page.content()).not.toContain('secret-word');
    expect(reader.complaints).toEqual([]);
  });
});

describe('templates', () => {
  it('are rendered and linted as they are written, not at every letter, and saved', async () => {
    const { page, complaints } = await readerAt('/templates/rename_customer');
    const asked: string[] = [];
    page.on('request', (request) => {
      if (request.url().includes('/tools/')) asked.push(request.url());
    });
    await page.getByRole('link', { name: 'Change' }).click();
    await page.getByText('Give a value for').waitFor();
    const text = page.getByLabel('Text', { exact: true });
    // Its rollback needs one, whatever the text is.
    await page.getByLabel('Values for the preview').fill('{"id": 1}');
    await page.getByText('Give a value for name').waitFor();
    asked.length = 0;
    await text.fill('');
    await text.pressSequentially('DELETE FROM customers -- </textarea><script>');
    await page.getByText('Danger', { exact: true }).waitFor();
    await page.getByLabel('Statement 1, rendered').getByText('</textarea><script>').waitFor();
    expect(asked.length).toBeLessThan(10);
    await text.fill('UPDATE customers SET name = {{name}} WHERE id = {{id}} AND name IS NOT NULL');
    await page.getByLabel('Values for the preview').fill('{"id": 1, "name": "x\'; DROP TABLE customers"}');
    await page.getByText("'x''; DROP TABLE customers'").waitFor();
    await page.getByRole('button', { name: 'Save' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('have to be synced again').waitFor();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { name: 'rename_customer', exact: true }).waitFor();
    await page.getByText('name IS NOT NULL').waitFor();
    expect(complaints).toEqual([]);
  });

  it('that cannot be taken say why, and what was written stays', async () => {
    const { page } = await readerAt('/new/template');
    await page.getByLabel('Name').fill('broken');
    await page.getByLabel('Endpoint').selectOption({ label: 'customers' });
    await page.getByLabel('Text', { exact: true }).fill('SELECT {{#if x}}');
    await page.getByRole('button', { name: 'Create' }).click();
    await page.locator('form').getByRole('alert').waitFor();
    expect(await page.getByLabel('Text', { exact: true }).inputValue()).toBe('SELECT {{#if x}}');
  });
});

describe('APIs', () => {
  it('are tried: what reads at once, what writes when it has been said what it does', async () => {
    const { page, complaints } = await readerAt('/apis/customers');
    await page.getByRole('button', { name: 'Run it' }).click();
    await page.getByRole('cell', { name: '<b>Ann</b>' }).waitFor();
    await page.goto(`${ui.url}/ui/apis/rename`);
    await page.getByLabel('Input').fill('{"id": 2, "name": "Brian"}');
    await page.getByRole('button', { name: 'Run it' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('for real').waitFor();
    await dialog.getByRole('button', { name: 'Run it' }).click();
    await page.getByText('1 row', { exact: false }).waitFor();
    await page.goto(`${ui.url}/ui/apis/customers`);
    await page.getByRole('button', { name: 'Run it' }).click();
    await page.getByRole('cell', { name: 'Brian' }).waitFor();
    expect(complaints).toEqual([]);
  });
});

describe.each(['mouse', 'keyboard'] as const)('APIs, by %s,', (name) => {
  const hand = HANDS[name];
  const id = `renamed-by-${name}`;

  it('are made; what the service has against a field stands beside it, and nothing that was written is lost', async () => {
    const reader = await readerAt('/apis');
    const { page, complaints } = reader;
    await hand(page.getByRole('link', { name: 'New API' }));
    await page.getByLabel('Name').fill(id);
    await hand(page.getByRole('button', { name: 'Add a field' }));
    // A group that is added has the focus.
    await page.keyboard.type('customer..id');
    const first = page.getByRole('group', { name: 'Fields 1' });
    await first.getByLabel('Type').selectOption('Number');
    await hand(page.getByRole('button', { name: 'Add a field' }));
    await page.keyboard.type('name');
    await hand(page.getByRole('button', { name: 'Add a binding' }));
    const binding = page.getByRole('group', { name: 'Bindings, in their order 1' });
    await binding.getByLabel('Template').selectOption({ label: 'rename_customer' });
    // As most bindings are.
    expect(JSON.parse(await binding.getByLabel('Values').inputValue())).toEqual({ name: 'name', id: 'id' });
    await binding.getByLabel('Values').fill('{ "id": "customer..id", "name": "name" }');
    await hand(page.getByRole('button', { name: 'Create' }));
    await first.getByText('"customer..id" is not a field name').waitFor();
    await binding.getByText('"customer..id" is not a path into the input').waitFor();
    await first.getByLabel('Field').and(page.locator(':focus')).waitFor();
    await reader.expectAccessible();
    await first.getByLabel('Field').fill('customer.id');
    await binding.getByLabel('Values').fill('{ "id": "customer.id", "name": "name" }');
    await hand(page.getByRole('button', { name: 'Create' }));
    await page.getByRole('heading', { name: id, exact: true }).waitFor();
    expect(await definitionOf(id)).toEqual({
      fields: [
        { name: 'customer.id', type: 'Number', required: true },
        { name: 'name', type: 'String', required: true },
      ],
      bindings: [{ id: 'customer.id', name: 'name' }],
    });
    await page.getByLabel('Input').fill('{"customer": {"id": 2}, "name": "Olga"}');
    await act(reader, hand, { verb: 'Run it', says: ['for real'] });
    await page.getByText('rename_customer · 1 row').waitFor();
    expect(complaints).toEqual([]);
  });

  it('are changed, after it has been said what that does, and deleted', async () => {
    const reader = await readerAt(`/apis/${id}`);
    const { page, complaints } = reader;
    await hand(page.getByRole('link', { name: 'Change' }));
    await page.getByLabel('Description').first().fill('Gives a customer another name');
    await hand(page.getByRole('button', { name: 'Add a field' }));
    await page.keyboard.type('name');
    await hand(page.getByRole('button', { name: 'Save' }));
    const dialog = page.getByRole('dialog');
    await dialog.getByText('What a migration does with it stays as it is').waitFor();
    await reader.expectAccessible();
    await hand(dialog.getByRole('button', { name: 'Save' }));
    const third = page.getByRole('group', { name: 'Fields 3' });
    await third.getByText('Field "name" is declared twice').waitFor();
    await third.getByLabel('Field').fill('reason');
    await third.getByLabel('It has to be given').press('Space');
    await hand(page.getByRole('group', { name: 'Fields 2' }).getByRole('button', { name: 'Remove' }));
    await act(reader, hand, { verb: 'Save', says: ['get the new definition from now on'] });
    await page.getByText('Gives a customer another name').waitFor();
    expect((await definitionOf(id)).fields).toEqual([
      { name: 'customer.id', type: 'Number', required: true },
      { name: 'reason', type: 'String', required: false },
    ]);
    await act(reader, hand, { verb: 'Delete', says: ['get 404 from now on'] });
    await page.getByRole('heading', { name: 'APIs' }).waitFor();
    expect((await ui.world.client.get(`/apis/${id}`)).status).toBe(404);
    expect(complaints).toEqual([]);
  });
});

interface Definition {
  readonly fields: readonly object[];
  readonly bindings: readonly object[];
}

/** Of its bindings what their parameters get. */
async function definitionOf(id: string): Promise<Definition> {
  const { body } = await ui.world.client.get<{
    data: { fields: object[]; bindings: { fields: object }[] };
  }>(`/apis/${id}`);
  return { fields: body.data.fields, bindings: body.data.bindings.map(({ fields }) => fields) };
}

describe('whoever may only read', () => {
  it('sees what is defined, what reads to be tried, and nothing that would be refused', async () => {
    const { page } = await readerAt('/apis/rename', await ui.addUser('reader', 'Read'));
    await page.getByRole('heading', { name: 'rename' }).waitFor();
    await page.getByRole('link', { name: 'rename_customer' }).waitFor();
    expect(await page.getByRole('main').getByRole('button').count()).toBe(0);
    expect(await page.getByRole('link', { name: 'Audit' }).count()).toBe(0);
    await page.getByRole('link', { name: 'Endpoints' }).click();
    await page.getByRole('link', { name: 'customers' }).waitFor();
    expect(await page.getByRole('main').getByRole('button').count()).toBe(0);
    await page.goto(`${ui.url}/ui/apis/customers`);
    await page.getByRole('button', { name: 'Run it' }).waitFor();
    for (const place of ['users', 'audit', 'new/template']) {
      await page.goto(`${ui.url}/ui/${place}`);
      await page.getByText('needs the level Admin').waitFor();
    }
  });

  it('is shown what a grant adds', async () => {
    const login = await ui.addUser('granted', 'Read');
    const admin = await readerAt('/grants/apis/rename');
    const dialog = await ask(admin.page, 'Give a level');
    await admin.page.keyboard.type('granted');
    await dialog.getByLabel('Level here').selectOption('Write');
    await dialog.getByRole('button', { name: 'Give a level' }).click();
    await admin.page.getByRole('button', { name: 'granted' }).waitFor();
    const { page } = await readerAt('/apis/rename', login);
    await page.getByRole('button', { name: 'Run it' }).waitFor();
  });
});

describe('grants on a migration', () => {
  it('are a click away from it, and it from them', async () => {
    await ui.release('granted', 'Whose grants are looked at', {});
    const reader = await readerAt('/migrations/granted');
    const { page } = reader;
    await page.getByRole('link', { name: 'Grants' }).click();
    const dialog = await ask(page, 'Give a level');
    await page.keyboard.type('ci');
    await dialog.getByLabel('Level here').selectOption('Admin');
    await dialog.getByRole('button', { name: 'Give a level' }).click();
    await page.getByRole('button', { name: 'ci' }).waitFor();
    await reader.expectAccessible();
    await page.getByRole('link', { name: 'granted', exact: true }).click();
    await page.getByRole('heading', { name: 'granted', exact: true }).waitFor();
    expect(reader.complaints).toEqual([]);
  });
});

describe.each(['mouse', 'keyboard'] as const)('subjects of an identity provider, by %s,', (name) => {
  const hand = HANDS[name];

  it('are revoked with a reason, and let in again', async () => {
    const reader = await readerAt('/revocations');
    const { page } = reader;
    await page.getByText('Nobody is kept out').waitFor();
    const subject = `auth0|${name}`;
    await act(reader, hand, {
      verb: 'Revoke',
      says: ['refused from the next request on'],
      fill: async (dialog) => {
        // What is asked first has the focus.
        await page.keyboard.type(subject);
        await dialog.getByLabel('Why').fill('<i>left</i>');
      },
    });
    const row = page.getByRole('row').filter({ hasText: subject });
    await row.getByText('<i>left</i>').waitFor();
    await reader.expectAccessible();
    await act(reader, hand, { verb: 'Let in again', says: ['with the level that their token claims'] });
    await page.getByText('Nobody is kept out').waitFor();
    expect(reader.complaints).toEqual([]);
  });
});

describe('secrets', () => {
  it('of a robot are shown once, and work', async () => {
    const { page, complaints } = await readerAt('/robots');
    const dialog = await ask(page, 'New robot');
    await page.keyboard.type('pipeline');
    await dialog.getByRole('button', { name: 'Create' }).click();
    const key = await page.getByLabel('Key', { exact: true }).inputValue();
    // It is not lost by a key that is pressed too soon.
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'I have kept it' }).click();
    await page.getByRole('heading', { name: 'pipeline' }).waitFor();
    expect(await page.content()).not.toContain(key);
    expect((await ui.world.client.withToken(key).get('/endpoints')).status).toBe(200);
    const rotation = await ask(page, 'Rotate the key');
    await rotation.getByRole('button', { name: 'Rotate the key' }).click();
    await page.getByRole('button', { name: 'I have kept it' }).click();
    expect((await ui.world.client.withToken(key).get('/endpoints')).status).toBe(401);
    expect(complaints).toEqual([]);
  });

  it('of a hook are exchanged, and the one before is good for as long as is said', async () => {
    const { page } = await readerAt('/hooks/deploy');
    const dialog = await ask(page, 'Rotate the secret');
    await dialog.getByRole('button', { name: 'Rotate the secret' }).click();
    expect((await page.getByLabel('Secret', { exact: true }).inputValue()).length).toBeGreaterThan(20);
    await page.getByRole('button', { name: 'I have kept it' }).click();
    await page.getByText('Secret before is good until').waitFor();
  });
});

describe('the audit', () => {
  it('is found by keyboard, filtered in the address, verified and exported', async () => {
    const reader = await readerAt('/');
    const { page } = reader;
    await page.getByRole('heading', { level: 1 }).waitFor();
    await reader.press('g', 'l');
    await page.getByRole('heading', { name: 'Audit' }).waitFor();
    await reader.press('/');
    await page.keyboard.type('admin');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/audit?actor=admin');
    await page.getByRole('button', { name: 'hook.create' }).waitFor();
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export JSONL' }).click();
    const lines = (await readFile(await (await download).path(), 'utf8')).trim().split('\n');
    expect(new Set(lines.map((line) => (JSON.parse(line) as { actor: string }).actor))).toEqual(new Set(['admin']));
    const dialog = await ask(page, 'Verify');
    await eventually(async () => {
      await dialog.getByRole('button', { name: 'Verify' }).click();
      await page.getByText('Intact: nothing was found').waitFor();
    });
    expect(reader.complaints).toEqual([]);
  });
});
