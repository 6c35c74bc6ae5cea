import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { JsonObject, ParticipantSession, StatementResult } from '@eden/domain';
import { withClient, type TestDatabase } from '@eden/testkit';
import { endpointAt, participantSpec, rejection, sql } from '../../testing/fixtures.js';
import { closedAfterEach, newInstalledDatabase, postgresAdapter } from '../../testing/postgres-target.js';

const adapter = postgresAdapter();
const open = closedAfterEach();
let database: TestDatabase;

beforeAll(async () => {
  database = await newInstalledDatabase(adapter);
});

beforeEach(() => query('DROP TABLE IF EXISTS item CASCADE; CREATE TABLE item (id int PRIMARY KEY, name text)'));

async function query(text: string): Promise<readonly unknown[]> {
  return withClient(database.url, async (client) => (await client.query(text)).rows);
}

async function begun(): Promise<ParticipantSession> {
  const session = await adapter.openParticipant(endpointAt(database.url), participantSpec());
  open.push(session);
  await session.begin();
  return session;
}

function run(session: ParticipantSession, text: string): Promise<StatementResult> {
  return session.run({ text, params: [], syntax: 'sql' });
}

async function rowsOf(session: ParticipantSession, text: string): Promise<readonly JsonObject[]> {
  return (await session.run(sql(text))).rows;
}

async function failureOf(text: string): Promise<unknown> {
  const { code, context } = (await rejection(run(await begun(), text))) as { code: string; context: object };
  expect(code).toBe('TEMPLATE_EXECUTION_FAILED');
  return context;
}

describe('a text as it is', () => {
  it('gives what its last statement gives', async () => {
    const session = await begun();
    expect(await run(session, 'BEGIN; SELECT 1; SELECT 2 AS n UNION SELECT 3; COMMIT; -- end')).toEqual({
      rows: [{ n: 2 }, { n: 3 }],
      rowCount: 2,
    });
    expect(await run(session, 'COPY item FROM stdin;\n1\ta\n2\tb\n\\.\n')).toEqual({ rows: [], rowCount: 2 });
    expect(await run(session, '-- nothing')).toEqual({ rows: [], rowCount: 0 });
  });

  it.each([
    [
      'a long comment',
      `INSERT INTO item VALUES (1); COMMIT /*${' '.repeat(1024 * 1024)}*/; INSERT INTO item VALUES (2)`,
    ],
    [
      'a function called begin',
      "INSERT INTO item VALUES (1); CREATE FUNCTION begin() RETURNS int LANGUAGE sql AS 'SELECT 1'; COMMIT; END; SELECT 1",
    ],
    [
      'a text that the server reads by other rules',
      "INSERT INTO item VALUES (1); DO $$ BEGIN EXECUTE 'SET standard_conforming_strings = off'; END $$; SELECT '\\', '; COMMIT; SELECT 1/0; --'",
    ],
    [
      'a COPY that the server reads by other rules',
      "INSERT INTO item VALUES (1); DO $$ BEGIN EXECUTE 'SET standard_conforming_strings = off'; END $$;\nCOPY item FROM stdin WITH (NULL '\\''); COMMIT; --')\n;\n2\tb\n\\.\n",
    ],
  ])('commits nothing by a COMMIT behind %s', async (_, text) => {
    await expect(run(await begun(), text)).rejects.toMatchObject({ code: 'TEMPLATE_EXECUTION_FAILED' });
    expect(await query('SELECT * FROM item')).toEqual([]);
  });

  it('goes on behind a COPY, and behind one that fails before and within its data', async () => {
    const session = await begun();
    await session.savepoint();
    for (const text of ['COPY no_such FROM stdin;\n1\ta\n\\.\n', 'COPY item FROM stdin;\n1\ta\n1\tb\n\\.\n']) {
      await expect(run(session, text)).rejects.toMatchObject({ code: 'TEMPLATE_EXECUTION_FAILED' });
      await session.rollbackToSavepoint();
    }
    expect(await run(session, 'COPY item FROM stdin;\n\\.\nSELECT count(*)::int AS n FROM item')).toMatchObject({
      rows: [{ n: 0 }],
    });
    const both =
      'COPY item FROM stdin;\n1\ta\n\\.\nCOPY item FROM stdin;\n2\tb\n\\.\nSELECT count(*)::int AS n FROM item';
    expect(await run(session, both)).toMatchObject({ rows: [{ n: 2 }] });
  });

  it('copies behind what the text before it has put off: its settings are over, and a rollback takes the data back', async () => {
    await query('CREATE SCHEMA IF NOT EXISTS other; CREATE TABLE IF NOT EXISTS other.item (id int, name text)');
    const session = await begun();
    await session.savepoint();
    await run(session, 'SET search_path = other');
    await session.releaseSavepoint();
    await session.savepoint();
    await expect(run(session, 'COPY item FROM stdin;\n1\ta\n\\.\nSELECT 1/0')).rejects.toMatchObject({
      context: { sqlstate: '22012' },
    });
    await session.rollbackToSavepoint();
    expect(await rowsOf(session, 'SELECT FROM item UNION ALL SELECT FROM other.item')).toEqual([]);
    await run(session, 'COPY item FROM stdin;\n1\ta\n\\.\n');
    expect(await rowsOf(session, 'SELECT id FROM item')).toEqual([{ id: 1 }]);
  });

  it('of more statements than travel together gives the last one’s rows, and has run all of them', async () => {
    const inserts = Array.from({ length: 1000 }, (_, id) => `INSERT INTO item VALUES (${id});`).join('\n');
    const session = await begun();
    expect(await run(session, `${inserts}\nSELECT count(*)::int AS n FROM item`)).toMatchObject({
      rows: [{ n: 1000 }],
    });
  });

  it('may hold a statement of many megabytes, and data of COPY as many', async () => {
    const session = await begun();
    const name = 'ü'.repeat(3_000_000);
    await run(
      session,
      `INSERT INTO item VALUES (1, '${name}');\nCOPY item FROM stdin;\n2\t${name}\n3\t🙂${name}\n\\.\n`,
    );
    const rows = await rowsOf(session, 'SELECT id, length(name) AS n FROM item ORDER BY id');
    expect(rows.map(({ n }) => n)).toEqual([3_000_000, 3_000_000, 3_000_001]);
  });
});

describe('what a text sets', () => {
  it('counts to its end, and then the session is as it was', async () => {
    const session = await begun();
    await session.run(sql("SET LOCAL search_path = pg_catalog; SET LOCAL work_mem = '5MB'"), { lockTimeoutMs: 1234 });
    const state = `SELECT current_user AS role, session_user AS authorized, current_setting('search_path') AS path,
      current_setting('work_mem') AS memory, current_setting('lock_timeout') AS lock,
      current_setting('statement_timeout') AS statement, current_setting('application_name') AS application,
      current_setting('idle_in_transaction_session_timeout') AS idle`;
    const before = await session.run(sql(state), { lockTimeoutMs: 1234 });
    await query('DROP ROLE IF EXISTS eden_script; CREATE ROLE eden_script');
    const set = `SET SESSION AUTHORIZATION eden_script; RESET SESSION AUTHORIZATION; SET ROLE eden_script;
      SET statement_timeout = 77; SET lock_timeout = 0; SELECT set_config('search_path', '', false);
      SET application_name = 'nobody'; SET idle_in_transaction_session_timeout = 0; SET work_mem = '6MB'; ${state}`;
    const result = await session.run({ text: set, params: [], syntax: 'sql' }, { lockTimeoutMs: 1234 });
    expect(result.rows).toMatchObject([
      { role: 'eden_script', path: '', memory: '6MB', lock: '0', statement: '77ms', idle: '0' },
    ]);
    expect(result.rows[0]?.['application']).toBe(before.rows[0]?.['application']);
    expect((await session.run(sql(state), { lockTimeoutMs: 1234 })).rows).toEqual(before.rows);
  });

  it('is what was there before it, also where a statement between two texts has set something, or a limit changed', async () => {
    const session = await begun();
    const set = async (): Promise<unknown> =>
      (await rowsOf(session, "SELECT current_setting('work_mem') AS mem, current_setting('lock_timeout') AS wait"))[0];
    const note = { ...sql("INSERT INTO item VALUES (1, 'row of a history')") };
    await run(session, "SET work_mem = '1MB'; SET lock_timeout = '7s'");
    await session.run(note, { rows: 'discard', keepsSettings: true });
    await run(session, "SET work_mem = '2MB'");
    const before = await set();
    await session.run(sql("SELECT set_config('work_mem', '3MB', true)"));
    await run(session, "SET work_mem = '4MB'");
    expect(await set()).toEqual({ ...(before as object), mem: '3MB' });
    await run(session, "SET work_mem = '5MB'");
    await session.run({ ...sql(''), text: "SET lock_timeout = '9s'", syntax: 'sql' }, { lockTimeoutMs: 1234 });
    expect(
      await session.run(sql("SELECT current_setting('lock_timeout') AS wait"), { lockTimeoutMs: 1234 }),
    ).toMatchObject({
      rows: [{ wait: '1234ms' }],
    });
    expect(await set()).toEqual({ ...(before as object), mem: '3MB' });
  });

  it('of constraints lasts to the end of the transaction', async () => {
    const session = await begun();
    await run(session, 'CREATE TABLE line (item int REFERENCES item DEFERRABLE); SET CONSTRAINTS ALL DEFERRED');
    await run(session, 'INSERT INTO line VALUES (1)');
    await run(session, 'INSERT INTO item VALUES (1)');
    await session.prepare();
    await session.commitPrepared();
  });

  it('is gone when it fails and is tried again, and so is what it prepared', async () => {
    const session = await begun();
    const text = 'PREPARE p AS SELECT 1; SET lock_timeout = 7; EXECUTE p; INSERT INTO item VALUES (1)';
    await session.savepoint();
    await rejection(run(session, `${text}; SELECT 1 / 0`));
    await session.rollbackToSavepoint();
    await run(session, text);
    await session.releaseSavepoint();
    await run(session, text.replace('(1)', '(2)'));
    expect(await rowsOf(session, 'SELECT name FROM pg_prepared_statements WHERE from_sql')).toEqual([]);
    expect(await rowsOf(session, "SELECT current_setting('lock_timeout') AS lock")).toEqual([{ lock: '2s' }]);
  });

  it('must not be read by other rules than psql’s: strings with backslashes as escapes', async () => {
    const { name } = database;
    await query(`ALTER DATABASE ${name} SET standard_conforming_strings = off`);
    try {
      expect(await failureOf("SELECT '\\'")).toMatchObject({ message: expect.stringContaining('standard_conforming') });
    } finally {
      await query(`ALTER DATABASE ${name} RESET standard_conforming_strings`);
    }
  });
});

describe('the error of a text as it is', () => {
  it('tells statement, line, column and all that the server says', async () => {
    const text = `-- ü\nINSERT INTO item VALUES (1);\n/* two\n lines */ INSERT INTO item VALUES (1);\nSELECT 1`;
    expect(await failureOf(text)).toMatchObject({
      sqlstate: '23505',
      statement: 2,
      line: 4,
      column: 11,
      detail: 'Key (id)=(1) already exists.',
      constraint: 'item_pkey',
      table: 'item',
    });
  });

  it('tells the very place behind characters of two units and a byte-order mark', async () => {
    expect(await failureOf("\uFEFFSELECT '🙂';\nSELECT '🙂', nme FROM item")).toMatchObject({
      sqlstate: '42703',
      statement: 2,
      line: 2,
      column: 13,
    });
  });

  it('of statements that travel together is that of the first one', async () => {
    const text = Array.from({ length: 500 }, (_, n) => `INSERT INTO item VALUES (${n % 300});`).join('\n');
    expect(await failureOf(text)).toMatchObject({ sqlstate: '23505', statement: 301, line: 301 });
  });

  it('within data tells their line, and leaves the session in order', async () => {
    const session = await begun();
    await session.savepoint();
    const data = `COPY item FROM stdin;\n1\ta\nx\tb\n${'9\tz\n'.repeat(200_000)}\\.\nSELECT 1;`;
    expect(await rejection(run(session, `SELECT 1;\n${data}`))).toMatchObject({
      context: { sqlstate: '22P02', statement: 2, line: 2, where: expect.stringContaining('COPY item, line 2') },
    });
    await session.rollbackToSavepoint();
    expect(await rowsOf(session, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
  });

  it('of what the service cannot do tells the place, too', async () => {
    expect(await failureOf('SELECT 1;\n ROLLBACK;')).toMatchObject({ statement: 2, line: 2, column: 2 });
    expect(await failureOf('SELECT 1;\n\\echo x')).toMatchObject({ statement: 2, line: 2, column: 1 });
    expect(await failureOf('SELECT 1;\nSELECT :x')).toMatchObject({ statement: 2, line: 2, column: 8 });
  });
});

describe('an execution', () => {
  const text = 'SET lock_timeout = 0; PREPARE p AS SELECT 1; CREATE TABLE IF NOT EXISTS made (a int); SELECT 5 AS n';
  const options = { gate: null, lockTimeoutMs: 1000, statementTimeoutMs: 60_000, idleTimeoutMs: 0 };

  it('runs a text as it is', async () => {
    for (const _ of ['once', 'again on the same session']) {
      const session = await adapter.openExecution(endpointAt(database.url), { ...options, readOnly: false });
      await session.enter();
      expect(await session.run({ text, params: [], syntax: 'sql' })).toMatchObject({ rows: [{ n: 5 }] });
      await session.commit();
    }
  });

  it('that only reads writes nothing, whatever the text says', async () => {
    const read = async (text: string) => {
      const session = await adapter.openExecution(endpointAt(database.url), { ...options, readOnly: true });
      try {
        return await session.readOnce({ text, params: [], syntax: 'sql' });
      } finally {
        await session.abandon();
      }
    };
    expect(await read('BEGIN; SELECT 1 AS n; COMMIT')).toMatchObject({ rows: [{ n: 1 }] });
    expect(await rejection(read('BEGIN READ WRITE; INSERT INTO item VALUES (1)'))).toMatchObject({
      context: { sqlstate: '25006' },
    });
    expect(await query('SELECT FROM item')).toHaveLength(0);
  });
});
