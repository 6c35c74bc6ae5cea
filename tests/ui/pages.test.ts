import { join } from 'node:path';
import process from 'node:process';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { startCluster } from '@eden/testkit';
import type { Browser } from 'playwright-core';
import { DEAF_HOST, describeApplication, leaveToBeDone } from './application.js';
import { Reader, startBrowser, type Look } from './browser.js';
import { PAGE_CASES } from './pages.js';
import { UiWorld } from './ui-world.js';

const LOOKS = {
  light: { theme: 'light' },
  dark: { theme: 'dark' },
  phone: { theme: 'light', size: 'phone' },
} as const satisfies Record<string, Look>;

/** What the documentation shows. */
const IN_DOCS = ['migrations-light', 'migration-failed-light', 'migration-plan-dark', 'migration-confirm-phone'];

describe.each(Object.keys(LOOKS) as (keyof typeof LOOKS)[])('every page, %s,', (look) => {
  let ui: UiWorld;
  let reader: Reader;
  let run: string;

  beforeAll(async () => {
    ({ ui, run } = await world());
    reader = await Reader.open(await browser(), ui.url, LOOKS[look]);
    await reader.goTo('/');
    await reader.page.getByRole('heading', { name: 'Log in' }).waitFor();
    expect(await reader.axeFindings()).toEqual([]);
    await picture(reader, `login-${look}`);
    await reader.logIn(ui.admin);
  });

  it.each(PAGE_CASES)(
    '$name is readable by everybody, and no browser complains',
    async ({ name, place, shows, then }) => {
      await reader.goTo(place.replace('{run}', run));
      await reader.page.getByRole('main').getByText(shows).first().waitFor();
      await then?.(reader);
      await picture(reader, `${name}-${look}`);
      expect(await reader.axeFindings()).toEqual([]);
      expect(reader.complaints).toEqual([]);
      // Nothing is wider than the window.
      const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
      expect(await reader.page.evaluate<number>(overflow)).toBeLessThanOrEqual(0);
    },
  );
});

async function picture({ page }: Reader, name: string): Promise<void> {
  await page.screenshot({ path: join(process.env['EDEN_UI_PICTURES'] ?? '.', `${name}.png`), fullPage: true });
  const docs = process.env['EDEN_DOCS_PICTURES'];
  if (docs !== undefined && IN_DOCS.includes(name)) await page.screenshot({ path: join(docs, `${name}.png`) });
}

interface World {
  readonly ui: UiWorld;
  readonly run: string;
}

/** One for all looks. */
let made: Promise<World> | undefined;
function world(): Promise<World> {
  made ??= make();
  return made;
}

async function make(): Promise<World> {
  const ui = await UiWorld.create(await startCluster({ env: { WEBHOOK_ALLOWED_HOSTS: DEAF_HOST } }));
  // Readers of the documentation are spared.
  await ui.fill(process.env['EDEN_DOCS_PICTURES'] === undefined ? undefined : 'E-mail addresses become unique');
  await describeApplication(ui);
  await leaveToBeDone(ui);
  const { body } = await ui.world.client.get<{ data: { run: { uuid: string } } }>('/migrations/shop-1');
  return { ui, run: body.data.run.uuid };
}

let started: Promise<Browser> | undefined;
function browser(): Promise<Browser> {
  started ??= startBrowser();
  return started;
}
