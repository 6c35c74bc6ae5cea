import { eventually } from '@eden/testkit';
import { expect } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import type { Reader } from './browser.js';

/** How somebody gets at a button or a link. */
export type Hand = (button: Locator) => Promise<void>;

/** More lie on no page between two buttons. */
const MOST_TABS = 120;

export const HANDS: Readonly<Record<'mouse' | 'keyboard' | 'finger', Hand>> = {
  mouse: (button) => button.click(),
  finger: (button) => button.tap(),
  keyboard: async (button) => {
    await button.waitFor();
    await tabTo(button);
    await button.page().keyboard.press('Enter');
  },
};

/** By Tab alone, from wherever the focus is. */
export async function tabTo(target: Locator): Promise<void> {
  const focused = target.and(target.page().locator(':focus'));
  for (let tabs = 0; tabs < MOST_TABS; tabs += 1) {
    if ((await focused.count()) > 0) return;
    await target.page().keyboard.press('Tab');
  }
  throw new Error(`Tab does not lead to ${String(target)}`);
}

export interface Asking {
  readonly verb: string;
  /** What the dialog says before anything is done. */
  readonly says: readonly string[];
  /** What it wants to know. */
  readonly fill?: (dialog: Locator) => Promise<void>;
}

/** Does something that is asked for before, once what it will do has been read; the dialog is held to axe. */
export async function act(reader: Reader, hand: Hand, { verb, says, fill }: Asking): Promise<void> {
  const dialog = await ask(reader, hand, { verb, says });
  await fill?.(dialog);
  await hand(dialog.getByRole('button', { name: verb, exact: true }));
  await dialog.waitFor({ state: 'hidden' });
}

/** As far as the dialog. */
export async function ask(reader: Reader, hand: Hand, { verb, says }: Asking): Promise<Locator> {
  const { page } = reader;
  await hand(buttonOf(page, verb));
  const dialog = page.getByRole('dialog');
  for (const sentence of says) await dialog.getByText(sentence).waitFor();
  await reader.expectAccessible();
  return dialog;
}

export function buttonOf(page: Page, verb: string): Locator {
  return page.getByRole('main').getByRole('button', { name: verb, exact: true });
}

/** Live: nobody loads the page anew. At its name, as the picture has the same words in its legend. */
export async function seeState(page: Page, state: string): Promise<void> {
  await page.locator('.page-title').getByText(state, { exact: true }).waitFor();
}

/** What is somewhere else, such as in a database, once it is so. */
export async function see<Value>(look: () => Promise<Value>, wanted: Value): Promise<void> {
  await eventually(async () => expect(await look()).toEqual(wanted));
}
