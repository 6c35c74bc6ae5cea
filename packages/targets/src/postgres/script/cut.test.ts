import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cutScript, type ScriptPiece } from './cut.js';

function cut(text: string): readonly ScriptPiece[] {
  return [...cutScript(text)];
}

function texts(text: string): readonly string[] {
  return cut(text).map(({ start, end }) => text.slice(start, end));
}

/** What keeps the text from being cut. */
function problemOf(text: string): unknown {
  try {
    cut(text);
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

describe('a text is cut as psql cuts it', () => {
  it.each<[string, readonly string[]]>([
    ["SELECT ';'; SELECT $$;$$ ;", ["SELECT ';';", 'SELECT $$;$$ ;']],
    ['/* ; /* ; */ ; */ SELECT 1; -- ;', ['SELECT 1;']],
    ['\uFEFFSELECT 1', ['SELECT 1']],
    ['', []],
    ['-- nothing\n;;/**/;', []],
    [
      'CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2); SELECT 3',
      ['CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2);', 'SELECT 3'],
    ],
    [
      'create or replace function f() returns int begin atomic select 1; select case when 1=1 then 2 end; end; SELECT 3;',
      [
        'create or replace function f() returns int begin atomic select 1; select case when 1=1 then 2 end; end;',
        'SELECT 3;',
      ],
    ],
    ['SELECT 1 AS "begin"; BEGIN; SELECT 2; END;', ['SELECT 1 AS "begin";', 'BEGIN;', 'SELECT 2;', 'END;']],
    ['\\restrict x\nSELECT 1;\n\\unrestrict x', ['SELECT 1;']],
    ['SELECT 1\\; SELECT 2;', ['SELECT 1', 'SELECT 2;']],
  ])('%j', (text, expected) => expect(texts(text)).toEqual(expected));

  it('reads on behind whatever it was joined from', () => {
    const quoted = fc.string().map((text) => `SELECT '${text.replaceAll('\0', '').replaceAll("'", "''")}';`);
    fc.assert(
      fc.property(fc.array(quoted, { maxLength: 4 }), (statements) => {
        expect(texts(statements.join('\n'))).toEqual(statements);
      }),
    );
  });
});

describe('the data of COPY', () => {
  function dataOf(text: string): readonly (string | null)[] {
    return cut(text).map(({ data }) => (data === null ? null : text.slice(data.start, data.end)));
  }

  it.each<[string, readonly (string | null)[]]>([
    ['COPY t FROM stdin;\n1\t;\n\\.\nSELECT 1;', ['1\t;\n', null]],
    ['copy t (a) from STDIN with (format csv); -- data\r\n1\r\n\\.\r\nSELECT 1', ['1\r\n', null]],
    ['COPY t FROM stdin;\n\\.\nSELECT 1;', ['', null]],
    ['COPY t FROM stdin;\n1\n\\.', ['1\n']],
    ['COPY t FROM stdin;\n1\n\\\\.\nx\\.\n', ['1\n\\\\.\nx\\.\n']],
    ['COPY t FROM stdin', ['']],
    ["COPY t FROM 'stdin'; SELECT 1", [null, null]],
    ['COPY (SELECT a FROM stdin) TO STDOUT; SELECT 1', [null, null]],
  ])('%j', (text, expected) => expect(dataOf(text)).toEqual(expected));
});

describe('what cannot be cut or run', () => {
  it.each<[string, string, number, number]>([
    ["SELECT 1;\n SELECT 'a", 'a literal begins here and never ends', 2, 9],
    ['SELECT 1 /* a /* */', 'a comment begins here and never ends', 1, 10],
    ['SELECT "a', 'an identifier begins here', 1, 8],
    ['SELECT 1;\n\\echo x', "psql's own command \\echo", 2, 1],
    ['SELECT 1 \\gset', "psql's own command \\gset", 1, 10],
    ['\\restrict a \\! ls', "psql's own command \\!", 1, 13],
    ['SELECT 1;\n\\.', "psql's own command \\.", 2, 1],
    ['COPY t FROM stdin; SELECT 1;\n1\n\\.\n', 'its data begin, on the next line', 1, 20],
  ])('%j: %s', (text, message, line, column) => {
    expect(problemOf(text)).toMatchObject({ reason: expect.stringContaining(message), line, column });
  });
});

it('only reads as far as it is asked to', () => {
  const pieces = cutScript("SELECT 1; SELECT 'never closed");
  expect(pieces.next().value).toMatchObject({ number: 1, keyword: 'SELECT' });
  expect(() => pieces.next()).toThrow('never ends');
});
