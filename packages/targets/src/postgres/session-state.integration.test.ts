import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Endpoint, ExecutionOptions, ExecutionSession, JsonValue, StatementResult } from '@eden/domain';
import { createDatabase, testServers, withClient, type TestDatabase } from '@eden/testkit';
import { randomBytes } from 'node:crypto';
import { createTargets } from '../index.js';
import { PATIENT, REACH, endpointAt, rejection, sql } from '../testing/fixtures.js';

/*
 * Whatever the SQL of one execution leaves in its session, the next execution on that session must not meet. Each probe
 * is one statement that leaves something behind and one that would see it; each runs through every way an execution
 * can end. All of it on pools of one connection.
 */

interface Probe {
  readonly name: string;
  /** One statement, as a DO block can run it, too. */
  readonly leave: string;
  /** A query of one value. */
  readonly see: string;
  /** Refused where nothing may be written. */
  readonly writes?: true;
  /** Needs more rights than an endpoint's role should have. */
  readonly superuser?: true;
}

type Ending = 'commit' | 'lone read' | 'failure' | 'failed lone read' | 'failed commit';

const server = testServers().targets[0];
const suffix = randomBytes(4).toString('hex');
const tenant = `tenant_${suffix}`;
const other = `other_${suffix}`;
const targets = createTargets({ postgres: PATIENT, reach: REACH });
const adapter = targets.adapter('Postgres');
let database: TestDatabase;

const setting = (name: string): string => `SELECT current_setting('${name}') AS seen`;
const count = (from: string): string => `SELECT count(*)::int AS seen FROM ${from}`;
const TEMPORARY = count('pg_class WHERE relnamespace = pg_my_temp_schema()');
const TEMPORARY_ROUTINES = count('pg_proc WHERE pronamespace = pg_my_temp_schema()');
const TEMPORARY_TYPES = count('pg_type WHERE typnamespace = pg_my_temp_schema()');
const LOCKS = count("pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()");
const CHANNELS = count('pg_listening_channels()');
/** But those in which statements of ours and the look itself run. */
const CURSORS = count("pg_cursors WHERE name NOT IN ('', 'eden_read')");
const PREPARED = count('pg_prepared_statements WHERE from_sql');
const USER = 'SELECT current_user::text AS seen';

/** By a function that calls `set_config(…, false)`: a template may not name all of them itself. */
const SETTINGS: readonly (readonly [name: string, value: string])[] = [
  ['search_path', ''],
  ['search_path', 'other, public'],
  ['DateStyle', 'German, DMY'],
  ['IntervalStyle', 'iso_8601'],
  ['TimeZone', 'Asia/Tokyo'],
  ['client_encoding', 'LATIN1'],
  ['standard_conforming_strings', 'off'],
  ['bytea_output', 'escape'],
  ['extra_float_digits', '-3'],
  ['xmlbinary', 'hex'],
  ['application_name', 'somebody else'],
  ['client_min_messages', 'error'],
  ['idle_in_transaction_session_timeout', '7s'],
  ['default_transaction_read_only', 'on'],
  ['default_transaction_isolation', 'serializable'],
  ['default_transaction_deferrable', 'on'],
  ['synchronous_commit', 'off'],
  ['row_security', 'off'],
  ['check_function_bodies', 'off'],
  ['transform_null_equals', 'on'],
  ['array_nulls', 'off'],
  ['quote_all_identifiers', 'on'],
  ['enable_seqscan', 'off'],
  ['plan_cache_mode', 'force_generic_plan'],
  ['work_mem', '64kB'],
  ['default_text_search_config', 'pg_catalog.english'],
];

const PROBES: readonly Probe[] = [
  ...SETTINGS.map(([name, value]) => ({
    name: `set_config of ${name} to '${value}'`,
    leave: `SELECT set_any('${name}', '${value}')`,
    see: setting(name),
  })),
  {
    name: 'a variable of one’s own',
    leave: "SELECT set_config('my.tenant', '42', false)",
    // Its name stays known to the session, with nothing in it.
    see: "SELECT coalesce(nullif(current_setting('my.tenant', true), ''), 'none') AS seen",
  },
  { name: 'SET inside DO', leave: "DO $$ BEGIN SET work_mem = '1MB'; END $$", see: setting('work_mem') },
  {
    name: 'SET SESSION CHARACTERISTICS inside DO',
    leave: 'DO $$ BEGIN SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY; END $$',
    see: setting('default_transaction_read_only'),
  },
  { name: 'SET ROLE inside DO', leave: `DO $$ BEGIN SET ROLE ${other}; END $$`, see: USER },
  { name: 'set_config of role', leave: `SELECT set_any('role', '${other}')`, see: USER },
  {
    name: 'SET SESSION AUTHORIZATION inside DO',
    leave: `DO $$ BEGIN SET SESSION AUTHORIZATION ${tenant}; END $$`,
    see: "SELECT session_user::text || ' ' || current_user::text AS seen",
    superuser: true,
  },
  {
    name: 'session_replication_role, which silences triggers',
    leave: "SELECT set_config('session_replication_role', 'replica', false)",
    see: setting('session_replication_role'),
    superuser: true,
  },
  {
    name: 'log_statement',
    leave: "SELECT set_config('log_statement', 'all', false)",
    see: setting('log_statement'),
    superuser: true,
  },
  {
    name: 'a SECURITY DEFINER function that sets',
    leave: 'SELECT set_as_definer()',
    see: setting('log_min_duration_statement'),
  },
  { name: 'a view that calls a function', leave: 'SELECT * FROM setting_view', see: setting('TimeZone') },
  { name: 'a policy that calls a function', leave: `SELECT * FROM guarded`, see: setting('TimeZone') },
  {
    name: 'a default that calls a function',
    leave: 'INSERT INTO with_default (id) VALUES (1)',
    see: setting('TimeZone'),
    writes: true,
  },
  { name: 'a trigger', leave: 'INSERT INTO with_trigger VALUES (1)', see: setting('TimeZone'), writes: true },
  {
    name: 'a trigger that waits for the commit',
    leave: 'INSERT INTO with_deferred VALUES (1)',
    see: setting('TimeZone'),
    writes: true,
  },
  {
    name: 'a lock of a trigger that waits for the commit',
    leave: 'INSERT INTO with_deferred VALUES (2)',
    see: LOCKS,
    writes: true,
  },
  { name: 'a rule', leave: 'INSERT INTO with_rule VALUES (1)', see: setting('TimeZone'), writes: true },
  {
    name: 'a setting behind a caught error',
    leave: "DO $$ BEGIN SET work_mem = '1MB'; BEGIN PERFORM 1/0; EXCEPTION WHEN division_by_zero THEN END; END $$",
    see: setting('work_mem'),
  },
  { name: 'pg_advisory_lock', leave: 'SELECT pg_advisory_lock(1)', see: LOCKS },
  { name: 'pg_advisory_lock of two numbers', leave: 'SELECT pg_advisory_lock(1, 2)', see: LOCKS },
  { name: 'pg_advisory_lock_shared', leave: 'SELECT pg_advisory_lock_shared(3)', see: LOCKS },
  { name: 'pg_try_advisory_lock', leave: 'SELECT pg_try_advisory_lock(4)', see: LOCKS },
  { name: 'a lock taken three times', leave: 'SELECT pg_advisory_lock(5) FROM generate_series(1, 3)', see: LOCKS },
  { name: 'a lock of a view', leave: 'SELECT * FROM locking_view', see: LOCKS },
  { name: 'a temporary table', leave: 'CREATE TEMP TABLE mine (id int)', see: TEMPORARY, writes: true },
  {
    name: 'a temporary table in front of a real one',
    leave: 'CREATE TEMP TABLE item AS SELECT 7 AS id',
    see: 'SELECT max(id) AS seen FROM item',
    writes: true,
  },
  {
    name: 'a temporary table that empties itself',
    leave: 'CREATE TEMP TABLE mine (id int) ON COMMIT DELETE ROWS',
    see: TEMPORARY,
    writes: true,
  },
  { name: 'a temporary view', leave: 'CREATE TEMP VIEW mine AS SELECT 1 AS id', see: TEMPORARY, writes: true },
  { name: 'a temporary sequence', leave: 'CREATE TEMP SEQUENCE mine', see: TEMPORARY, writes: true },
  {
    name: 'a temporary function',
    leave: "CREATE FUNCTION pg_temp.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    see: TEMPORARY_ROUTINES,
    writes: true,
  },
  { name: 'a temporary type', leave: "CREATE TYPE pg_temp.mine AS ENUM ('a')", see: TEMPORARY_TYPES, writes: true },
  { name: 'a temporary domain', leave: 'CREATE DOMAIN pg_temp.mine AS int', see: TEMPORARY_TYPES, writes: true },
  { name: 'LISTEN', leave: 'LISTEN news', see: CHANNELS },
  { name: 'LISTEN inside DO', leave: "DO $$ BEGIN EXECUTE 'LISTEN news'; END $$", see: CHANNELS },
  { name: 'a cursor WITH HOLD', leave: 'DECLARE kept CURSOR WITH HOLD FOR SELECT 1', see: CURSORS },
  {
    name: 'a cursor WITH HOLD that is read at the commit',
    leave: "DECLARE kept CURSOR WITH HOLD FOR SELECT set_config('TimeZone', 'Asia/Tokyo', false)",
    see: setting('TimeZone'),
  },
  {
    name: 'PREPARE inside DO',
    leave: "DO $$ BEGIN EXECUTE 'PREPARE kept AS SELECT 1'; END $$",
    see: PREPARED,
  },
  {
    name: 'PREPARE of a name that must be quoted',
    leave: `DO $$ BEGIN EXECUTE 'PREPARE "all" AS SELECT 1'; END $$`,
    see: PREPARED,
  },
  {
    name: 'currval',
    leave: "SELECT nextval('numbers')",
    see: "SELECT seen('SELECT currval(''numbers'')') AS seen",
    writes: true,
  },
  { name: 'lastval', leave: "SELECT nextval('numbers')", see: "SELECT seen('SELECT lastval()') AS seen", writes: true },
  { name: 'setseed', leave: 'SELECT setseed(0.25)', see: 'SELECT random() = (SELECT value FROM seeded) AS seen' },
];

const SETUP = `
  CREATE SCHEMA other;
  CREATE TABLE item (id int);
  CREATE SEQUENCE numbers;
  CREATE FUNCTION set_any(name text, value text) RETURNS text LANGUAGE sql AS $$ SELECT set_config(name, value, false) $$;
  CREATE FUNCTION tokyo() RETURNS boolean LANGUAGE sql AS $$ SELECT set_config('TimeZone', 'Asia/Tokyo', false) IS NOT NULL $$;
  CREATE FUNCTION on_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN PERFORM tokyo(), pg_advisory_lock(6); RETURN NEW; END $$;
  CREATE FUNCTION set_as_definer() RETURNS text LANGUAGE sql SECURITY DEFINER
    AS $$ SELECT set_config('log_min_duration_statement', '1', false) $$;
  CREATE FUNCTION seen(query text) RETURNS text LANGUAGE plpgsql AS $$
    DECLARE value text; BEGIN EXECUTE query INTO value; RETURN value;
    EXCEPTION WHEN object_not_in_prerequisite_state THEN RETURN NULL; END $$;
  CREATE VIEW setting_view AS SELECT tokyo();
  CREATE VIEW locking_view AS SELECT pg_advisory_lock(8) IS NULL AS locked;
  CREATE TABLE guarded (id int);
  INSERT INTO guarded VALUES (1);
  ALTER TABLE guarded ENABLE ROW LEVEL SECURITY;
  CREATE POLICY guard ON guarded USING (tokyo());
  CREATE TABLE with_default (id int, at boolean DEFAULT tokyo());
  CREATE TABLE with_trigger (id int);
  CREATE TRIGGER change BEFORE INSERT ON with_trigger FOR EACH ROW EXECUTE FUNCTION on_change();
  CREATE TABLE with_deferred (id int);
  CREATE CONSTRAINT TRIGGER change AFTER INSERT ON with_deferred DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION on_change();
  CREATE TABLE with_rule (id int);
  CREATE RULE change AS ON INSERT TO with_rule DO ALSO SELECT tokyo();
  CREATE TABLE unique_at_commit (id int UNIQUE DEFERRABLE INITIALLY DEFERRED);
  CREATE TABLE seeded AS SELECT NULL::float8 AS value LIMIT 0;
  SELECT setseed(0.25);
  INSERT INTO seeded SELECT random();`;

const opened: Endpoint[] = [];

beforeAll(async () => {
  database = await createDatabase(server);
  await withClient(database.url, async (client) => {
    await client.query(`CREATE ROLE ${other}; CREATE ROLE ${tenant} LOGIN PASSWORD 'x' IN ROLE ${other}`);
    await client.query(SETUP);
    await client.query(`GRANT USAGE ON SCHEMA other, public TO ${tenant}, ${other};
      GRANT ALL ON ALL TABLES IN SCHEMA public TO ${tenant}; GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO ${tenant}`);
  });
});

afterEach(() => Promise.all(opened.splice(0).map(({ uuid }) => adapter.forget(uuid))));

afterAll(async () => {
  await targets.close();
  await withClient(database.url, (client) =>
    client.query(`DROP OWNED BY ${tenant}, ${other}; DROP ROLE ${tenant}, ${other}`),
  );
});

function urlFor({ superuser }: Pick<Probe, 'superuser'>): string {
  return superuser === true ? database.url : database.url.replace(/\/\/[^@]*@/, `//${tenant}:x@`);
}

/** A pool of one connection. */
function oneConnection(probe: Pick<Probe, 'superuser'>): Endpoint {
  const url = urlFor(probe);
  const endpoint = endpointAt(url, { config: { url, pool_size: 1 } });
  opened.push(endpoint);
  return endpoint;
}

function open(endpoint: Endpoint, change: Partial<ExecutionOptions> = {}): Promise<ExecutionSession> {
  const options = { readOnly: false, gate: null, lockTimeoutMs: 2000, statementTimeoutMs: 10_000, idleTimeoutMs: 0 };
  return adapter.openExecution(endpoint, { ...options, ...change });
}

/** What an execution sees, and on which session. */
async function look(endpoint: Endpoint, { see }: Probe): Promise<{ pid: JsonValue; seen: JsonValue }> {
  const session = await open(endpoint, { readOnly: true });
  const text = `SELECT pg_backend_pid() AS pid, (${see}) AS seen`;
  const { rows } = (await session.readOnce(sql(text))) as StatementResult;
  await session.abandon();
  const { pid = null, seen = null } = rows[0] ?? {};
  return { pid, seen };
}

/** The statement, and an error of the statement itself behind it. */
function failing({ leave }: Probe): string {
  return `DO $outer$ BEGIN EXECUTE $leave$${leave}$leave$; RAISE division_by_zero; END $outer$`;
}

const ENDINGS: Readonly<Record<Ending, (endpoint: Endpoint, probe: Probe) => Promise<void>>> = {
  commit: async (endpoint, { leave }) => {
    const session = await open(endpoint);
    await session.enter();
    await session.run(sql(leave));
    await session.commit();
  },
  'lone read': async (endpoint, { leave }) => {
    const session = await open(endpoint, { readOnly: true });
    await session.readOnce(sql(leave));
    await session.abandon();
  },
  failure: async (endpoint, { leave }) => {
    const session = await open(endpoint);
    await session.enter();
    await session.run(sql(leave));
    expect(await rejection(session.run(sql('SELECT 1/0')))).toMatchObject({ context: { sqlstate: '22012' } });
    await session.abandon();
  },
  'failed lone read': async (endpoint, probe) => {
    const session = await open(endpoint, { readOnly: true });
    const sqlstate = probe.writes === true ? '25006' : '22012';
    expect(await rejection(session.readOnce(sql(failing(probe))))).toMatchObject({ context: { sqlstate } });
    await session.abandon();
  },
  'failed commit': async (endpoint, { leave }) => {
    const session = await open(endpoint);
    await session.enter();
    await session.run(sql('INSERT INTO unique_at_commit VALUES (1), (1)'));
    await session.run(sql(leave));
    expect(await rejection(session.commit())).toMatchObject({ context: { sqlstate: '23505' } });
    await session.abandon();
  },
};

describe('a probe', () => {
  it.each(PROBES)('leaves something in a session that nobody resets: $name', async (probe) => {
    const sight = `SELECT (${probe.see}) AS seen`;
    const fresh = await withClient(urlFor(probe), (client) => client.query(sight));
    const left = await withClient(urlFor(probe), async (client) => {
      await client.query(`SET application_name = 'eden execution'`);
      await client.query('BEGIN');
      await client.query(probe.leave);
      await client.query('COMMIT');
      return client.query(sight);
    });
    expect(left.rows).not.toEqual(fresh.rows);
  });

  it('is one of at least fifty', () => {
    expect(PROBES.length).toBeGreaterThanOrEqual(50);
  });
});

describe.each(Object.keys(ENDINGS) as Ending[])('the execution behind one that ends by %s', (ending) => {
  const probes = ending === 'lone read' ? PROBES.filter(({ writes }) => writes !== true) : PROBES;

  it.each(probes)('sees nothing of $name', async (probe) => {
    const endpoint = oneConnection(probe);
    const before = await look(endpoint, probe);
    await ENDINGS[ending](endpoint, probe);
    const after = await look(endpoint, probe);
    expect(after).toEqual(before);
  });
});

/** Behind each other on one connection, before the first of them has been answered. */
describe.each(['by text', 'by name'])('the read %s beside others that follows one', (how) => {
  const beside = (endpoint: Endpoint, text: string): Promise<StatementResult | null> => {
    const options = { readOnly: true, gate: null, lockTimeoutMs: 2000, statementTimeoutMs: 10_000, idleTimeoutMs: 0 };
    const bound = how === 'by name' ? { text, values: [] } : null;
    const read = { statement: sql(text), bound, limits: {}, name: text };
    return adapter.readBeside?.(endpoint, options, read) ?? Promise.reject(new Error('cannot'));
  };

  it.each(PROBES)('sees nothing of $name', async (probe) => {
    const endpoint = oneConnection(probe);
    const sight = `SELECT (${probe.see}) AS seen`;
    const before = await beside(endpoint, sight);
    expect(before?.rows).toHaveLength(1);
    const [, , after] = await Promise.all([
      beside(endpoint, 'SELECT 1 AS one'),
      beside(endpoint, probe.leave),
      beside(endpoint, sight),
    ]);
    // Whoever may have met something is not answered here.
    expect(after ?? before).toEqual(before);
    expect((await look(endpoint, probe)).seen).toEqual(before?.rows[0]?.['seen']);
  });
});

describe('a session that cannot be reset', () => {
  it('fails the execution, undone as a whole, and serves no other', async () => {
    const probe: Probe = {
      name: 'a setting',
      leave: "SELECT set_config('work_mem', '1MB', false)",
      see: setting('work_mem'),
    };
    const endpoint = oneConnection(probe);
    const before = await look(endpoint, probe);
    await withClient(database.url, (client) =>
      client.query('REVOKE EXECUTE ON FUNCTION pg_advisory_unlock_all() FROM PUBLIC'),
    );
    const session = await open(endpoint);
    await session.enter();
    await session.run(sql(probe.leave));
    expect(await rejection(session.commit())).toMatchObject({ context: { sqlstate: '42501' } });
    await session.abandon();
    await withClient(database.url, (client) =>
      client.query('GRANT EXECUTE ON FUNCTION pg_advisory_unlock_all() TO PUBLIC'),
    );
    const after = await look(endpoint, probe);
    expect(after.seen).toBe(before.seen);
    expect(after.pid).not.toBe(before.pid);
  });
});
