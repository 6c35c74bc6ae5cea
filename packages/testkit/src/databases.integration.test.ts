import { describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { createControlDatabase, createDatabase, databaseUrl, dropDatabase, testServers, withClient } from './index.js';

const [target] = testServers().targets;

async function names(): Promise<string[]> {
  return withClient(databaseUrl(target, 'postgres'), async (client) => {
    const { rows } = await client.query<{ datname: string }>('SELECT datname FROM pg_database');
    return rows.map(({ datname }) => datname);
  });
}

describe('a test database', () => {
  it('is a copy of its template, and its changes are its own', async () => {
    const template = await createDatabase(target);
    await withClient(template.url, (client) => client.query('CREATE TABLE t AS SELECT 1 AS id'));
    const copies = await Promise.all([1, 2].map(() => createDatabase(target, { template: template.name })));
    for (const { url } of copies) {
      await withClient(url, async (client) => {
        expect((await client.query('INSERT INTO t VALUES (2) RETURNING id')).rows).toEqual([{ id: 2 }]);
        expect((await client.query('SELECT count(*)::int AS n FROM t')).rows).toEqual([{ n: 2 }]);
      });
    }
  });

  it('goes when it is dropped, and may be dropped twice', async () => {
    const database = await createDatabase(target);
    expect(await names()).toContain(database.name);
    await dropDatabase(database);
    await dropDatabase(database);
    expect(await names()).not.toContain(database.name);
  });

  it('names the session and the prepared transaction that a test left in it, and goes all the same', async () => {
    const database = await createDatabase(target);
    const left = new pg.Client({ connectionString: database.url, application_name: 'forgotten' });
    left.on('error', () => undefined);
    await left.connect();
    await left.query('CREATE TABLE t (id int)');
    for (const statement of ['BEGIN', 'INSERT INTO t VALUES (1)', "PREPARE TRANSACTION 'undecided'"]) {
      await left.query(statement);
    }
    const drop = dropDatabase(database);
    await expect(drop).rejects.toThrow(/session "forgotten".*prepared transaction "undecided"/);
    expect(await names()).not.toContain(database.name);
  });
});

it("a control database has the control schema, and is nobody else's", async () => {
  const [first, second] = await Promise.all([createControlDatabase(), createControlDatabase()]);
  const tables = await Promise.all(
    [first, second].map(({ url }) =>
      withClient(url, async (client) => {
        const { rows } = await client.query<{ n: number }>(
          `SELECT count(*)::int AS n FROM information_schema.tables WHERE table_schema = 'public'`,
        );
        return rows[0]?.n;
      }),
    ),
  );
  expect(tables[0]).toBeGreaterThan(5);
  expect(tables[1]).toBe(tables[0]);
  expect(first.name).not.toBe(second.name);
});
