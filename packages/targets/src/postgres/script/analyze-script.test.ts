import { describe, expect, it } from '@jest/globals';
import { rejection } from '../../testing/fixtures.js';
import { analyze } from '../analyze.js';

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
      { rule: 'joined-transaction', severity: 'warning', message: expect.stringContaining('(lines 1, 3)') },
    ]);
  });

  it('leaves to the server what its parser does not know, and says so', async () => {
    const { findings } = await analysisOf('SELECT 1;\nFROBNICATE TABLE t;\nDROP TABLE t');
    expect(findings.map(({ rule }) => rule)).toEqual(['drop-table', 'not-parsed']);
    expect(findings[1]?.message).toContain('(line 2)');
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
