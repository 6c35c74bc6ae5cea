import { describe, expect, it } from '@jest/globals';
import type { EdenError } from '@eden/domain';
import { rejection, sql } from '../testing/fixtures.js';
import { analyze } from './analyze.js';

async function classOf(text: string): Promise<string> {
  return (await analyze(sql(text))).class;
}

async function refusalsOf(text: string): Promise<readonly string[]> {
  return (await analyze(sql(text))).refusals;
}

async function rulesOf(text: string): Promise<readonly string[]> {
  const { findings, lint } = await analyze(sql(text));
  return [...(lint?.places ?? []), ...findings].map(({ rule }) => rule);
}

describe('the class of a statement', () => {
  it.each([
    'SELECT 1',
    'CREATE TABLE t (id int); INSERT INTO t VALUES (1)',
    'ALTER TABLE t ADD COLUMN c text',
    'CREATE INDEX i ON t (id)',
    'REINDEX TABLE t',
    'REINDEX (CONCURRENTLY false) TABLE t',
    'REINDEX (CONCURRENTLY true, CONCURRENTLY 0) INDEX i',
    'ANALYZE t',
    'CLUSTER t',
    'ALTER TABLE p DETACH PARTITION c',
    'DECLARE c CURSOR FOR SELECT 1',
    "SELECT 'LISTEN x; CREATE TEMP TABLE'",
  ])('is 2pc: %s', async (text) => expect(await classOf(text)).toBe('2pc'));

  it.each([
    'CREATE TEMP TABLE t (id int)',
    'SELECT 1 AS a INTO TEMP t',
    'CREATE TEMPORARY VIEW v AS SELECT 1',
    'INSERT INTO pg_temp.t VALUES (1)',
    'LISTEN x',
    'UNLISTEN *',
    'SELECT 1; NOTIFY x',
    'DECLARE c CURSOR WITH HOLD FOR SELECT 1',
    'REFRESH MATERIALIZED VIEW CONCURRENTLY m',
  ])('is one-phase: %s', async (text) => expect(await classOf(text)).toBe('one-phase'));

  it.each([
    'CREATE INDEX CONCURRENTLY i ON t (id)',
    'DROP INDEX CONCURRENTLY i',
    'REINDEX INDEX CONCURRENTLY i',
    'REINDEX (CONCURRENTLY on) TABLE t',
    'REINDEX DATABASE d',
    'REINDEX SCHEMA s',
    'VACUUM t',
    'CLUSTER',
    'CREATE DATABASE d',
    'DROP DATABASE d',
    'ALTER DATABASE d SET TABLESPACE s',
    "CREATE TABLESPACE s LOCATION '/x'",
    'ALTER SYSTEM SET work_mem = 1',
    "CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p",
    'ALTER TABLE p DETACH PARTITION c CONCURRENTLY',
    'SELECT 1; VACUUM',
  ])('is irreversible: %s', async (text) => expect(await classOf(text)).toBe('irreversible'));
});

async function outsideOf(text: string, syntax?: 'sql') {
  const { outside } = await analyze({ text, params: [], ...(syntax === undefined ? {} : { syntax }) });
  return outside;
}

// Protocol: I8
describe('what takes back a text that runs outside the transaction', () => {
  it.each([
    ['CREATE INDEX CONCURRENTLY i ON t (id)', 'DROP INDEX CONCURRENTLY IF EXISTS "i"'],
    ['CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS "a b" ON s.t (id)', 'DROP INDEX CONCURRENTLY IF EXISTS "s"."a b"'],
    [
      'CREATE INDEX CONCURRENTLY i ON t (id); CREATE INDEX CONCURRENTLY j ON t (id)',
      'DROP INDEX CONCURRENTLY IF EXISTS "j"; DROP INDEX CONCURRENTLY IF EXISTS "i"',
    ],
  ])('is known of indexes alone: %s', async (text, undo) => {
    expect(await outsideOf(text)).toMatchObject({ undo, refusals: [] });
  });

  it('is known behind the settings of a file', async () => {
    const text = 'SET statement_timeout = 0;\nCREATE INDEX CONCURRENTLY i ON t (id);';
    expect(await outsideOf(text, 'sql')).toMatchObject({ undo: 'DROP INDEX CONCURRENTLY IF EXISTS "i"' });
  });

  it.each([
    'VACUUM t',
    'DROP INDEX CONCURRENTLY i',
    'REINDEX INDEX CONCURRENTLY i',
    'CREATE INDEX CONCURRENTLY i ON t (id); INSERT INTO t VALUES (1)',
    'INSERT INTO t VALUES (1)',
  ])('is not known of anything else: %s', async (text) => expect((await outsideOf(text)).undo).toBeNull());

  it.each([
    ['CREATE INDEX CONCURRENTLY ON t (id)', 'needs a name'],
    ['BEGIN;\nCREATE INDEX i ON t (id);\nCOMMIT;', 'each statement commits by itself'],
    ['COPY t FROM STDIN;\n1\n\\.\n', 'COPY'],
  ])('is not asked for where the text cannot run there: %s', async (text, words) => {
    expect((await outsideOf(text, 'sql')).refusals).toEqual([expect.stringContaining(words)]);
  });

  it.each([
    ['CREATE INDEX CONCURRENTLY i ON s.t (id)', ['s.t']],
    ['CREATE INDEX CONCURRENTLY i ON t (id); UPDATE t SET id = 1', ['t']],
    ['CREATE INDEX CONCURRENTLY i ON t (id); VACUUM t', null],
    ['VACUUM t', null],
    ['SELECT 1', null],
  ])('with the tables whose indexes could be built plainly: %s', async (text, indexedTables) => {
    expect((await outsideOf(text)).indexedTables).toEqual(indexedTables);
  });

  it('and with those that it makes', async () => {
    const { createdTables } = await analyze(
      sql('CREATE TABLE t (id int); CREATE TABLE s.u AS SELECT 1; CREATE VIEW v AS SELECT 1'),
    );
    expect(createdTables).toEqual(['t', 's.u']);
  });
});

describe('what must not stand in a template', () => {
  it.each([
    'BEGIN',
    'START TRANSACTION',
    'SELECT 1; COMMIT',
    'END',
    'ROLLBACK',
    'ABORT',
    'SAVEPOINT a',
    'RELEASE SAVEPOINT a',
    'ROLLBACK TO SAVEPOINT a',
    "PREPARE TRANSACTION 'x'",
    "COMMIT PREPARED 'x'",
    "ROLLBACK PREPARED 'x'",
    'SET ROLE x',
    'SET LOCAL ROLE x',
    'RESET ROLE',
    'SET SESSION AUTHORIZATION x',
    'SET TRANSACTION READ WRITE',
    'SET LOCAL transaction_read_only = off',
    'SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE',
    "SET search_path = 'x'",
    'RESET search_path',
    'RESET ALL',
    "SET LOCAL lock_timeout = '1h'",
    'SET LOCAL idle_in_transaction_session_timeout = 0',
    'DISCARD ALL',
    'PREPARE p AS SELECT 1',
    'DEALLOCATE ALL',
    'COPY t FROM STDIN',
    'COPY t TO STDOUT',
    'LOCK TABLE _eden.gate',
    'UPDATE _eden.fence SET epoch = 0',
    'DROP SCHEMA _EDEN CASCADE',
    'DROP TABLE "_eden".ledger',
    'WITH d AS (DELETE FROM _eden.ledger) SELECT 1',
    'ALTER TABLE t SET SCHEMA _eden',
    "SET LOCAL client_encoding = 'LATIN1'",
    "SET LOCAL NAMES 'SQL_ASCII'",
    'SET LOCAL "Lock_Timeout" = 0',
    'SET LOCAL transaction_timeout = 0',
    'SET LOCAL idle_session_timeout = 1',
    "SELECT set_config('statement_timeout', '0', true)",
    "SELECT pg_catalog.set_config('Lock_Timeout'::text, '0', true)",
    "SELECT a FROM t WHERE b = (SELECT set_config('client_encoding', 'LATIN1', true))",
    "SELECT set_config('role', 'postgres', true)",
    "SELECT set_config('session_authorization', 'postgres', true)",
    "SELECT set_config('transaction_read_only', 'off', true)",
    "SELECT set_config('statement_' || 'timeout', '0', true)",
    'SELECT set_config(name, setting, true) FROM pg_settings',
    "SELECT set_config(setting_name => 'lock_timeout', new_value => '0', is_local => true)",
    "UPDATE pg_settings SET setting = '0' WHERE name = 'statement_timeout'",
    "WITH u AS (UPDATE pg_catalog.pg_settings SET setting = '0') SELECT 1",
  ])('%s', async (text) => expect(await refusalsOf(text)).toHaveLength(1));

  it.each([
    "SET LOCAL work_mem = '64MB'",
    'SET CONSTRAINTS ALL DEFERRED',
    "SELECT '_eden.gate', 'COMMIT'",
    'LOCK TABLE customers',
    "SELECT set_config('app.tenant', 'a', true), set_config('search_path', 'x', true)",
    "SELECT 'set_config', name FROM pg_settings",
    "COPY t FROM '/x'",
  ])('but this may: %s', async (text) => expect(await refusalsOf(text)).toEqual([]));

  it('parameters beside several statements', async () => {
    expect((await analyze(sql('SELECT $1; SELECT 2', 1))).refusals).toEqual([
      'parameters need a query of one statement',
    ]);
  });
});

describe('the lint of a text', () => {
  const text = '\nUPDATE t\nSET a = 1;\n-- eden:ignore drop-index: nobody uses it\nDROP INDEX i';
  const found = {
    places: [
      { rule: 'update-without-where', line: 2 },
      { rule: 'drop-index', line: 5 },
    ],
    ignores: [{ rule: 'drop-index', reason: 'nobody uses it', line: 4 }],
  };

  it('knows the lines of its statements', async () => {
    expect((await analyze(sql(text))).lint).toMatchObject(found);
    const asWritten = await analyze({ text, params: [], syntax: 'sql' });
    expect(asWritten.lint?.places.map(({ line }) => line)).toEqual([2, 5]);
  });

  it('knows what it makes', async () => {
    const { lint } = await analyze(sql('CREATE TABLE t (c int); CREATE INDEX i ON t (c)'));
    expect(lint).toMatchObject({ places: [], makes: expect.arrayContaining([expect.stringContaining('"t"')]) });
  });
});

describe('text that is not SQL', () => {
  it.each([
    ['SELECT 1;\nSELEC 2', 2, 1],
    ["SELECT 'ä😀';\n  SELECT 'é' fro x y", 2, 18],
    ['', 1, 1],
    ['  -- nothing', 1, 1],
  ])('%j is refused at line %i, column %i', async (text, line, column) => {
    const error = (await rejection(analyze(sql(text)))) as EdenError;
    expect(error.code).toBe('VALIDATION_FAILED');
    expect(error.context).toMatchObject({ line, column });
    expect(error.context['issues']).toEqual([
      { path: 'query', message: expect.stringMatching(new RegExp(`\\(line ${line}, column ${column}\\)$`)) },
    ]);
  });
});

it('a literal where a name has to stand says how templates write names', async () => {
  const error = await rejection(analyze(sql("CREATE INDEX i ON 'orders' (id)")));
  expect((error as EdenError).context['issues']).toMatchObject([
    { message: expect.stringContaining('{{ident table}}') },
  ]);
  const other = await rejection(analyze(sql('SELECT 1 fro x y')));
  expect((other as EdenError).context['issues']).toMatchObject([{ message: expect.not.stringContaining('ident') }]);
});

describe('what no transaction undoes', () => {
  it.each([
    ["SELECT setval('s', 5)", 'setval'],
    ["SELECT pg_catalog.setval('s', 5)", 'setval'],
    ["SELECT * FROM dblink('x', 'DELETE FROM t') AS d (id int)", 'dblink'],
    ["SELECT ext.dblink_exec('x', 'DELETE FROM t')", 'dblink_exec'],
    ["COPY t TO PROGRAM 'cat'", 'COPY … PROGRAM'],
    ["COPY t FROM PROGRAM 'cat'", 'COPY … PROGRAM'],
    ["COPY t TO '/tmp/x'", 'COPY … TO a file'],
    ['SELECT pg_terminate_backend(pid) FROM pg_stat_activity', 'pg_terminate_backend'],
    ["SELECT lo_export(1, '/tmp/x')", 'lo_export'],
    ["DO $$ BEGIN PERFORM setval('s', 5); END $$", 'setval'],
  ])('is found in %s', async (text, name) => {
    const [found] = (await analyze(sql(text))).findings.filter(({ rule }) => rule === 'not-undone');
    expect(found?.message).toMatch(new RegExp(`^${name}:`));
  });

  it.each(["INSERT INTO t VALUES (nextval('s'))", 'DO $$ BEGIN x := "nextval"(\'s\'); END $$'])(
    'is a sequence that advances in %s',
    async (text) => {
      const { findings } = await analyze(sql(text));
      const message = expect.stringMatching(/^nextval: the sequence advances/);
      expect(findings).toEqual([{ rule: 'sequence-advances', severity: 'warning', message }]);
    },
  );

  it.each([
    "SELECT 'setval(1)'",
    'SELECT setval FROM t',
    "CREATE TABLE t (id int DEFAULT nextval('s'))",
    "ALTER TABLE t ALTER COLUMN id SET DEFAULT nextval('s')",
    "CREATE FUNCTION f() RETURNS void LANGUAGE sql AS 'SELECT setval(1)'",
    "CREATE VIEW v AS SELECT nextval('s')",
    "COPY t FROM '/tmp/x'",
    "DO $$ BEGIN -- setval(1)\n RAISE NOTICE 'setval(1)'; END $$",
    'ALTER SEQUENCE s RESTART WITH 5',
  ])('is not found in %s', async (text) => {
    const rules = await rulesOf(text);
    expect(rules).not.toContain('not-undone');
    expect(rules).not.toContain('sequence-advances');
  });
});

it('a text that nests deeper than it can be looked into is refused', async () => {
  const issues = [{ path: 'query', message: 'the query nests too deeply' }];
  const refused = { code: 'VALIDATION_FAILED', context: { issues } };
  await expect(analyze({ text: `SELECT 1${' + 1'.repeat(50_000)}`, params: [] })).rejects.toMatchObject(refused);
});
