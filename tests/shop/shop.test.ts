import { beforeAll, describe, expect, it } from '@jest/globals';
import { startCluster } from '@eden/testkit';
import { SERVICES, ShopWorld } from './shop-world.js';

const NOTHING = Object.fromEntries(SERVICES.map(({ name }) => [name, []]));
const NO_HISTORY = Object.fromEntries(SERVICES.map(({ name }) => [name, null]));

/** examples/shop: four services, four databases, four tools. Whether the tools are content: tests/tools/shop.test.ts. */
describe('the shop', () => {
  let shop: ShopWorld;

  beforeAll(async () => {
    shop = await ShopWorld.create(await startCluster());
  });

  async function lengths(): Promise<number[]> {
    return Object.values(await shop.histories()).map((rows) => rows?.length ?? 0);
  }

  async function state(): Promise<object> {
    return { schemas: await shop.schemas(), histories: await shop.histories() };
  }

  it('has the eden.yaml that "eden init" writes', async () => {
    const committed = shop.read('eden.yaml');
    shop.remove('eden.yaml');
    expect(await shop.cli.eden(['init', '--yes', '--migration', 'shop'])).toMatchObject({ code: 0 });
    expect(shop.read('eden.yaml')).toBe(committed);
  });

  it('changes none of its four databases when one file of one service fails, and begins no history', async () => {
    const bad = 'orders/migrations/1795725116970_bad.sql';
    shop.write(bad, '-- Up Migration\nCREATE TABLE extra (id int);\nSELECT 1 / 0;\n');
    // Also before the service knows any of its endpoints.
    expect(await shop.cli.eden(['plan'])).toMatchObject({
      code: 0,
      out: expect.stringContaining('1795725116970_bad.sql'),
    });
    expect(await shop.apply()).toMatchObject({
      code: 10,
      err: expect.stringMatching(/shop\.orders, 1795725116970_bad\.sql, statement 2, line 3: division by zero/),
    });
    expect(await shop.schemas()).toEqual(NOTHING);
    expect(await shop.histories()).toEqual(NO_HISTORY);
    shop.remove(bad);
  });

  it('changes all four when it is mended, and has nothing to do then', async () => {
    expect(await shop.apply()).toMatchObject({ code: 0, err: expect.stringContaining('all 4 databases are prepared') });
    expect(await lengths()).toEqual([2, 1, 1, 1]);
    expect(await shop.schemas()).toMatchObject({
      billing: expect.arrayContaining(['invoices.cents integer']),
      catalog: expect.arrayContaining(['Product.sku text']),
      customers: expect.arrayContaining(['customers.email text']),
      orders: expect.arrayContaining(['orders.number text']),
    });
    const before = await state();
    expect(await shop.apply()).toMatchObject({
      code: 0,
      err: expect.stringContaining('Nothing to do: shop is complete'),
    });
    expect(await state()).toEqual(before);
  });

  it('is untouched, histories and all, when the new file of one service does not fit the rows of its database', async () => {
    shop.pull('2');
    shop.pull('3');
    const before = await state();
    expect(await shop.apply()).toMatchObject({
      code: 10,
      err: expect.stringMatching(/shop-2\.billing, 0002_due_date\.sql, .*contains null values \(23502\)/),
    });
    expect(await state()).toEqual(before);
    shop.pull('3-mended');
    expect(await shop.apply()).toMatchObject({ code: 0, err: expect.stringContaining('shop-2 migrate succeeded') });
    expect(await lengths()).toEqual([3, 2, 2, 2]);
  });

  it('is untouched when somebody edited a file that was applied, and the file is named', async () => {
    shop.pull('4');
    const before = await state();
    expect(await shop.apply()).toMatchObject({
      code: 10,
      err: expect.stringMatching(/_init\/migration\.sql: the file was changed after it had been applied/),
    });
    expect(await state()).toEqual(before);
    shop.pull('4-mended');
    expect(await shop.apply()).toMatchObject({ code: 0 });
    expect(await lengths()).toEqual([3, 3, 3, 2]);
  });

  it('goes on from a database that has tables and no history, once "eden baseline" has said up to where', async () => {
    await shop.rows('catalog', 'DROP TABLE _prisma_migrations');
    expect(await shop.apply()).toMatchObject({ code: 10, err: expect.stringContaining('baseline') });
    const season = String(shop.list('catalog/prisma/migrations').find((name) => name.endsWith('_season')));
    expect(await shop.cli.eden(['baseline', 'catalog', '--to', season])).toMatchObject({ code: 0 });
    const noted = `Noted as applied, and not run: 3 files of shop-4.catalog, up to ${season}.`;
    expect(await shop.apply()).toMatchObject({ code: 0, err: expect.stringContaining(noted) });
    expect(await lengths()).toEqual([3, 3, 3, 2]);
    expect(await shop.apply()).toMatchObject({ code: 0, err: expect.stringContaining('Nothing to do') });
    const brand = 'catalog/prisma/migrations/20261201000000_brand/migration.sql';
    shop.write(brand, 'ALTER TABLE "Product" ADD "brand" TEXT;\n');
    expect(await shop.apply()).toMatchObject({ code: 0 });
    expect(await shop.rows('catalog', 'SELECT brand FROM "Product"')).toEqual([]);
    expect(await lengths()).toEqual([3, 4, 3, 2]);
  });
});
