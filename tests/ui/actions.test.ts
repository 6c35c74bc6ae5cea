import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startCluster } from '@eden/testkit';
import type { Browser } from 'playwright-core';
import { rowsOf } from '../customers/customer-world.js';
import { Reader, startBrowser, type Look } from './browser.js';
import { act, ask, buttonOf, HANDS, see, seeState, type Hand } from './hands.js';
import { UiWorld, type File } from './ui-world.js';

interface Planned {
  readonly hash: string;
}

interface Approved {
  readonly approval: { readonly plan_hash: string; readonly approved_by: string } | null;
}

let ui: UiWorld;
let browser: Browser;
let count = 0;

beforeAll(async () => {
  const first = await UiWorld.create(await startCluster({}));
  // Whoever has made Ann keeps her: what that one makes she may not approve.
  ui = await first.madeBy(await first.addUser('eve', 'SuperAdmin'));
  browser = await startBrowser();
});

async function readerAt(place: string, look: Look = {}): Promise<Reader> {
  const reader = await Reader.open(browser, ui.url, look);
  await reader.goTo(place);
  await reader.logIn(ui.admin);
  return reader;
}

/** A table in each of the databases, and the way back; of one that is held at work where it says so. */
async function newRelease(more: { readonly options?: object; readonly isHeld?: boolean } = {}): Promise<string> {
  const id = `act_${(count += 1)}`;
  const hold = more.isHeld === true ? `SELECT pause('${id}');` : '';
  const file = (before: string): File => ({
    path: `2024050100000${count}_${id}.sql`,
    text: `-- migrate:up\n${before}\nCREATE TABLE ${id} (n int, note text);\n-- migrate:down\nDROP TABLE ${id};\n`,
  });
  await ui.release(id, 'A table in both databases', { customers: [file(hold)], orders: [file('')] }, more.options);
  await ui.run(id, 'sync');
  return id;
}

/** Ann has made none of them. */
function releaseToApprove(): Promise<string> {
  return newRelease({ options: { approval: true } });
}

async function read<Data>(path: string): Promise<Data> {
  return (await ui.world.client.get<{ data: Data }>(path)).body.data;
}

async function tablesCalled(name: string): Promise<number> {
  const found = Object.values(ui.databases).map((database) =>
    rowsOf(database, `SELECT FROM pg_class WHERE relname = '${name}'`),
  );
  return (await Promise.all(found)).flat().length;
}

describe.each(['mouse', 'keyboard'] as const)('by %s', (name) => {
  const hand: Hand = HANDS[name];
  let reader: Reader;

  beforeEach(async () => {
    reader = await readerAt('/');
  });

  it('a plan is approved by a second person, by its hash, and may be migrated then', async () => {
    const id = await releaseToApprove();
    const { page } = reader;
    await reader.goTo(`/migrations/${id}`);
    await seeState(page, 'Awaits approval');
    expect(await buttonOf(page, 'Migrate').count()).toBe(0);
    const { hash } = await read<Planned>(`/migrations/${id}/plan`);
    await act(reader, hand, { verb: 'Approve', says: [hash.slice(0, 16), 'when it changes, the approval is void'] });
    await buttonOf(page, 'Migrate').waitFor();
    expect(await read<Approved>(`/migrations/${id}`)).toMatchObject({
      approval: { plan_hash: hash, approved_by: 'ann' },
    });
    await hand(page.getByRole('link', { name: 'Plan', exact: true }));
    await page.getByText('By ann').waitFor();
    await reader.expectAccessible();
    expect(reader.complaints).toEqual([]);
  });

  it('a rehearsal is asked for, changes nothing, and the plan then tells what it has locked', async () => {
    const id = await newRelease();
    const { page } = reader;
    await reader.goTo(`/migrations/${id}/plan`);
    await page.getByText('nobody knows what it locks').waitFor();
    await act(reader, hand, { verb: 'Rehearse', says: ['in transactions that are rolled back', 'Sequences advance'] });
    const locks = page.getByText(/\d+ locks? in the rehearsal/).first();
    await hand(locks);
    await page.getByText('AccessExclusiveLock').first().waitFor();
    await reader.expectAccessible();
    expect(await tablesCalled(id)).toBe(0);
    expect(reader.complaints).toEqual([]);
  });

  it('drift over two databases is one diff, and what was migrated is rolled back in both', async () => {
    const id = await newRelease();
    const { page } = reader;
    await reader.goTo(`/migrations/${id}`);
    await act(reader, hand, { verb: 'Migrate', says: ['in all databases or in none', 'until its commit point'] });
    await seeState(page, 'Completed');
    expect(await tablesCalled(id)).toBe(2);
    const changes = { customers: 'ALTER COLUMN n TYPE bigint, ADD since date', orders: 'ALTER COLUMN n TYPE bigint' };
    for (const [at, change] of Object.entries(changes) as ['customers' | 'orders', string][]) {
      await rowsOf(ui.databases[at], `ALTER TABLE ${id} ${change}`);
    }
    await hand(page.getByRole('link', { name: 'Drift', exact: true }));
    const differences = page.getByRole('table', { name: 'Differences' });
    const widened = differences.getByRole('row').filter({ hasText: `public.${id}.n` });
    await widened.getByText('2 databases: customers, orders').waitFor();
    await widened.locator('del').getByText('integer').waitFor();
    await widened.locator('ins').getByText('bigint').waitFor();
    await differences
      .getByRole('row')
      .filter({ hasText: `${id}.since` })
      .getByText('customers', { exact: true })
      .waitFor();
    await reader.expectAccessible();
    await act(reader, hand, { verb: 'Roll back', says: ['in reverse order', 'data in dropped columns is gone'] });
    await seeState(page, 'Rolled back');
    expect(await tablesCalled(id)).toBe(0);
    expect(reader.complaints).toEqual([]);
  });

  it('batches are paused between two of them, keep what they have done, and go on', async () => {
    const id = await backfill();
    const { page } = reader;
    await ui.pauses.begin(id);
    await reader.goTo(`/migrations/${id}`);
    await act(reader, hand, { verb: 'Migrate', says: ['until its commit point'] });
    await ui.pauses.isReached();
    await act(reader, hand, { verb: 'Pause', says: ['between two batches', 'it cannot be paused'] });
    await buttonOf(page, 'Resume').waitFor();
    await page.getByText('Paused', { exact: true }).first().waitFor();
    await reader.expectAccessible();
    await ui.pauses.end(id);
    await act(reader, hand, { verb: 'Resume', says: ['It goes on where it has stopped'] });
    await seeState(page, 'Completed');
    await see(() => rowsOf(ui.databases.customers, `SELECT count(*)::int AS rows FROM ${id}_copy`), [{ rows: 500 }]);
    expect(reader.complaints).toEqual([]);
  });
});

/** Five batches, of which each waits as long as its pause lasts. */
async function backfill(): Promise<string> {
  const id = `fill_${(count += 1)}`;
  await rowsOf(
    ui.databases.customers,
    `CREATE TABLE ${id}_source AS SELECT n AS id FROM generate_series(1, 500) n; CREATE TABLE ${id}_copy (id int)`,
  );
  const query = `INSERT INTO ${id}_copy SELECT id FROM (SELECT pause('${id}')) held, ${id}_source
    WHERE id > {{batch.after}} ORDER BY id LIMIT {{batch.size}} RETURNING id`;
  await ui.world.addTemplate(id, 'customers', query, {
    batch: { size: 100, commit: 'each' },
    rollback: { query: `TRUNCATE ${id}_copy` },
  });
  await ui.world.addApi(id);
  await ui.world.accept('/migrations', { id, options: { atomicity: 'best' } });
  await ui.world.accept(`/migrations/${id}/add_api`, { id, bindings: [{ template: id }] });
  await ui.run(id, 'sync');
  return id;
}

describe('a plan that changes while somebody reads the question', () => {
  it('is not approved: the dialog says why, and nobody has approved what they have not seen', async () => {
    const id = await releaseToApprove();
    const reader = await readerAt(`/migrations/${id}`);
    const dialog = await ask(reader, HANDS.mouse, { verb: 'Approve', says: ['The plan with the hash'] });
    const file = { path: '20240601000000_other.sql', text: '-- migrate:up\nSELECT 1;\n-- migrate:down\nSELECT 1;\n' };
    await ui.putSource(id, 'orders', [file]);
    await ui.run(id, 'sync');
    await dialog.getByRole('button', { name: 'Approve' }).click();
    await dialog.getByRole('alert').waitFor();
    expect(await read<Approved>(`/migrations/${id}`)).toMatchObject({ approval: null });
  });
});

describe('on a phone', () => {
  it('a plan is approved, and a run that is under way cancelled', async () => {
    const id = await newRelease({ options: { approval: true }, isHeld: true });
    const reader = await readerAt(`/migrations/${id}`, { size: 'phone' });
    const { page } = reader;
    await act(reader, HANDS.finger, { verb: 'Approve', says: ['The plan with the hash'] });
    await ui.pauses.begin(id);
    await act(reader, HANDS.finger, { verb: 'Migrate', says: ['in all databases or in none'] });
    await ui.pauses.isReached();
    await act(reader, HANDS.finger, { verb: 'Cancel the run', says: ['nothing of it stays'] });
    await page.getByText('Cancelled by', { exact: true }).waitFor();
    await seeState(page, 'Pending');
    await ui.pauses.end(id);
    expect(await tablesCalled(id)).toBe(0);
    const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
    expect(await page.evaluate<number>(overflow)).toBeLessThanOrEqual(0);
    expect(reader.complaints).toEqual([]);
  });
});
