import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ParticipantSession } from '@eden/domain';
import { testSandbox, withClient, type TestDatabase } from '@eden/testkit';
import { Client } from 'pg';
import { endpointAt, newUuid, participantSpec, rejection, sql } from '../testing/fixtures.js';
import { closedAfterEach, newDatabase, postgresAdapter } from '../testing/postgres-target.js';

const adapter = postgresAdapter();
const open = closedAfterEach();

/** A server of this file's own, which has little of everything. */
let url: string;

beforeAll(async () => {
  const settings = { max_prepared_transactions: '2', max_locks_per_transaction: '10', max_connections: '25' };
  const server = await (await testSandbox()).startPostgres({ name: 'scanty', durable: false, settings });
  url = server.url();
  await adapter.install(endpointAt(url), newUuid());
});

beforeEach(() => run('DROP TABLE IF EXISTS item; CREATE TABLE item (id int)'));

function run(text: string, at = url): Promise<readonly Record<string, unknown>[]> {
  return withClient(at, async (client) => (await client.query(text)).rows as Record<string, unknown>[]);
}

async function begun(at = url): Promise<ParticipantSession> {
  const session = await adapter.openParticipant(endpointAt(at), participantSpec());
  open.push(session);
  await session.begin();
  await session.run(sql('INSERT INTO item VALUES (1)'));
  return session;
}

describe('a server whose prepared transactions are all taken', () => {
  beforeEach(async () => {
    for (const name of ['first of others', 'second of others'])
      await run(`BEGIN; SELECT pg_current_xact_id(); PREPARE TRANSACTION '${name}'`);
  });

  it('is told before a run, and interrupts the PREPARE with who holds them', async () => {
    const { preparing, findings } = await adapter.survey(endpointAt(url));
    expect(preparing).toMatchObject({ possible: false, maxPreparedTransactions: 2, slotsFree: 0 });
    expect(preparing.reasons).toEqual([
      expect.stringMatching(/all 2 prepared .*"first of others" of postgres in postgres/),
    ]);
    expect(findings).toMatchObject([{ rule: 'prepared-slots', severity: 'warning' }]);
    const session = await begun();
    const error = await rejection(session.prepare());
    expect(error).toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      retryable: true,
      context: {
        details: expect.stringContaining('max_prepared_transactions'),
        holders: [
          { prepared_id: 'first of others', role: 'postgres', database: 'postgres', age_ms: expect.any(Number) },
          { prepared_id: 'second of others' },
        ],
      },
    });
    await session.close();
    await run("ROLLBACK PREPARED 'first of others'");
    const again = await begun();
    await again.prepare();
    expect(await again.commitPrepared()).toBe('committed');
    await run("ROLLBACK PREPARED 'second of others'");
    expect(await run('SELECT id FROM item')).toEqual([{ id: 1 }]);
    expect((await adapter.survey(endpointAt(url))).preparing).toMatchObject({
      possible: true,
      slotsFree: 2,
      reasons: [],
    });
  });
});

describe('a PREPARE that meets a shortage', () => {
  it('says that the disk is full, and has changed nothing', async () => {
    await run(`
      CREATE OR REPLACE FUNCTION fill() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN COPY (SELECT repeat('x', 1000000)) TO '/dev/full'; RETURN NULL; END $$;
      CREATE CONSTRAINT TRIGGER fill AFTER INSERT ON item DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION fill()`);
    const session = await begun();
    expect(await rejection(session.prepare())).toMatchObject({
      code: 'TEMPLATE_EXECUTION_FAILED',
      context: { sqlstate: '53100', suggestion: expect.stringContaining('make room') },
    });
    await session.close();
    expect(await run('SELECT * FROM item')).toEqual([]);
  });

  it('says that the lock table is full, and has changed nothing', async () => {
    const session = await begun();
    const hoarder = new Client({ connectionString: url });
    await hoarder.connect();
    open.push({ close: () => hoarder.end() });
    await rejection(hoarder.query('SELECT pg_advisory_lock(n) FROM generate_series(1, 100000) AS n'));
    expect(await rejection(session.prepare())).toMatchObject({
      code: 'TEMPLATE_EXECUTION_FAILED',
      context: { sqlstate: '53200', suggestion: expect.stringContaining('max_locks_per_transaction') },
    });
    await hoarder.query('SELECT pg_advisory_unlock_all()');
    await session.close();
    expect(await run('SELECT * FROM item')).toEqual([]);
  });
});

describe('limits that a role or a database has', () => {
  it('end no participant, and are told where they could', async () => {
    await run(`
      DROP ROLE IF EXISTS hasty;
      CREATE ROLE hasty LOGIN SUPERUSER PASSWORD 'x';
      ALTER ROLE hasty SET statement_timeout = '400ms';
      ALTER ROLE hasty SET transaction_timeout = '600ms';
      ALTER ROLE hasty SET idle_in_transaction_session_timeout = '400ms';
      ALTER ROLE hasty SET idle_session_timeout = '5s'`);
    const at = url.replace(/\/\/[^@]+@/, '//hasty:x@');
    const session = await begun(at);
    await session.run(sql('SELECT pg_sleep(0.8)'));
    await new Promise((resolve) => void setTimeout(resolve, 800));
    await session.prepare();
    expect(await session.commitPrepared()).toBe('committed');
    const { findings } = await adapter.survey(endpointAt(at));
    expect(findings).toMatchObject([{ rule: 'idle-session-timeout', message: expect.stringContaining('hasty') }]);
  });

  it('tells a role and a database that have too few connections', async () => {
    const database = await newDatabase();
    const role = `r${newUuid().slice(0, 8)}`;
    await run(
      `CREATE ROLE ${role} LOGIN PASSWORD 'x' CONNECTION LIMIT 2; ALTER DATABASE ${database.name} CONNECTION LIMIT 3`,
      database.url,
    );
    const { host, port } = database.server;
    const endpoint = endpointAt('', { config: { host, port, database: database.name, username: role, password: 'x' } });
    const { findings } = await adapter.survey(endpoint);
    expect(findings.map(({ rule }) => rule)).toEqual(['role-connections', 'database-connections']);
    await adapter.forget(endpoint.uuid);
    await run(`DROP ROLE ${role}`, database.url);
  });
});

describe('triggers that notify', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await newDatabase();
    await run(
      `CREATE TABLE orders (id int); CREATE TABLE quiet (id int);
       CREATE FUNCTION told() RETURNS void LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_notify('a', 'b'); END $$;
       CREATE FUNCTION order_told() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM told(); RETURN NEW; END $$;
       CREATE FUNCTION silent() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN -- NOTIFY nobody
         RAISE NOTICE 'notify'; RETURN NEW; END $$;
       CREATE TRIGGER tells AFTER INSERT ON orders FOR EACH ROW EXECUTE FUNCTION order_told();
       CREATE TRIGGER says AFTER INSERT ON quiet FOR EACH ROW EXECUTE FUNCTION silent();
       CREATE FUNCTION pgrst_watch() RETURNS event_trigger LANGUAGE plpgsql AS $$ DECLARE c record; BEGIN
         FOR c IN SELECT * FROM pg_event_trigger_ddl_commands() LOOP
           IF c.command_tag IN ('CREATE TABLE', 'ALTER TABLE') THEN NOTIFY pgrst, 'reload schema'; END IF;
         END LOOP; END $$;
       CREATE EVENT TRIGGER pgrst_watch ON ddl_command_end EXECUTE FUNCTION pgrst_watch();
       CREATE EVENT TRIGGER tagged ON ddl_command_end WHEN TAG IN ('CREATE VIEW') EXECUTE FUNCTION pgrst_watch()`,
      database.url,
    );
  });

  it.each<[string, string[]]>([
    ['ALTER TABLE quiet ADD COLUMN c int', ['pgrst_watch']],
    ['CREATE VIEW v AS SELECT 1', ['pgrst_watch', 'tagged']],
    ["DO $$ BEGIN EXECUTE 'CREATE TABLE x ()'; END $$", ['pgrst_watch', 'tagged']],
    ["DO $$ BEGIN /* CREATE */ RAISE NOTICE 'ALTER'; END $$", []],
    ['INSERT INTO orders VALUES (1)', ['tells']],
    ['WITH n AS (INSERT INTO public.orders VALUES (1) RETURNING id) SELECT * FROM n', ['tells']],
    ['UPDATE orders SET id = 1', []],
    ['INSERT INTO other.orders VALUES (1)', []],
    ['INSERT INTO quiet VALUES (1)', []],
    ['SELECT 1; ALTER EVENT TRIGGER tagged DISABLE', []],
  ])('are found for %s: %j', async (text, triggers) => {
    const { whyUnprepared } = await adapter.survey(endpointAt(database.url));
    const found = await whyUnprepared(sql(text));
    expect(found.map((reason) => /trigger "(\w+)"/.exec(reason)?.[1])).toEqual(triggers);
    for (const reason of found) expect(reason).toMatch(/DISABLE/);
  });

  it('are not found once they are disabled', async () => {
    await run('ALTER EVENT TRIGGER pgrst_watch DISABLE; ALTER EVENT TRIGGER tagged DISABLE', database.url);
    const { whyUnprepared } = await adapter.survey(endpointAt(database.url));
    expect(await whyUnprepared(sql('CREATE VIEW v AS SELECT 1'))).toEqual([]);
  });
});

describe('a server that only looks like PostgreSQL', () => {
  it.each([
    [
      'whose advisory locks lock nothing',
      `ALTER FUNCTION pg_catalog.pg_advisory_xact_lock(bigint) RENAME TO hidden;
       CREATE FUNCTION pg_catalog.pg_advisory_xact_lock(bigint) RETURNS void LANGUAGE sql AS ''`,
      'its advisory locks lock nothing',
    ],
    [
      'that does not know the numbers of transactions',
      'ALTER FUNCTION pg_catalog.pg_current_xact_id_if_assigned() RENAME TO hidden',
      'it does not know what is asked of every PostgreSQL',
    ],
  ])('%s is refused, and told what it cannot do', async (_, change, words) => {
    const database = await newDatabase();
    await run(change, database.url);
    expect(await rejection(adapter.inspect(endpointAt(database.url)))).toMatchObject({
      code: 'ENDPOINT_NOT_ALLOWED',
      context: { reason: 'not_postgresql', details: expect.stringContaining(words), setting: null },
    });
  });
});

describe('a schema _eden that a newer build has made', () => {
  it('stays as it is, and is named', async () => {
    const database = await newDatabase();
    const endpoint = endpointAt(database.url);
    expect(await adapter.install(endpoint, newUuid())).toEqual([]);
    await run('UPDATE _eden.version SET version = 99', database.url);
    expect(await adapter.install(endpoint, newUuid())).toMatchObject([
      { rule: 'newer-eden-schema', severity: 'warning', message: expect.stringContaining('version 99') },
    ]);
    expect(await run('SELECT version FROM _eden.version', database.url)).toEqual([{ version: 99 }]);
  });
});
