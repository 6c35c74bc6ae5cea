import { beforeAll, describe, expect, it } from '@jest/globals';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { startCluster, type TestDatabase } from '@eden/testkit';
import { rowsOf } from '../customers/customer-world.js';
import { CliWorld } from './cli-world.js';

const USERS = 'services/users/db/migrations';
const ORDERS = 'services/orders/migrations';

/** Two services with a folder each, of two tools, and one line of releases over both. */
describe('the folders of other tools', () => {
  let world: CliWorld;

  beforeAll(async () => {
    world = await CliWorld.create(await startCluster());
    write(
      `${USERS}/20250101000000_users.sql`,
      '-- migrate:up\nCREATE TABLE users (id int);\n\n-- migrate:down\nDROP TABLE users;\n',
    );
    write(`${ORDERS}/000001_orders.up.sql`, 'CREATE TABLE orders (id int);\n');
    write(`${ORDERS}/000001_orders.down.sql`, 'DROP TABLE orders;\n');
  });

  function write(path: string, text: string): void {
    mkdirSync(dirname(join(world.folder, path)), { recursive: true });
    writeFileSync(join(world.folder, path), text);
  }

  async function tablesOf(database: TestDatabase): Promise<unknown[]> {
    const sql = `SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename !~ 'migrations' ORDER BY 1`;
    return (await rowsOf(database, sql)).map(({ tablename }) => tablename);
  }

  const apply = (...more: string[]) => world.eden(['apply', '--wait', '--yes', ...more]);

  it('are found, applied together, and have nothing to do then', async () => {
    expect(await world.eden(['init', '--yes', '--migration', 'shop'])).toMatchObject({ code: 0 });
    const first = await apply();
    expect(first).toMatchObject({ code: 0, err: expect.stringContaining('20250101000000_users.sql') });
    expect(await tablesOf(world.users)).toEqual(['users']);
    expect(await tablesOf(world.orders)).toEqual(['orders']);
    expect(await rowsOf(world.users, 'SELECT version FROM schema_migrations')).toEqual([{ version: '20250101000000' }]);
    expect(await rowsOf(world.orders, 'SELECT version::int, dirty FROM schema_migrations')).toEqual([
      { version: 1, dirty: false },
    ]);
    expect(await apply()).toMatchObject({ code: 0, err: expect.stringContaining('Nothing to do: shop is completed') });
    expect(await world.eden(['plan', '--exit-code'])).toMatchObject({
      code: 0,
      out: expect.stringContaining('Nothing to run.'),
    });
  });

  it('of the next week become the next release, with what is pending alone', async () => {
    const { out } = await world.eden(['new', 'second address', '--source', 'orders']);
    expect(out).toBe(`${ORDERS}/000002_second_address.up.sql\n${ORDERS}/000002_second_address.down.sql\n`);
    write(`${ORDERS}/000002_second_address.up.sql`, 'ALTER TABLE orders ADD COLUMN address text;\n');
    const plan = await world.eden(['plan', '--exit-code', '-o', 'markdown']);
    expect(plan).toMatchObject({ code: 5, out: expect.stringContaining('000002_second_address.up.sql') });
    expect(plan.out).toContain('Eden plan of `shop-2`');
    expect(plan.out).not.toContain('000001_orders');
    const sarif = await world.eden(['plan', '-o', 'sarif']);
    expect(JSON.parse(sarif.out)).toMatchObject({
      runs: [{ automationDetails: { id: expect.stringMatching(/^eden\/shop-2\//) } }],
    });
    expect(await world.client.get('/migrations/shop-2')).toMatchObject({ status: 404 });
    expect(await apply()).toMatchObject({ code: 0, err: expect.stringContaining('+ migration shop-2') });
    expect(await rowsOf(world.orders, 'SELECT version::int, dirty FROM schema_migrations')).toEqual([
      { version: 2, dirty: false },
    ]);
    const status = await world.eden(['status']);
    expect(status.out).toMatch(/orders +shop-2\.orders +000002_second_address\.up\.sql +succeeded/);
  });

  it('change nothing when one file fails, and go through when it is mended', async () => {
    write(`${USERS}/20250301000000_more.sql`, '-- migrate:up\nCREATE TABLE more (id int);\n');
    write(`${ORDERS}/000003_bad.up.sql`, 'CREATE TABLE extra (id int);\n\nSELECT 1 / 0;\n');
    const failed = await apply();
    expect(failed).toMatchObject({
      code: 10,
      err: expect.stringMatching(/000003_bad\.up\.sql, statement 2, line 3: division by zero \(22012\)/),
    });
    expect(await tablesOf(world.users)).toEqual(['users']);
    expect(await tablesOf(world.orders)).toEqual(['orders']);
    write(`${ORDERS}/000003_bad.up.sql`, 'CREATE TABLE extra (id int);\n');
    expect(await apply()).toMatchObject({ code: 0 });
    expect(await tablesOf(world.users)).toEqual(['more', 'users']);
    expect(await tablesOf(world.orders)).toEqual(['extra', 'orders']);
    expect(await world.eden(['status', '-o', 'name'])).toMatchObject({ out: 'migration/shop-3\n' });
  });

  it('can be applied one alone, and up to a version', async () => {
    for (const day of ['20250401', '20250402']) {
      write(`${USERS}/${day}000000_t.sql`, `-- migrate:up\nCREATE TABLE t${day} (id int);\n`);
    }
    write(`${ORDERS}/000004_later.up.sql`, 'CREATE TABLE later (id int);\n');
    expect(await apply('--target', 'users', '--to', '20250401000000')).toMatchObject({ code: 0 });
    expect(await tablesOf(world.users)).toEqual(['more', 't20250401', 'users']);
    expect(await tablesOf(world.orders)).toEqual(['extra', 'orders']);
    expect(await apply()).toMatchObject({ code: 0 });
    expect(await tablesOf(world.users)).toEqual(['more', 't20250401', 't20250402', 'users']);
    expect(await tablesOf(world.orders)).toEqual(['extra', 'later', 'orders']);
  });

  it('are reached with the password that the file has now, whether or not the old one would still do', async () => {
    const wrong = new URL(world.users.url);
    wrong.password = 'not-the-password';
    const env = { USERS_DATABASE_URL: wrong.href };
    const failed = await world.eden(['apply', '--wait', '--yes'], { env });
    expect(failed).toMatchObject({ code: 1, err: expect.stringContaining('authentication failed') });
    expect(failed.err).not.toContain('not-the-password');
    expect(await apply()).toMatchObject({ code: 0, err: expect.stringContaining('Nothing to do') });
  });

  it('are looked at in the database where that is asked for', async () => {
    const live = await world.eden(['sources', 'get', 'shop-5', 'users', '--live', '-o', 'json']);
    const { files } = JSON.parse(live.out) as { files: { state: string }[] };
    expect(files.map(({ state }) => state)).toEqual(['applied', 'applied', 'applied', 'applied']);
    expect(await world.eden(['sources', 'list', 'shop-5', '-o', 'name'])).toMatchObject({
      code: 0,
      out: expect.stringContaining('source/users\n'),
    });
  });

  it('go part by part, a release for each, where a file has to wait for the commit of another', async () => {
    await rowsOf(world.users, "CREATE TYPE mood AS ENUM ('sad')");
    const yaml = `version: 1
migration: parts
sources: [{ endpoint: users, path: ${USERS} }]
options: { atomicity: best }
`;
    writeFileSync(join(world.folder, 'parts.yaml'), yaml);
    write(`${USERS}/20250501000000_mood.sql`, "-- migrate:up\nALTER TYPE mood ADD VALUE 'glad';\n");
    write(`${USERS}/20250502000000_use.sql`, "-- migrate:up\nCREATE TABLE moods (m mood DEFAULT 'glad');\n");
    const plan = await world.eden(['plan', '-f', 'parts.yaml']);
    expect(plan.out).toMatch(/best effort[^]*part 1 of 2[^]*20250502000000_use\.sql +20250501000000_mood\.sql/);
    const applied = await apply('-f', 'parts.yaml');
    expect(applied).toMatchObject({
      code: 0,
      err: expect.stringMatching(/parts is completed, and one part is left[^]*migration parts-2/),
    });
    expect(await tablesOf(world.users)).toContain('moods');
    const status = await world.eden(['status', 'parts']);
    expect(status.out).toMatch(/Completed, best effort[^]*first of 2 parts/);
    expect((await world.eden(['history', 'parts', '-o', 'json'])).out).toContain('parts-2');
    expect(await apply('-f', 'parts.yaml')).toMatchObject({ code: 0, err: expect.stringContaining('Nothing to do') });
  });

  it('end with 20 where a later part fails: the earlier one stays', async () => {
    write(`${USERS}/20250601000000_mood.sql`, "-- migrate:up\nALTER TYPE mood ADD VALUE 'mad';\n");
    write(`${USERS}/20250602000000_use.sql`, "-- migrate:up\nUPDATE moods SET m = 'mad'; SELECT 1 / 0;\n");
    expect(await apply('-f', 'parts.yaml')).toMatchObject({
      code: 20,
      err: expect.stringContaining('division by zero'),
    });
    write(`${USERS}/20250602000000_use.sql`, "-- migrate:up\nUPDATE moods SET m = 'mad';\n");
    expect(await apply('-f', 'parts.yaml')).toMatchObject({ code: 0 });
  });

  it('go through all parts under the name that --id gives', async () => {
    write(`${USERS}/20250701000000_mood.sql`, "-- migrate:up\nALTER TYPE mood ADD VALUE 'calm';\n");
    write(`${USERS}/20250702000000_use.sql`, "-- migrate:up\nUPDATE moods SET m = 'calm';\n");
    expect(await apply('-f', 'parts.yaml', '--id', 'july')).toMatchObject({
      code: 0,
      err: expect.stringMatching(/migration july\n[^]*july is completed, and one part is left[^]*migration july-2/),
    });
    expect(await apply('-f', 'parts.yaml', '--id', 'july')).toMatchObject({
      code: 0,
      err: expect.stringContaining('Nothing to do'),
    });
  });
});
