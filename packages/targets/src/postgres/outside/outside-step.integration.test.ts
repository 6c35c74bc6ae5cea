import { beforeEach, describe, expect, it } from '@jest/globals';
import type { BatchCheckpoint, OutsideSession, OutsideWork, StatementResult, TargetAdapter } from '@eden/domain';
import { eventually, startTcpProxy, withClient, type TcpProxy, type TestDatabase } from '@eden/testkit';
import { endpointAt, newUuid, rejection, sql } from '../../testing/fixtures.js';
import { poolerBefore } from '../../testing/pooler.js';
import { newDatabase, postgresAdapter } from '../../testing/postgres-target.js';

const adapter = postgresAdapter();
const [runUuid, migrationUuid] = [newUuid(), newUuid()];
let database: TestDatabase;

beforeEach(async () => {
  database = await newDatabase();
  await withClient(database.url, (client) => client.query('CREATE TABLE item (id int)'));
});

interface By extends Partial<Pick<OutsideWork, 'undo' | 'lockTimeoutMs'>> {
  readonly adapter?: TargetAdapter;
  readonly url?: string;
  readonly query?: string;
  /** In place of the query: as it is. */
  readonly text?: string;
}

async function at<T>(
  epoch: number,
  work: (session: OutsideSession) => Promise<T>,
  { query = 'CREATE INDEX CONCURRENTLY item_id ON item (id)', ...by }: By = {},
): Promise<T> {
  const { undo = null, lockTimeoutMs, text } = by;
  const limits = lockTimeoutMs === undefined ? {} : { lockTimeoutMs };
  const statement = text === undefined ? sql(query) : { text, params: [], syntax: 'sql' as const };
  const step = { statements: [statement], undo, record: [], unrecord: [], ...limits };
  const spec = { runUuid, migrationUuid, apiUuid: newUuid(), epoch, number: 0, work: step, onBlocked: () => undefined };
  const session = await (by.adapter ?? adapter).openOutside(endpointAt(by.url ?? database.url), spec);
  return work(session).finally(() => session.close());
}

function urlBy({ port }: TcpProxy): string {
  const url = new URL(database.url);
  return Object.assign(url, { hostname: '127.0.0.1', port: String(port) }).href;
}

const carryOut = async (session: OutsideSession) => {
  await session.carryOut();
};

/** Somebody has the table while `work` is at it, and does `last` before they let go. */
async function whileLocked(last: string, work: () => Promise<void>): Promise<void> {
  await withClient(database.url, async (client) => {
    await client.query('BEGIN; LOCK TABLE item');
    await work();
    await client.query(`${last}; COMMIT`);
  });
}

function isWaiting(): Promise<unknown> {
  const waiting = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'CREATE INDEX%' AND wait_event_type = 'Lock'`;
  return eventually(async () => {
    const { rowCount } = await withClient(database.url, (client) => client.query(waiting));
    expect(rowCount).toBe(1);
  });
}

async function isThere(): Promise<boolean> {
  const found = `SELECT FROM pg_index WHERE indexrelid = to_regclass('item_id') AND indisvalid`;
  return (await withClient(database.url, (client) => client.query(found))).rowCount === 1;
}

// Protocol: I35
describe('a step outside the transaction', () => {
  it('is not ended by a worker that has lost its run', async () => {
    let building: Promise<void> = Promise.resolve();
    await whileLocked('SELECT 1', async () => {
      building = at(5, carryOut);
      await isWaiting();
      expect(await rejection(at(4, carryOut))).toMatchObject({ code: 'FENCED' });
    });
    await building;
    expect(await isThere()).toBe(true);
  });

  it('commits no batch of a worker that has lost its run, even where its session goes on', async () => {
    const checkpoint = (batches: number) => ({ after: batches, rows: batches, batches, isDone: false });
    const insert = (session: OutsideSession, id: number) =>
      session.batches?.run(sql(`INSERT INTO item VALUES (${id}) RETURNING id`), () => checkpoint(id));
    await at(1, async (late) => {
      await late.batches?.begin();
      await insert(late, 1);
      // Whoever comes finds its lock free, and ends nobody.
      await late.batches?.run(sql('SELECT pg_advisory_unlock_all()'), () => checkpoint(1));
      await at(2, async (next) => expect(await next.batches?.begin()).toEqual(checkpoint(1)));
      expect(await rejection(insert(late, 2) ?? Promise.resolve())).toMatchObject({ code: 'FENCED' });
    });
    const { rows } = await withClient(database.url, (client) => client.query('SELECT id FROM item'));
    expect(rows).toEqual([{ id: 1 }]);
  });

  it.each([
    ['int', "'1'", 1],
    ['bigint', "'9007199254740993'", '9007199254740993'],
    ['numeric', "'1.50'", 1.5],
    ['text', `'it''s "7"'`, `it's "7"`],
    ['uuid', "'6f2c1a52-9d2e-4a5e-8a51-3f6f3c1d2b4a'", '6f2c1a52-9d2e-4a5e-8a51-3f6f3c1d2b4a'],
    ['timestamptz', "'2026-11-27T08:00:00.25Z'", '2026-11-27T08:00:00.250Z'],
  ])('takes the keys of a batch as rows have them: %s', async (type, literal, key) => {
    await withClient(database.url, (client) => client.query(`CREATE TABLE keyed (key ${type}, more text)`));
    const keysOf = (text: string) =>
      at(1, async ({ batches }) => {
        await batches?.begin();
        let keys: readonly unknown[] = [];
        await batches?.run(sql(text), ({ rows, rowCount }) => {
          keys = [...rows.map((row) => Object.values(row)[0]), rowCount];
          return { after: null, rows: 0, batches: 0, isDone: false };
        });
        return keys;
      });
    const insert = `INSERT INTO keyed VALUES (${literal}, 'more') RETURNING key, more;`;
    expect(await keysOf(insert)).toEqual([key, 1]);
    expect(await keysOf('SELECT key, more FROM keyed')).toEqual([key, 1]);
    expect(await keysOf('DELETE FROM keyed WHERE more = $$none$$ RETURNING key')).toEqual([0]);
    // A table with such a rule is changed by no statement within WITH.
    await withClient(database.url, (client) =>
      client.query('CREATE RULE also AS ON INSERT TO keyed DO ALSO INSERT INTO item VALUES (7)'),
    );
    expect(await keysOf(insert)).toEqual([key, 1]);
    const { rows } = await withClient(database.url, (client) => client.query('SELECT id FROM item'));
    expect(rows).toEqual([{ id: 7 }]);
  });

  it.each(['smallint', 'int', 'bigint'])('takes the bounds of keys from the second batch on: %s', async (type) => {
    await withClient(database.url, (client) => client.query(`CREATE TABLE bounded (key ${type})`));
    const keys: unknown[] = [];
    const note = ({ rows, rowCount }: StatementResult): BatchCheckpoint => {
      keys.push([...rows.map((row) => Object.values(row)[0]), rowCount]);
      return { after: null, rows: 0, batches: 0, isDone: false };
    };
    await at(1, async ({ batches }) => {
      await batches?.begin();
      for (const values of ['(1), (2), (3)', '(5), (4), (30000), (-6)', '(7)', '(8), (NULL)'])
        await batches?.run(sql(`INSERT INTO bounded VALUES ${values} RETURNING key -- all`), note, 'bounds');
      await batches?.run(sql('INSERT INTO bounded VALUES (9), (10), (11) RETURNING key'), note);
    });
    expect(keys).toEqual([
      [1, 2, 3, 3],
      [-6, 30_000, 4],
      [7, 7, 1],
      [8, 8, null, 2],
      [9, 10, 11, 3],
    ]);
    await withClient(database.url, (client) => client.query('DROP TABLE bounded'));
  });

  it('tells where in a batch it has failed', async () => {
    const failing = sql('-- é\nINSERT INTO item\n  SELECT absent RETURNING id');
    await at(1, async ({ batches }) => {
      await batches?.begin();
      const failed = batches?.run(failing, () => ({ after: 1, rows: 1, batches: 1, isDone: false }));
      expect(await rejection(failed ?? Promise.resolve())).toMatchObject({
        context: { sqlstate: '42703', statement: 1, line: 3, column: 10 },
      });
    });
  });

  it('does not drop an index that somebody else has made under its name', async () => {
    let building: Promise<unknown> = Promise.resolve();
    await whileLocked('CREATE INDEX item_id ON item (id)', async () => {
      building = rejection(at(5, carryOut));
      await isWaiting();
    });
    expect(await building).toMatchObject({ code: 'TEMPLATE_EXECUTION_FAILED', context: { sqlstate: '42P07' } });
    await at(6, (session) => session.compensate());
    expect(await isThere()).toBe(true);
  });

  it('is unavailable once nothing is heard of its target', async () => {
    const network = await startTcpProxy(database.server.port);
    const by = { adapter: postgresAdapter({ connectTimeoutMs: 2000, silenceMs: 300 }), url: urlBy(network) };
    await whileLocked('SELECT 1', async () => {
      const building = rejection(at(5, carryOut, by));
      await isWaiting();
      network.pause();
      expect(await building).toMatchObject({ code: 'ENDPOINT_UNAVAILABLE' });
    });
  });

  it('does not drop an index that somebody has made in place of what a build has left', async () => {
    await run('INSERT INTO item VALUES (1), (1)');
    const query = 'CREATE UNIQUE INDEX CONCURRENTLY item_id ON item (id)';
    expect(await rejection(at(1, carryOut, { query }))).toMatchObject({ context: { sqlstate: '23505' } });
    await run('DROP INDEX item_id');
    await run('CREATE INDEX item_id ON item (id)');
    expect(await rejection(at(2, carryOut, { query }))).toMatchObject({ context: { sqlstate: '42P07' } });
    await at(3, (session) => session.compensate(), { query });
    expect(await isThere()).toBe(true);
  });

  it('drops what an interrupted REINDEX has left before it begins anew', async () => {
    await run('CREATE INDEX item_id ON item (id)');
    const query = 'REINDEX INDEX CONCURRENTLY item_id';
    await withClient(database.url, async (client) => {
      await client.query('BEGIN; LOCK TABLE item IN ROW EXCLUSIVE MODE');
      const broken = rejection(at(1, carryOut, { query }));
      await eventually(async () => expect(await indexes()).toEqual(['item_id', 'item_id_ccnew']));
      await endReindex();
      expect(await broken).toMatchObject({ code: 'ENDPOINT_UNAVAILABLE' });
      await client.query('COMMIT');
    });
    await at(2, carryOut, { query });
    expect(await indexes()).toEqual(['item_id']);
  });

  it.each<readonly [string, (name: string) => string]>([
    ['a schema', () => 'REINDEX SCHEMA CONCURRENTLY public'],
    ['a database', (name) => `REINDEX DATABASE CONCURRENTLY "${name}"`],
  ])('drops what an interrupted REINDEX of %s has left, and nothing that others are at', async (_, queryOf) => {
    const query = queryOf(database.name);
    await run('CREATE INDEX item_id ON item (id)');
    await run('CREATE TABLE other (id int)');
    await run('CREATE INDEX other_id ON other (id)');
    await leaveHalfBuilt('other');
    await withClient(database.url, async (client) => {
      await client.query('BEGIN; LOCK TABLE item IN ROW EXCLUSIVE MODE');
      const broken = rejection(at(1, carryOut, { query }));
      await eventually(async () => expect(await indexes()).toEqual(['item_id', 'item_id_ccnew']));
      await endReindex();
      expect(await broken).toMatchObject({ code: 'ENDPOINT_UNAVAILABLE' });
      await client.query('COMMIT');
    });
    await run('CREATE TABLE third (id int)');
    await run('CREATE INDEX third_id ON third (id)');
    await withClient(database.url, async (client) => {
      await client.query('BEGIN; LOCK TABLE third IN ROW EXCLUSIVE MODE');
      const theirs = run('REINDEX INDEX CONCURRENTLY third_id');
      await eventually(async () => expect(await indexes('third')).toEqual(['third_id', 'third_id_ccnew']));
      await at(2, (session) => session.compensate(), { query });
      expect(await indexes('third')).toEqual(['third_id', 'third_id_ccnew']);
      await client.query('COMMIT');
      await theirs;
    });
    expect([await indexes(), await indexes('other')]).toEqual([['item_id'], ['other_id', 'other_id_ccnew']]);
  });

  it('drops its index when somebody has built that anew concurrently', async () => {
    await at(1, carryOut);
    await run('REINDEX INDEX CONCURRENTLY item_id');
    await at(2, (session) => session.compensate());
    expect(await indexes()).toEqual([]);
  });

  it.each([
    ['', 'CREATE INDEX item_id ON item (id)'],
    [' concurrently', 'CREATE INDEX CONCURRENTLY item_id ON item (id)'],
    [', which was built anew,', 'CREATE INDEX item_id ON item (id DESC)', 'REINDEX INDEX CONCURRENTLY item_id'],
  ])('does not drop an index that somebody has made%s in the place of its own', async (_, ...statements) => {
    await at(1, carryOut);
    for (const statement of ['DROP INDEX item_id', ...statements]) await run(statement);
    await at(2, (session) => session.compensate());
    expect(await isThere()).toBe(true);
  });

  it('that was refused is not taken for done when it is tried again', async () => {
    await run(`CREATE DATABASE "${database.name}_other"`);
    const query = `CREATE DATABASE "${database.name}_other"`;
    for (const epoch of [1, 2]) {
      expect(await rejection(at(epoch, carryOut, { query }))).toMatchObject({ context: { sqlstate: '42P04' } });
    }
    await run(`DROP DATABASE "${database.name}_other"`);
  });

  it('that was given up halfway is taken back: what is dropped concurrently is invalid before it is gone', async () => {
    await run('CREATE INDEX item_id ON item (id)');
    const work = {
      query: 'DROP INDEX CONCURRENTLY item_id',
      ...{ undo: [sql('DROP INDEX IF EXISTS item_id; CREATE INDEX item_id ON item (id)')], lockTimeoutMs: 200 },
    };
    await withClient(database.url, async (client) => {
      await client.query('BEGIN; LOCK TABLE item IN ROW EXCLUSIVE MODE');
      expect(await rejection(at(1, carryOut, work))).toMatchObject({ context: { sqlstate: '55P03' } });
      expect(await isThere()).toBe(false);
      await client.query('COMMIT');
    });
    await at(2, (session) => session.compensate(), work);
    expect(await isThere()).toBe(true);
  });

  it('is not done by an attempt that does not know that it was taken back, whatever its epoch', async () => {
    await at(5, (session) => session.compensate());
    expect(await rejection(at(4, carryOut))).toMatchObject({ code: 'FENCED', context: { newer_epoch: 5 } });
    expect(await rejection(at(6, carryOut))).toMatchObject({
      code: 'TEMPLATE_EXECUTION_FAILED',
      context: { message: expect.stringContaining('taken back already') },
    });
    expect(await isThere()).toBe(false);
  });

  it('is refused behind a pooler, which gives its clients numbers of their own', async () => {
    const url = Object.assign(new URL(database.url), { host: `127.0.0.1:${await poolerBefore(database.server.port)}` });
    expect(await rejection(at(1, carryOut, { url: url.href }))).toMatchObject({
      code: 'ENDPOINT_NOT_ALLOWED',
      context: { reason: 'pooler' },
    });
    expect(await isThere()).toBe(false);
  });
});

// Protocol: I35
describe('what a step outside the transaction sets', () => {
  it('counts for what follows, also with LOCAL', async () => {
    await run('CREATE SCHEMA b; CREATE TABLE b.item (id int)');
    await at(1, carryOut, { query: '-- é\nSET /* where */ LOCAL search_path = b; INSERT INTO item VALUES (1)' });
    const found = 'SELECT (SELECT count(*)::int FROM item) AS here, (SELECT count(*)::int FROM b.item) AS there';
    const { rows } = await withClient(database.url, (client) => client.query(found));
    expect(rows).toEqual([{ here: 0, there: 1 }]);
  });

  it('is how long a statement waits for a lock', async () => {
    await whileLocked('SELECT 1', async () => {
      const text = "SET lock_timeout = '50ms'; ALTER TABLE item ADD COLUMN more int";
      expect(await rejection(at(1, carryOut, { text }))).toMatchObject({ context: { sqlstate: '55P03' } });
    });
  });

  it('is not the name by which its session is found', async () => {
    const late = rejection(at(1, carryOut, { text: "SET application_name = 'other'; SELECT pg_sleep(600)" }));
    const asleep = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'";
    await eventually(async () =>
      expect((await withClient(database.url, (client) => client.query(asleep))).rowCount).toBe(1),
    );
    await at(2, carryOut);
    expect(await late).toMatchObject({ code: 'ENDPOINT_UNAVAILABLE' });
  });

  it('keeps its place where it is passed over: whoever goes on knows what was done', async () => {
    const text =
      "SET application_name = 'other'; INSERT INTO item VALUES (1); INSERT INTO item SELECT 2 / (SELECT count(*) FROM item WHERE id = 0)";
    expect(await rejection(at(1, carryOut, { text }))).toMatchObject({ context: { sqlstate: '22012' } });
    const found = 'SELECT position FROM _eden.step';
    expect((await withClient(database.url, (client) => client.query(found))).rows).toEqual([{ position: 2 }]);
  });

  it('is not the role that its login has by itself', async () => {
    const [login, owner] = [`login_of_${database.name}`, `owner_of_${database.name}`];
    await run(`CREATE ROLE ${owner}; GRANT CREATE ON SCHEMA public TO ${owner}; ALTER TABLE item OWNER TO ${owner};
      GRANT CREATE ON DATABASE ${database.name} TO ${owner}; CREATE ROLE ${login} LOGIN PASSWORD 'secret' NOINHERIT IN ROLE ${owner};
      ALTER ROLE ${login} SET role = ${owner}`);
    const url = Object.assign(new URL(database.url), { username: login, password: 'secret' }).href;
    await at(1, carryOut, { url });
    expect(await isThere()).toBe(true);
    await run(`REASSIGN OWNED BY ${owner} TO CURRENT_USER; DROP OWNED BY ${owner}; DROP ROLE ${login}, ${owner}`);
  });

  it('is a role that need not know what the service writes down', async () => {
    const role = `owner_of_${database.name}`;
    await run(`CREATE ROLE ${role}; GRANT CREATE ON SCHEMA public TO ${role}; ALTER TABLE item OWNER TO ${role}`);
    const build = 'CREATE INDEX CONCURRENTLY item_id ON item (id)';
    const text = `SET ROLE ${role}; ${build}; ALTER TABLE item ADD COLUMN more int`;
    await at(1, carryOut, { text });
    expect(await isThere()).toBe(true);
    await run(`ALTER TABLE item OWNER TO CURRENT_USER; DROP OWNED BY ${role}; DROP ROLE ${role}`);
  });
});

function run(query: string): Promise<unknown> {
  return withClient(database.url, (client) => client.query(query));
}

function endReindex(): Promise<unknown> {
  return run(`SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
    WHERE datname = current_database() AND query LIKE 'REINDEX%' AND pid <> pg_backend_pid()`);
}

/** As somebody's REINDEX that was interrupted has left it. */
async function leaveHalfBuilt(table: string): Promise<void> {
  await withClient(database.url, async (client) => {
    await client.query(`BEGIN; LOCK TABLE ${table} IN ROW EXCLUSIVE MODE`);
    const broken = rejection(run(`REINDEX TABLE CONCURRENTLY ${table}`));
    await eventually(async () => expect(await indexes(table)).toHaveLength(2));
    await endReindex();
    await broken;
    await client.query('COMMIT');
  });
}

async function indexes(table = 'item'): Promise<readonly string[]> {
  const found = `SELECT indexrelid::regclass::text AS name FROM pg_index WHERE indrelid = '${table}'::regclass ORDER BY 1`;
  return withClient(database.url, async (client) =>
    (await client.query<{ name: string }>(found)).rows.map(({ name }) => name),
  );
}
