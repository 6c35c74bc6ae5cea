import { expect } from '@jest/globals';
import { atEndOfFile, findChromium } from '@eden/testkit';
import axe from 'axe-core';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';

/** As root and in a closed network: no sandbox of its own, nothing that it asks the world for. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const SIZES = { desk: { width: 1360, height: 860 }, phone: { width: 390, height: 844 } } as const;
/** The standards that the dashboard is held to: WCAG 2.2 AA. */
const STANDARDS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** A browser says so of each 401: of the one that tells a page that nobody is logged in, and those that tests bring about. */
const EXPECTED =
  /the server responded with a status of (400|401|403|404|409|422|503)|net::ERR_(CONNECTION_REFUSED|CONNECTION_RESET|INCOMPLETE_CHUNKED_ENCODING|EMPTY_RESPONSE)/;

export interface Look {
  readonly theme?: 'light' | 'dark';
  readonly size?: keyof typeof SIZES;
}

export interface Login {
  readonly organization: string;
  readonly username: string;
  readonly password: string;
}

/** Chromium, closed at the end of the test file. */
export async function startBrowser(): Promise<Browser> {
  const browser = await chromium.launch({ executablePath: await findChromium(), args: FLAGS });
  atEndOfFile(() => browser.close());
  return browser;
}

/** One reader at one window, who is not logged in yet. */
export class Reader {
  /** What the browser has complained about: mistakes of scripts, what the policy of the page has refused. */
  readonly complaints: string[] = [];

  private constructor(
    readonly context: BrowserContext,
    readonly page: Page,
    private readonly url: string,
  ) {
    page.on('pageerror', ({ message }) => this.complaints.push(message));
    page.on('console', (message) => {
      const text = message.text();
      if (['error', 'warning'].includes(message.type()) && !EXPECTED.test(text)) this.complaints.push(text);
    });
    page.on('dialog', (dialog) => {
      // What was written and not saved is left behind on purpose.
      if (dialog.type() === 'beforeunload') return void dialog.accept();
      this.complaints.push(`a script has said: ${dialog.message()}`);
      return void dialog.dismiss();
    });
  }

  static async open(browser: Browser, url: string, { theme = 'light', size = 'desk' }: Look = {}): Promise<Reader> {
    const context = await browser.newContext({
      viewport: SIZES[size],
      colorScheme: theme,
      reducedMotion: 'reduce',
      hasTouch: size === 'phone',
    });
    return new Reader(context, await context.newPage(), url);
  }

  /** Goes to a place of the dashboard, such as `/migrations/shop`. */
  async goTo(place: string): Promise<void> {
    await this.page.goto(`${this.url}/ui${place}`);
  }

  /** By keyboard alone, as the first thing at any place. */
  async logIn({ organization, username, password }: Login): Promise<void> {
    await this.page.getByLabel('Organization').fill(organization);
    await this.page.getByLabel('User', { exact: true }).fill(username);
    await this.page.getByLabel('Password').fill(password);
    await this.page.getByLabel('Password').press('Enter');
    await this.page.locator('.shell h1').waitFor();
  }

  /** Presses keys as somebody does who is in no field. */
  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  /** What axe finds wrong with the page as it is now, in words. */
  async axeFindings(): Promise<string[]> {
    // By the debugger's protocol, which no policy of the page holds back.
    await this.page.evaluate(axe.source);
    const run = `axe.run(document, { runOnly: ${JSON.stringify(STANDARDS)} }).then(({ violations }) =>
      violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => id + ' ' + target + ': ' + failureSummary)))`;
    return this.page.evaluate<string[]>(run);
  }

  /** Whatever stands there now, in both themes. */
  async expectAccessible(): Promise<void> {
    for (const colorScheme of ['light', 'dark'] as const) {
      await this.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      expect({ colorScheme, findings: await this.axeFindings() }).toEqual({ colorScheme, findings: [] });
    }
  }

  async close(): Promise<void> {
    await this.context.close();
  }
}
