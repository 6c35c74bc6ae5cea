import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  atEndOfFile,
  createControlDatabase,
  createDatabase,
  eventually,
  hasPgBouncer,
  startPgBouncer,
  testServers,
  withClient,
  type PgBouncer,
} from '@eden/testkit';
import type pg from 'pg';
import { createClient, transaction, type Client } from './client.js';
import { directHosts, workHosts, type ControlAddress } from './control-address.js';
import { createControlDatabase as openDatabase, type ControlDatabase } from './control-database.js';
import { deployControlSchema } from './deploy.js';
import { Prisma } from './generated/client.js';
import { createNotifications } from './listen.js';
import { readPlaces } from './places/adoption.js';
import { createPool } from './pool.js';
import { transactInRounds } from './rounds.js';

const describeBehindPooler = (await hasPgBouncer()) ? describe : describe.skip;

const SETTINGS = `SELECT current_setting('TimeZone') AS zone, current_setting('synchronous_commit') AS commit,
  current_setting('statement_timeout') AS statement, current_setting('idle_in_transaction_session_timeout') AS idle`;
const OURS = { zone: 'UTC', commit: 'on', statement: '1200ms', idle: '5s' };

/** Two sessions for all: whoever needs one twice meets what others have left in it. */
const FEW = { default_pool_size: 2 };
/** One for each client. */
const MANY = { default_pool_size: 60 };

function open(address: ControlAddress): ControlDatabase {
  const control = openDatabase({ ...address, encryptionKeys: [Buffer.alloc(32, 7)] });
  atEndOfFile(() => control.close());
  return control;
}

describeBehindPooler.each(['transaction', 'session'] as const)('behind a pooler that lends for a %s', (mode) => {
  let direct: string;
  let pooler: PgBouncer;
  let address: ControlAddress;
  let pool: pg.Pool;
  let client: Client;

  beforeAll(async () => {
    direct = (await createControlDatabase()).url;
    await withClient(direct, (own) => own.query('CREATE TABLE noted (n int PRIMARY KEY)'));
    await withClient(direct, (own) =>
      own.query(`DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET synchronous_commit = off', current_database());
        EXECUTE format('ALTER DATABASE %I SET TimeZone = ''Asia/Tokyo''', current_database()); END $$`),
    );
    pooler = await startPgBouncer({ mode, settings: mode === 'transaction' ? FEW : MANY });
    address = { url: pooler.through(direct), directUrl: direct };
    pool = createPool(workHosts(address), 4);
    client = createClient(pool);
  });

  beforeEach(() => withClient(direct, (own) => own.query('TRUNCATE noted')));

  afterAll(async () => {
    await client.$disconnect();
    if (!pool.ended) await pool.end();
  });

  async function noted(): Promise<readonly number[]> {
    const { rows } = await withClient(direct, (own) => own.query<{ n: number }>('SELECT n FROM noted ORDER BY n'));
    return rows.map(({ n }) => n);
  }

  it('every statement runs under our settings, and leaves none of them to others', async () => {
    expect((await pool.query(SETTINGS)).rows).toEqual([OURS]);
    expect(await client.$queryRaw(Prisma.sql([SETTINGS]))).toEqual([OURS]);
    expect(await transaction(client, (tx) => tx.$queryRaw(Prisma.sql([SETTINGS])))).toEqual([OURS]);
    const step = { sql: Prisma.sql([SETTINGS]), reads: true } as const;
    expect(await transactInRounds(pool, async (round) => (await round([step, step]))[1]?.rows)).toEqual([OURS]);
    const { rows } = await withClient(address.url, (other) => other.query(SETTINGS));
    expect(rows).toMatchObject([{ commit: 'off', statement: '0', idle: '0' }]);
  });

  it('a statement that fails, or lasts too long, changes nothing and leaves no transaction open', async () => {
    const late = 'WITH late AS (SELECT pg_sleep(10)) INSERT INTO noted SELECT 1 FROM late';
    await expect(pool.query(late)).rejects.toMatchObject({ code: '57014' });
    await expect(pool.query('INSERT INTO noted VALUES ($1)', ['one'])).rejects.toMatchObject({ code: '22P02' });
    await expect(pool.query('INSERT INTO noted SELECT 1 / 0')).rejects.toMatchObject({ code: '22012' });
    await pool.query('INSERT INTO noted VALUES ($1)', [2]);
    await expect(client.$executeRaw`INSERT INTO noted VALUES (2)`).rejects.toThrow(/duplicate key/);
    expect(await noted()).toEqual([2]);
    const open = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'`;
    expect((await withClient(direct, (own) => own.query(open))).rows).toEqual([]);
  });

  it('statements that have a name are prepared under none, for any number of clients', async () => {
    const query = {
      name: 'twice',
      text: 'SELECT $1::int AS n, (SELECT count(*)::int FROM pg_prepared_statements) AS named',
    };
    const pools = Array.from({ length: 5 }, () => createPool(workHosts(address), 4));
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, n) => (pools[n % pools.length] as pg.Pool).query({ ...query, values: [n] })),
    );
    expect(answers.map(({ rows }) => rows[0])).toEqual(Array.from({ length: 100 }, (_, n) => ({ n, named: 0 })));
    await Promise.all(pools.map((each) => each.end()));
  });

  it('transactions keep apart what they do, though more of them go on than there are sessions', async () => {
    await Promise.all(
      Array.from({ length: 30 }, (_, n) =>
        n % 2 === 0
          ? transactInRounds(pool, (round) => round([{ sql: Prisma.sql`INSERT INTO noted VALUES (${n})` }]))
          : transaction(client, async (tx) => {
              await tx.$executeRaw`INSERT INTO noted VALUES (${n})`;
              if (n % 3 === 0) throw new Error('given up');
            }).catch(() => undefined),
      ),
    );
    const kept = Array.from({ length: 30 }, (_, n) => n).filter((n) => n % 2 === 0 || n % 3 !== 0);
    expect(await noted()).toEqual(kept);
  });

  it('a pooler that dies takes the open transaction with it, and serves again when it is back', async () => {
    const lost = transactInRounds(pool, async (round) => {
      await round([{ sql: Prisma.sql`INSERT INTO noted VALUES (1)` }]);
      await pooler.kill();
      await round([{ sql: Prisma.sql`INSERT INTO noted VALUES (2)` }]);
    });
    await expect(lost).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    await pooler.restart();
    await transactInRounds(pool, (round) => round([{ sql: Prisma.sql`INSERT INTO noted VALUES (3)` }]));
    expect(await noted()).toEqual([3]);
  });

  it('what is notified through the pooler is heard past it', async () => {
    const notifications = createNotifications(directHosts(address, workHosts(address)));
    atEndOfFile(() => notifications.close());
    const heard: (string | null)[] = [];
    notifications.on('eden_outbox', (payload) => heard.push(payload));
    await eventually(() => expect(heard).toEqual([null]));
    await pool.query("SELECT pg_notify('eden_outbox', 'here')");
    await eventually(() => expect(heard).toEqual([null, 'here']));
  });

  it('a schema is deployed past it, and the place of the work is the pooler', async () => {
    const { url } = await createDatabase(testServers().control);
    const empty = { url: pooler.through(url), directUrl: url };
    expect((await deployControlSchema(empty.url, empty)).applied).not.toEqual([]);
    const { known, isKnown } = await readPlaces(empty);
    expect([known.map(({ port }) => port), isKnown]).toEqual([[pooler.port], true]);
    const control = open(empty);
    await control.store.checkSchema();
    await control.store.checkPlace();
  });

  it('a schema is deployed to no other database than the one behind the pooler', async () => {
    const { url } = await createDatabase(testServers().control);
    const wrong = { url: pooler.through(direct), directUrl: url };
    await expect(deployControlSchema(wrong.url, wrong)).rejects.toThrow(/lead to different databases/);
    const { rows } = await withClient(url, (own) => own.query("SELECT to_regclass('runs') AS runs"));
    expect(rows).toEqual([{ runs: null }]);
  });
});

describeBehindPooler('a pooler that nobody has told us of', () => {
  it.each([
    ['refuses session settings', {}, { details: expect.stringMatching(/^DATABASE_URL leads to a pooler/) }],
    [
      'forgets session settings',
      { ignore_startup_parameters: 'options' },
      { settings: expect.arrayContaining(['statement_timeout', 'idle_in_transaction_session_timeout']) },
    ],
  ])('is known by that it %s: the error says what to set', async (_, settings, context) => {
    const { url: direct } = await createControlDatabase();
    const pooler = await startPgBouncer({ mode: 'transaction', settings });
    const url = pooler.through(direct);
    const { store } = open({ url });
    await expect(store.checkSchema()).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      context: { details: expect.stringContaining('set DATABASE_DIRECT_URL'), ...context },
    });
    await open({ url, directUrl: direct }).store.checkSchema();
  });
});
