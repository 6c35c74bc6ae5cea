import { beforeAll, expect, it } from '@jest/globals';
import { createDatabase, testServers, withClient } from '@eden/testkit';
import type { Browser } from 'playwright-core';
import { startCrashCluster, type CrashCluster } from '../crash/crash-cluster.js';
import { CustomerWorld } from '../customers/customer-world.js';
import { Reader, startBrowser } from './browser.js';
import { act, HANDS, see, seeState } from './hands.js';

const FAULT = { point: 'after-decide', kind: 'SIGKILL' } as const;
const PASSWORD = 'correct-horse-battery';
const REASON = 'orders was settled by hand: "done" again, <b>compared</b>';

let crash: CrashCluster;
let world: CustomerWorld;
let browser: Browser;

beforeAll(async () => {
  crash = await startCrashCluster({ workers: 1 });
  world = await CustomerWorld.create(crash.cluster);
  await world.accept('/iam/users', { username: 'ann', password: PASSWORD, access_level: 'Admin' });
  browser = await startBrowser();
});

/** A migration of two databases, synced; @returns where the second one is */
async function newMigration(id: string): Promise<string> {
  await world.accept('/migrations', { id });
  const urls: string[] = [];
  for (const name of [`${id}_customers`, `${id}_orders`]) {
    const database = await createDatabase(testServers().targets[0]);
    urls.push(database.url);
    await world.accept('/endpoints', { id: name, kind: 'Postgres', config: { url: database.url } });
    await world.addTemplate(`make_${name}`, name, 'CREATE TABLE made (id int)');
    await world.addApi(`${name}_api`);
    await world.accept(`/migrations/${id}/add_api`, { id: `${name}_api`, bindings: [{ template: `make_${name}` }] });
  }
  await world.accept(`/migrations/${id}/sync`);
  return urls[1] as string;
}

/** Its worker dies behind the commit point, and somebody does what nobody should: settles one database by hand. */
async function bringIntoDoubt(id: string): Promise<void> {
  const orders = await newMigration(id);
  await crash.faults.arm(FAULT);
  await world.client.post(`/migrations/${id}/migrate`, {}, { prefer: 'respond-async' });
  await crash.faults.struck(FAULT);
  await withClient(orders, async (session) => {
    const { rows } = await session.query<{ gid: string }>(
      'SELECT gid FROM pg_prepared_xacts WHERE database = current_database()',
    );
    await session.query(`ROLLBACK PREPARED '${rows[0]?.gid ?? ''}'`);
  });
}

it.each(['mouse', 'keyboard'] as const)(
  'a run in doubt is resolved by %s at a page that shows its evidence, with a reason',
  async (name) => {
    const id = `by_${name}`;
    await bringIntoDoubt(id);
    const reader = await Reader.open(browser, world.client.gatewayUrl);
    await reader.goTo(`/migrations/${id}`);
    await reader.logIn({ organization: world.organization, username: 'ann', password: PASSWORD });
    await crash.cluster.addWorker();
    const { page } = reader;
    // Live: nobody has loaded the page anew.
    await page.getByText('In doubt: a person has to decide').first().waitFor();
    await page.getByText('The commit point was passed').waitFor();
    await page.getByText('it was settled by hand, or the target was restored').waitFor();
    await reader.expectAccessible();
    await act(reader, HANDS[name], {
      verb: 'Resolve',
      says: ['It touches no database', 'with your name and reason'],
      fill: async (dialog) => {
        await dialog.getByLabel('Commit: as done everywhere').press('Space');
        await dialog.getByLabel('What you have found').fill(REASON);
      },
    });
    await seeState(page, 'Completed');
    await see(async () => {
      const { body } = await world.client.get<{ data: { data: { reason?: string } }[] }>(
        `/audit?action=migration.resolve&subject=${id}`,
      );
      return body.data.map(({ data }) => data.reason);
    }, [REASON]);
    expect(reader.complaints).toEqual([]);
  },
);
