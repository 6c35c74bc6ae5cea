import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { rejection, sql } from '../testing/fixtures.js';
import { splitStatements } from './split.js';

async function texts(text: string): Promise<readonly string[]> {
  return (await splitStatements(sql(text))).map((statement) => statement.text);
}

describe('a text of several statements', () => {
  it('is cut at the semicolons that end a statement, and at no others', async () => {
    const text = "SELECT 'ä;b'; /* ; */ UPDATE t SET a = $$;$$ -- ;\n; ; SELECT 2;";
    expect(await texts(text)).toEqual(["SELECT 'ä;b'", 'UPDATE t SET a = $$;$$ -- ;', 'SELECT 2']);
  });

  it('is cut into the literals it was joined from', async () => {
    const literal = fc.string().map((text) => `SELECT '${text.replaceAll('\0', '').replaceAll("'", "''")}'`);
    await fc.assert(
      fc.asyncProperty(fc.array(literal, { minLength: 1, maxLength: 4 }), async (statements) => {
        const cut = await texts(statements.join(';'));
        expect(cut).toEqual(statements);
      }),
    );
  });

  it.each([
    'SELECT 1; COMMIT',
    'COMMIT',
    '/* x */ ROLLBACK',
    'select 1 from _EDEN.gate',
    'SELECT * FROM U&"\\005feden".gate',
    'SELECT $1; SELECT 2',
    "SELECT set_config('statement_timeout', '0', true)",
    `SELECT "set_config"('lock_timeout', '0', true)`,
    "UPDATE pg_settings SET setting = '0'",
  ])('is refused at run time, too: %s', async (text) => {
    expect(await rejection(splitStatements(sql(text, ...(text.includes('$1') ? [1] : []))))).toMatchObject({
      code: 'TEMPLATE_EXECUTION_FAILED',
      context: { sqlstate: '0A000' },
    });
  });

  it('that cannot be parsed is a syntax error', async () => {
    expect(await rejection(splitStatements(sql('SELECT 1; SELEC 2')))).toMatchObject({
      code: 'TEMPLATE_EXECUTION_FAILED',
      context: { sqlstate: '42601', message: expect.stringContaining('line 1, column 11'), line: 1, column: 11 },
    });
  });
});
