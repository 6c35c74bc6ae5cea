import { beforeAll, describe, expect, it } from '@jest/globals';
import { startCluster } from '@eden/testkit';
import type { Browser, Locator, Page } from 'playwright-core';
import { macOf } from '../hooks/hook-caller.js';
import { Receiver } from '../hooks/receiver.js';
import { Reader, startBrowser } from './browser.js';
import { act, HANDS } from './hands.js';
import { UiWorld } from './ui-world.js';

let receiver: Receiver;
let ui: UiWorld;
let browser: Browser;

beforeAll(async () => {
  receiver = await Receiver.start();
  ui = await UiWorld.create(await startCluster({ env: { WEBHOOK_ALLOWED_HOSTS: `127.0.0.1:${receiver.port}` } }));
  browser = await startBrowser();
});

function delivery(page: Page, state: string): Locator {
  return page.getByRole('table', { name: 'Deliveries' }).getByRole('row').filter({ hasText: state });
}

describe.each(['mouse', 'keyboard'] as const)('by %s', (name) => {
  const hand = HANDS[name];

  it('a webhook is made, its deliveries are seen as they fail and arrive, and one is sent again', async () => {
    const at = `/${name}`;
    let isUp = false;
    receiver.replies.set(at, (res) => res.writeHead(isUp ? 204 : 503).end());
    const reader = await Reader.open(browser, ui.url);
    const { page } = reader;
    await reader.goTo('/webhooks');
    await reader.logIn(ui.admin);
    await hand(page.getByRole('button', { name: 'New webhook' }));
    const dialog = page.getByRole('dialog');
    // What is asked first has the focus.
    await page.keyboard.type(receiver.url(at));
    await reader.expectAccessible();
    await hand(dialog.getByRole('button', { name: 'Create' }));
    const secret = await page.getByLabel('Secret', { exact: true }).inputValue();
    await hand(page.getByRole('button', { name: 'I have kept it' }));
    // The path of such an address is a secret itself.
    await page.getByRole('heading', { name: `http://127.0.0.1:${receiver.port}`, exact: true }).waitFor();
    expect(await page.getByRole('main').textContent()).not.toContain(at);
    await act(reader, hand, { verb: 'Send a test', says: ['One event webhook.test is sent'] });
    await receiver.count(at, 1);
    await delivery(page, 'answered 503').getByText('On its way').waitFor();
    await reader.expectAccessible();
    isUp = true;
    // By itself: the page waits for the next try.
    await delivery(page, 'Delivered').waitFor();
    const tries = receiver.at(at).length;
    expect(tries).toBeGreaterThan(1);
    await hand(delivery(page, 'Delivered').getByRole('button', { name: 'webhook.test' }));
    await page.getByRole('region', { name: 'What is sent' }).waitFor();
    await reader.expectAccessible();
    await page.keyboard.press('Escape');
    await act(reader, hand, { verb: 'Send again', says: ['with the same id', 'tried for another day'] });
    const received = await receiver.count(at, tries + 1);
    const bodies = received.map(({ text }) => JSON.parse(text) as { readonly id: string; readonly type: string });
    expect(new Set(bodies.map(({ id }) => id)).size).toBe(1);
    for (const { headers, text } of received) {
      const [, time = '', mac] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers['x-eden-signature'])) ?? [];
      expect(mac).toBe(macOf(secret, Number(time), text));
    }
    expect(reader.complaints).toEqual([]);
  });
});
