import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { loadModule, scanSync } from 'libpg-query';
import type { Token, TokenKind } from './token.js';
import { tokenizePostgres } from './postgres.js';

beforeAll(() => loadModule());

function kindsOf(text: string): [TokenKind, string][] {
  return tokenizePostgres(text, null)
    .filter(({ kind }) => kind !== 'space')
    .map(({ kind, start, end }) => [kind, text.slice(start, end)]);
}

const FRAGMENTS = [
  ...['SELECT', 'a', 'e', 'E', 'n', 'x', 'b', 'u', 'U', '_1', 'a$b', 'date'],
  ...['1', '1.5', '.5', '1e10', '0x1F', '1_000', '$1', '$22', '1..2'],
  ...[
    "'a'",
    "''",
    "'it''s'",
    "'\\'",
    "E'\\''",
    "e'a\\\\'",
    "U&'\\0041'",
    "B'01'",
    "x'ff'",
    "N'n'",
    "'a'\n'b'",
    "E'a'\n'\\''",
  ],
  ...['"a"', '"a""b"', 'U&"a"', "'", '"', 'U&', '&'],
  ...['$$a$$', "$t$ ' $$ $t$", '$$', '$t$'],
  ...[
    '-',
    '--',
    '--c\n',
    '/*',
    '*/',
    '/* /* */ */',
    '+',
    '=',
    '<>',
    '=-',
    '@-',
    '::',
    ':=',
    '..',
    '||',
    '->>',
    '#',
    '?',
    '=>',
  ],
  ...['(', ')', '[', ']', ',', ';', '.', ':', ' ', '\n', '\t', '\f'],
];

describe('the PostgreSQL lexer', () => {
  it('finds the same tokens as the scanner of PostgreSQL', () => {
    const text = fc.array(fc.constantFrom(...FRAGMENTS), { maxLength: 12 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, (sql) => {
        const expected = scan(sql);
        fc.pre(expected !== null);
        const actual = tokenizePostgres(sql, null).filter(({ kind }) => kind !== 'space');
        fc.pre(!actual.some((token) => isContinuedBehindAComment(token, sql)));
        const texts = actual.flatMap(({ kind, start, end }) =>
          // PostgreSQL's scanner makes two tokens of N'…'.
          kind === 'nationalString' ? [sql.charAt(start), sql.slice(start + 1, end)] : [sql.slice(start, end)],
        );
        expect(texts).toEqual(expected);
        expect(actual.every(({ closed, kind }) => closed || kind === 'comment')).toBe(true);
      }),
      { numRuns: 4_000 },
    );
  });

  it('leaves a token open only where PostgreSQL refuses the text, and always where it finds one unterminated', () => {
    const text = fc.array(fc.constantFrom(...FRAGMENTS), { maxLength: 8 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, (sql) => {
        const tokens = tokenizePostgres(sql, null);
        fc.pre(!tokens.some((token) => isContinuedBehindAComment(token, sql)));
        const last = tokens.at(-1);
        const isOpen = last?.closed === false && !sql.startsWith('--', last.start);
        const message = scanError(sql);
        if (isOpen) expect(message).not.toBeNull();
        else expect(message ?? '').not.toMatch(/unterminat/);
      }),
      { numRuns: 2_000 },
    );
  });

  it('covers every text without gaps', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (sql) => {
        const tokens = tokenizePostgres(sql, null);
        expect(tokens.map(({ start, end }) => sql.slice(start, end)).join('')).toBe(sql);
        expect(tokens.every(({ start, end }) => end > start)).toBe(true);
      }),
    );
  });

  it.each<[string, TokenKind[]]>([
    ["'a'\n  -- c\n  'b'", ['string']],
    ["'a' 'b'", ['string', 'string']],
    ["E'a'\n'\\''", ['escapeString']],
    ['$a$ $b$ $a$', ['dollarString']],
    ['a$b$c', ['word']],
    ['größe', ['word']],
    ['a\u00A0b', ['word']],
    ['--a\rb', ['comment', 'word']],
    ['/* /* */', ['comment']],
  ])('reads %j as %j', (sql, kinds) => {
    expect(kindsOf(sql).map(([kind]) => kind)).toEqual(kinds);
  });

  it('goes on inside a literal and inside an identifier', () => {
    expect(tokenizePostgres("it''s' b", 'string').map(({ kind, end }) => [kind, end])).toEqual([
      ['string', 6],
      ['space', 7],
      ['word', 8],
    ]);
    expect(tokenizePostgres('a""b', 'quotedIdentifier')).toEqual([
      { kind: 'quotedIdentifier', start: 0, end: 4, closed: false, continued: false },
    ]);
  });
});

/** The tokens that PostgreSQL's scanner finds; null when it refuses the text. */
function scan(sql: string): string[] | null {
  return scanError(sql) === null ? scanSync(sql).tokens.map(({ text }) => text) : null;
}

/** libpg_query has its scanner return comments, which the server takes for white space between the parts of a literal. */
function isContinuedBehindAComment({ continued, start, end }: Token, sql: string): boolean {
  return continued && sql.slice(start, end).includes('--');
}

function scanError(sql: string): string | null {
  try {
    scanSync(sql);
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}
