import { beforeAll, describe, expect, it } from '@jest/globals';
import { createDatabase, testSandbox, testServers, withClient, type TestDatabase } from '@eden/testkit';
import { endpointAt, newUuid, rejection, sql } from '../testing/fixtures.js';
import { newDatabase, postgresAdapter } from '../testing/postgres-target.js';

const adapter = postgresAdapter();
let database: TestDatabase;

beforeAll(async () => {
  database = await newDatabase();
});

async function fingerprintAfter(statement: string): Promise<string> {
  await withClient(database.url, (client) => client.query(statement));
  return (await adapter.inspect(endpointAt(database.url))).schemaFingerprint;
}

describe('inspecting a database', () => {
  it('finds who and where we are, and that transactions can be prepared', async () => {
    const endpoint = endpointAt(database.url);
    const report = await adapter.inspect(endpoint);
    expect(report).toMatchObject({
      role: 'postgres',
      class: '2pc',
      identity: { name: database.name, key: expect.stringMatching(/^\d{20}\/\d{10}$/) },
      serverVersion: expect.stringMatching(/^\d+\.\d+/),
    });
    expect(report.latencyMs).toBeGreaterThan(0);
    expect(await adapter.identify(endpoint)).toEqual(report.identity);
  });

  it('finds one identity by two names of the server, and another one on another server', async () => {
    const { identity } = await adapter.inspect(endpointAt(database.url));
    const alias = endpointAt(database.url.replace('127.0.0.1', 'localhost'));
    const elsewhere = await createDatabase(testServers().targets[1]);
    expect(await adapter.identify(alias)).toEqual(identity);
    const other = await adapter.identify(endpointAt(elsewhere.url));
    expect(other.key.split('/')[0]).not.toBe(identity.key.split('/')[0]);
  });

  it('knows a server by its address when pg_control_system() is closed to the role', async () => {
    const role = `r${newUuid().slice(0, 8)}`;
    await withClient(database.url, (client) =>
      client.query(
        `CREATE ROLE ${role} LOGIN PASSWORD 'x'; REVOKE EXECUTE ON FUNCTION pg_control_system() FROM PUBLIC`,
      ),
    );
    const { host, port } = database.server;
    const endpoint = endpointAt('', {
      config: { host, port, database: database.name, username: role, password: 'x' },
    });
    expect(await adapter.identify(endpoint)).toMatchObject({ key: expect.stringContaining(`127.0.0.1:${port}/`) });
    await adapter.forget(endpoint.uuid);
    await withClient(database.url, (client) =>
      client.query(`DROP ROLE ${role}; GRANT EXECUTE ON FUNCTION pg_control_system() TO PUBLIC`),
    );
  });

  it('says one-phase where the server prepares nothing', async () => {
    const sandbox = await testSandbox();
    const server = await sandbox.startPostgres({ name: 'unprepared', settings: { max_prepared_transactions: '0' } });
    const endpoint = endpointAt(server.url());
    expect(await adapter.inspect(endpoint)).toMatchObject({ class: 'one-phase' });
    await adapter.forget(endpoint.uuid);
  });

  it('changes the fingerprint with everything that statements meet, and with nothing else', async () => {
    const steps = [
      'CREATE TABLE t (id serial)',
      'ALTER TABLE t ADD COLUMN name text',
      'ALTER TABLE t ALTER COLUMN name TYPE varchar(20)',
      'ALTER TABLE t ALTER COLUMN name SET NOT NULL',
      "ALTER TABLE t ALTER COLUMN name SET DEFAULT 'x'",
      'CREATE INDEX i ON t (name)',
      'ALTER TABLE t ADD CONSTRAINT c CHECK (id > 0)',
      'CREATE VIEW v AS SELECT 1 AS one',
      'CREATE OR REPLACE VIEW v AS SELECT 2 AS one',
      "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
      "CREATE OR REPLACE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
      'ALTER FUNCTION f() SECURITY DEFINER',
      'CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()',
      'ALTER TABLE t DISABLE TRIGGER g',
      'CREATE OR REPLACE TRIGGER g BEFORE INSERT ON t FOR EACH ROW WHEN (NEW.id > 1) EXECUTE FUNCTION f()',
      'CREATE POLICY p ON t USING (id > 0)',
      'ALTER POLICY p ON t USING (id > 1)',
      'ALTER TABLE t ENABLE ROW LEVEL SECURITY',
      'CREATE RULE r AS ON DELETE TO t DO INSTEAD NOTHING',
      "CREATE TYPE mood AS ENUM ('sad')",
      "ALTER TYPE mood ADD VALUE 'glad'",
      'CREATE DOMAIN positive AS int CHECK (VALUE > 0)',
      'ALTER DOMAIN positive ADD CHECK (VALUE < 9)',
      'CREATE TYPE pair AS (a int)',
      'ALTER TYPE pair ADD ATTRIBUTE b int',
      'ALTER SEQUENCE t_id_seq INCREMENT 2',
      'CREATE TABLE child () INHERITS (t)',
      "CREATE FUNCTION e() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'",
      'CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION e()',
      'ALTER EVENT TRIGGER e DISABLE',
    ];
    const seen: string[] = [];
    for (const step of steps) seen.push(await fingerprintAfter(step));
    expect(new Set(seen).size).toBe(steps.length);
    const last = seen.at(-1);
    expect(await fingerprintAfter("INSERT INTO t DEFAULT VALUES; SELECT nextval('t_id_seq')")).toBe(last);
    await adapter.install(endpointAt(database.url), newUuid());
    const partitioned = await fingerprintAfter(
      'CREATE TABLE days (d date) PARTITION BY RANGE (d); CREATE INDEX ON days (d)',
    );
    const partition = "CREATE TABLE day PARTITION OF days FOR VALUES FROM ('2026-01-01') TO ('2026-01-02')";
    expect(await fingerprintAfter(partition)).toBe(partitioned);
    expect(await fingerprintAfter('CREATE TABLE goose_db_version (id serial PRIMARY KEY)')).toBe(partitioned);
    expect(await fingerprintAfter('DROP TABLE days')).toBe(last);
    expect(await fingerprintAfter('SET search_path = pg_catalog; SELECT 1')).toBe(last);
  });

  it.each([
    ['a closed port', (url: string) => url.replace(/:\d+\//, ':1/'), 'connection refused'],
    ['a wrong password', (url: string) => url.replace(/:[^:@]+@/, ':wrong-password@'), 'authentication failed'],
    ['an unknown database', (url: string) => `${url}_not_there`, 'database does not exist'],
    ['a server without TLS', (url: string) => `${url}?sslmode=require`, 'server does not support TLS'],
  ])('tells %s in short words without credentials', async (_, change, details) => {
    const error = await rejection(adapter.inspect(endpointAt(change(database.url))));
    expect(error).toMatchObject({
      code: 'ENDPOINT_UNAVAILABLE',
      context: { endpoint_id: 'customers_db', details },
      retryable: true,
    });
  });
});

describe('the estimate of a statement', () => {
  const endpoint = () => endpointAt(database.url);

  beforeAll(() =>
    withClient(database.url, (client) =>
      client.query(`CREATE TABLE counted AS SELECT generate_series(1, 1000) AS id; ANALYZE counted;`),
    ),
  );

  it.each([
    ['SELECT * FROM counted', 1000],
    ['UPDATE counted SET id = id', 1000],
    ['DELETE FROM counted; INSERT INTO counted SELECT * FROM counted', 2000],
    ['ALTER TABLE counted ADD COLUMN c int', null],
    ['SELECT * FROM not_there_yet', null],
  ])('%s: %s', async (text, rows) => {
    expect(await adapter.estimateRows(endpoint(), sql(text))).toBe(rows);
  });

  it('takes parameters and changes nothing', async () => {
    expect(await adapter.estimateRows(endpoint(), sql('DELETE FROM counted WHERE id = $1', 7))).toBe(1);
    const { rows } = await withClient(database.url, (client) => client.query('SELECT count(*)::int FROM counted'));
    expect(rows).toEqual([{ count: 1000 }]);
  });
});
