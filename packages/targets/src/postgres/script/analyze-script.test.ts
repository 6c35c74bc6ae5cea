import { describe, expect, it } from '@jest/globals';
import { rejection } from '../../testing/fixtures.js';
import { analyze } from '../analyze.js';
import { analyzeScript } from './analyze-script.js';

function analysisOf(text: string) {
  return analyze({ text, params: [], syntax: 'sql' });
}

describe('a text as it is', () => {
  it.each([
    ['SELECT 1;\nROLLBACK', 'ROLLBACK', 2],
    ['ABORT', 'ROLLBACK', 1],
    ["\n\nPREPARE TRANSACTION 'x'", 'prepared transactions', 3],
    ["COMMIT PREPARED 'x'", 'prepared transactions', 1],
    ['COMMIT AND CHAIN', 'COMMIT AND CHAIN', 1],
    ['SET TRANSACTION ISOLATION LEVEL SERIALIZABLE', 'SET TRANSACTION', 1],
    ["SET transaction_isolation = 'serializable'", 'SET TRANSACTION', 1],
    ['BEGIN ISOLATION LEVEL SERIALIZABLE', 'mode of the transaction', 1],
    ['START TRANSACTION READ ONLY', 'mode of the transaction', 1],
    ['BEGIN DEFERRABLE', 'mode of the transaction', 1],
    ['SAVEPOINT _eden', 'reserved', 1],
    ['SET standard_conforming_strings = off', 'standard_conforming_strings', 1],
    ['SET standard_conforming_strings TO 0', 'standard_conforming_strings', 1],
    ["SELECT 1;\nSELECT set_config('standard_conforming_strings', 'off', false)", 'standard_conforming_strings', 2],
    ["SET NAMES 'LATIN1'", 'client_encoding', 1],
    ['DELETE FROM _eden.ledger', 'schema _eden', 1],
    ['DELETE FROM "_eden".ledger', 'schema _eden', 1],
    ['DELETE FROM U&"\\005feden".ledger', 'schema _eden', 1],
    ["SET search_path = public, '_eden'", 'schema _eden', 1],
    ['SELECT 1;\nSELECT * FROM t WHERE a = :id', "psql's variable :id", 2],
    ["SELECT :'name'", "psql's variable :'name'", 1],
    ['SELECT FROM :"table"', 'psql\'s variable :"table"', 1],
    ['NO SUCH STATEMENT _eden.x', 'schema _eden', 1],
  ])('must not hold %j', async (text, words, line) => {
    const { refusals } = await analysisOf(text);
    expect(refusals).toEqual([expect.stringContaining(words)]);
    expect(refusals[0]).toContain(`(line ${line})`);
  });

  it.each([
    'SET ROLE a; SET SESSION AUTHORIZATION b; SET lock_timeout = 0; RESET ALL; DISCARD TEMP',
    "SELECT set_config(name, setting, false) FROM pg_settings; SET client_encoding TO 'utf-8'",
    'SAVEPOINT eden; ROLLBACK TO eden; RELEASE SAVEPOINT eden',
    'PREPARE p AS SELECT 1; EXECUTE p; DEALLOCATE p',
    'SELECT a[1:n], b[lo:hi], c::int, f(x := 1) FROM t',
    'SET CONSTRAINTS ALL DEFERRED; SET standard_conforming_strings = on',
    'COPY t FROM stdin;\n_eden :x\n\\.\n',
    '-- nothing',
    '',
  ])('may hold %j', async (text) => {
    expect(await analysisOf(text)).toMatchObject({ class: '2pc', refusals: [], findings: [] });
  });

  it('tells what becomes part of our transaction, and where it stands', async () => {
    const { findings } = await analysisOf('BEGIN;\nSELECT 1;\nCOMMIT;');
    expect(findings).toEqual([
      { rule: 'joined-transaction', severity: 'warning', message: expect.stringContaining('(lines 1, 3)'), line: 1 },
    ]);
  });

  it('has the line of the first statement that a finding is about', async () => {
    const { findings, lint } = await analysisOf(
      "SELECT 1;\n\n-- Of last year.\nDROP TABLE a;\nDROP TABLE b;\nSELECT\n setval('s', 1);\nFROBNICATE t;\n",
    );
    const dropped = lint?.places.filter(({ rule }) => rule === 'drop-table');
    expect(dropped?.map(({ line }) => line)).toEqual([4, 5]);
    expect(findings.map(({ rule, line }) => [rule, line])).toEqual([
      ['not-undone', 6],
      ['not-parsed', 8],
    ]);
  });

  it('has a line for each way in which something is not undone', async () => {
    const { findings } = await analysisOf("SELECT 1;\nSELECT nextval('s');\nSELECT setval('s', 1);\n");
    expect(findings.map(({ rule, line }) => [rule, line])).toEqual([
      ['not-undone', 3],
      ['sequence-advances', 2],
    ]);
  });

  it('is refused behind the line that stands before the beginning of a text in pieces', async () => {
    const text = '\\… This text is longer: here is its beginning.\nDROP TABLE t;\n';
    await expect(analysisOf(text)).rejects.toMatchObject({ context: { line: 1 } });
  });

  it('is refused in a hundred places, not more', async () => {
    const { refusals } = await analysisOf('SELECT 1;\nROLLBACK;\n'.repeat(200));
    expect(refusals).toHaveLength(100);
    expect(refusals.at(-1)).toContain('(line 200)');
  });

  it.each(['COMMIT', 'ROLLBACK', 'END', 'SET TRANSACTION'])('does not hide %s behind a long comment', async (words) => {
    const { refusals } = await analysisOf(`SELECT 1;\n${words} /*${' '.repeat(1024 * 1024)}*/;`);
    expect(refusals).toEqual([expect.stringContaining('(line 2)')]);
  });

  it('does not hide COMMIT behind a function called begin', async () => {
    const text = "CREATE FUNCTION begin() RETURNS int LANGUAGE sql AS 'SELECT 1'; COMMIT; END; SELECT 1;";
    const { refusals } = await analysisOf(text);
    expect(refusals).toEqual([expect.stringContaining('(line 1)')]);
  });

  it('leaves to the server what its parser does not know, and says so', async () => {
    const { findings, lint } = await analysisOf('SELECT 1;\nFROBNICATE TABLE t;\nDROP TABLE t');
    expect(findings.map(({ rule }) => rule)).toEqual(['not-parsed']);
    expect(findings[0]?.message).toContain('(line 2)');
    expect(lint?.places).toContainEqual(expect.objectContaining({ rule: 'drop-table', line: 3 }));
  });

  it('is as strong as its weakest statement', async () => {
    expect(await analysisOf('SELECT 1; CREATE TEMP TABLE t (a int)')).toMatchObject({ class: 'one-phase' });
    expect(await analysisOf('SELECT 1; VACUUM t')).toMatchObject({ class: 'irreversible' });
  });

  it('that cannot be cut is invalid, with line and column', async () => {
    expect(await rejection(analysisOf('SELECT 1;\n\\i other.sql'))).toMatchObject({
      code: 'VALIDATION_FAILED',
      context: { line: 2, column: 1, issues: [{ path: 'query', message: expect.stringContaining('\\i') }] },
    });
  });
});

describe('a text of very many statements', () => {
  it('is looked at up to a number of them, and behind it where it may be more than rows', async () => {
    const text =
      "SELECT 1;\nINSERT INTO t VALUES (1);\nINSERT INTO t VALUES (2);\nSELECT setval('s', 1);\nROLLBACK;\nVACUUM t;\n";
    const { refusals, findings, class: atomicity } = await analyzeScript(text, {}, 2);
    expect(refusals).toEqual([expect.stringContaining('line 5')]);
    expect(atomicity).toBe('irreversible');
    const message = expect.stringContaining(
      'not looked at: the server decides; divide it, or bring the rows by COPY (lines 3, 4)',
    );
    expect(findings).toContainEqual({ rule: 'too-many-statements', severity: 'warning', message, line: 3 });
  });

  it('is no longer looked at once nobody waits for it', async () => {
    const { signal } = new AbortController();
    const left = AbortSignal.any([signal, AbortSignal.abort(new Error('gone'))]);
    // Longer than one turn of the event loop.
    const text = 'SELECT 1;\n'.repeat(50_000);
    await expect(analyzeScript(text, { signal: left })).rejects.toThrow('gone');
    await expect(analyze({ text, params: [], syntax: 'sql' }, { signal: left })).rejects.toThrow('gone');
  });
});

describe('values that are new to their enums', () => {
  const GLAD = { type: 'mood', value: 'glad' };

  async function enumsOf(text: string, known: readonly { type: string; value: string }[] = [GLAD]) {
    const { addedEnumValues, usedEnumValues } = await analyze(
      { text, params: [], syntax: 'sql' },
      { newEnumValues: known },
    );
    return { adds: addedEnumValues, uses: usedEnumValues?.map(({ value, isCertain }) => [value, isCertain]) };
  }

  it('are found where they are added, whatever is around', async () => {
    const text = `ALTER TYPE public."Mood" ADD VALUE IF NOT EXISTS 'it''s ok' BEFORE 'sad'; ALTER TYPE mood RENAME VALUE 'sad' TO 'low';`;
    expect(await enumsOf(text)).toEqual({ adds: [{ type: 'Mood', value: "it's ok" }], uses: [] });
  });

  it.each([
    ["SELECT 'glad'::public.mood", true],
    ["CREATE TABLE t (m mood DEFAULT 'glad')", true],
    ["ALTER TABLE t ADD COLUMN m mood NOT NULL DEFAULT 'glad'::mood", true],
    ["ALTER TABLE t ALTER COLUMN m SET DEFAULT 'glad'", false],
    ["INSERT INTO t VALUES ('sad'), ('glad')", false],
    ["UPDATE t SET a = 1 WHERE m IN ('glad')", false],
    ["DO $$ BEGIN UPDATE t SET m = 'glad'; END $$", false],
    ["CREATE FUNCTION f() RETURNS mood LANGUAGE sql AS $$ SELECT 'glad'::mood $$", false],
  ])('are used by %s', async (text, isCertain) => {
    expect(await enumsOf(text)).toEqual({ adds: [], uses: [['glad', isCertain]] });
  });

  it.each([
    "SELECT 'gladly', 'sad'",
    'SELECT glad FROM t -- glad',
    "ALTER TYPE mood ADD VALUE 'mad' AFTER 'glad'",
    "CREATE FUNCTION f() RETURNS mood LANGUAGE plpgsql AS $$ BEGIN RETURN 'glad'; END $$",
    "DO $$ BEGIN PERFORM 'gladly'; END $$",
  ])('are not used by %s', async (text) => {
    expect((await enumsOf(text)).uses).toEqual([]);
  });
});
