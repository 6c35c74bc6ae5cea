import { delimiter, join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { startCluster } from '@eden/testkit';
import { SERVICES, ShopWorld } from '../shop/shop-world.js';
import { PROGRAMS, REAL_TOOLS } from '../sources/real-tools.js';

/** examples/shop, week after week, and what the tools of its services say. */
describe('the shop', () => {
  let shop: ShopWorld;

  beforeAll(async () => {
    shop = await ShopWorld.create(await startCluster());
  });

  /** Whether each service's own tool finds nothing to do. */
  async function contentment(): Promise<Record<string, boolean>> {
    const said: Record<string, boolean> = {};
    for (const { name, tool: toolName, folder } of SERVICES) {
      const tool = REAL_TOOLS.find((each) => each.name === toolName);
      said[name] = (await tool?.isContent(shop.urlOf(name), join(shop.folder, folder))) ?? false;
    }
    return said;
  }

  /** By the programs of the tools alone: Prisma's would fetch its engine. */
  function verify(...more: string[]) {
    const PATH = [join(PROGRAMS, '.bin'), process.env['PATH']].join(delimiter);
    return shop.cli.eden(['verify', '-o', 'json', ...more], { env: { PATH } });
  }

  const ALL_CONTENT = { billing: true, catalog: true, customers: true, orders: true };

  it('applied by eden, is up to date for each of its four tools', async () => {
    expect(await shop.apply()).toMatchObject({ code: 0 });
    expect(await contentment()).toEqual(ALL_CONTENT);
  });

  it('has something pending for two of them after a week, and nothing once eden has applied it', async () => {
    shop.pull('2');
    expect(await contentment()).toEqual({ ...ALL_CONTENT, customers: false, orders: false });
    const before = await verify();
    expect(before).toMatchObject({ code: 10 });
    expect(stateOf(before.out)).toMatchObject({ customers: 'not content', orders: 'not content' });
    expect(await shop.apply()).toMatchObject({ code: 0 });
    expect(await contentment()).toEqual(ALL_CONTENT);
    expect(stateOf((await verify()).out)).toMatchObject({ customers: 'content', orders: 'content' });
  });

  it('is still up to date for all of them when a release has failed, and when it is mended', async () => {
    const before = await shop.histories();
    shop.pull('3');
    expect(await shop.apply()).toMatchObject({ code: 10 });
    expect(await shop.histories()).toEqual(before);
    shop.pull('3-mended');
    expect(await shop.apply()).toMatchObject({ code: 0 });
    expect(await contentment()).toEqual(ALL_CONTENT);
  });

  it('goes on where a tool that was run by hand has ended', async () => {
    shop.pull('4');
    shop.pull('4-mended');
    const dbmate = REAL_TOOLS.find(({ name }) => name === 'dbmate');
    await dbmate?.up(shop.urlOf('customers'), join(shop.folder, 'customers/db/migrations'));
    const applied = await shop.apply();
    expect(applied).toMatchObject({ code: 0, err: expect.stringContaining('_season/migration.sql') });
    expect(applied.err).not.toContain('unsubscribe');
    expect(await contentment()).toEqual(ALL_CONTENT);
  });

  it('is up to date for Prisma after a baseline', async () => {
    await shop.rows('catalog', 'DROP TABLE _prisma_migrations');
    const names = shop.list('catalog/prisma/migrations').filter((name) => /^\d/.test(name));
    expect(await shop.cli.eden(['baseline', 'catalog', '--to', String(names.at(-1))])).toMatchObject({ code: 0 });
    expect(await shop.apply()).toMatchObject({ code: 0 });
    expect(await contentment()).toEqual(ALL_CONTENT);
  });
});

function stateOf(json: string): Record<string, string> {
  const verdicts = JSON.parse(json) as { source: string; state: string }[];
  return Object.fromEntries(verdicts.map(({ source, state }) => [source, state]));
}
