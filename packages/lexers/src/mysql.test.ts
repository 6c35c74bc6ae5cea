import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { quoteMysqlIdentifier, quoteMysqlString, tokenizeMysql, unquoteMysql } from './mysql.js';
import type { TokenKind } from './token.js';

function kindsOf(sql: string): TokenKind[] {
  return tokenizeMysql(sql, null)
    .filter(({ kind }) => kind !== 'space')
    .map(({ kind }) => kind);
}

describe('the lexer of MySQL’s SQL', () => {
  it('covers every text without gaps, and leaves only its last token open', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (sql) => {
        const tokens = tokenizeMysql(sql, null);
        expect(tokens.map(({ start, end }) => sql.slice(start, end)).join('')).toBe(sql);
        expect(tokens.every(({ start, end }) => end > start)).toBe(true);
        expect(tokens.slice(0, -1).every(({ closed }) => closed)).toBe(true);
      }),
    );
  });

  it('reads what it writes: any text is one literal, and any name one name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const [quoted, named] = [quoteMysqlString(text), quoteMysqlIdentifier(text)];
        expect(kindsOf(`${quoted} ${named}`)).toEqual(['string', 'quotedIdentifier']);
        expect(unquoteMysql('string', quoted.slice(1, -1))).toBe(text);
        expect(unquoteMysql('quotedIdentifier', named.slice(1, -1))).toBe(text);
      }),
    );
  });

  it.each<[string, TokenKind[]]>([
    [String.raw`'a\'b' c`, ['string', 'word']],
    [String.raw`'a\\' c`, ['string', 'word']],
    ["'a''b'", ['string']],
    ["'a' 'b'", ['string', 'string']],
    [`"a\\"b"`, ['doubleQuotedString']],
    ['"a""b"', ['doubleQuotedString']],
    ['`a``b`', ['quotedIdentifier']],
    [`\`a\\\` b`, ['quotedIdentifier', 'word']],
    ['-- c\n1', ['comment', 'number']],
    ['--1', ['operator', 'operator', 'number']],
    ['--', ['comment']],
    ['--\t1', ['comment']],
    ['--\u00A01', ['operator', 'operator', 'word']],
    ['# c\n1', ['comment', 'number']],
    ['/* a */1', ['comment', 'number']],
    ['/* /* */ 1', ['comment', 'number']],
    ['/*! 1 */', ['codeComment']],
    ['/*!50101 1 */', ['codeComment']],
    ['/*M!100100 1 */', ['codeComment']],
    ['/*+ hint */', ['comment']],
    ["x'41'", ['bitString']],
    ["X'41", ['bitString']],
    ["n'a'", ['nationalString']],
    ["_latin1'a'", ['word', 'string']],
    ['0x41', ['number']],
    ['0x4g', ['word']],
    ['1a', ['word']],
    ['1.5e3', ['number']],
    ['.5', ['number']],
    ['@a', ['word']],
    ['@@sql_mode', ['word']],
    ["@'a b'", ['quotedVariable']],
    ['@', ['unknown']],
    ['?', ['parameter']],
    ['a$b', ['word']],
    ['größe', ['word']],
    [':=', ['punctuation']],
    ['a->>b', ['word', 'operator', 'word']],
    ['<=>', ['operator']],
  ])('reads %s as %j', (sql, kinds) => {
    expect(kindsOf(sql)).toEqual(kinds);
  });

  it('goes on inside a literal and inside a name', () => {
    expect(tokenizeMysql(String.raw`it\'s' b`, 'string').map(({ kind, end }) => [kind, end])).toEqual([
      ['string', 6],
      ['space', 7],
      ['word', 8],
    ]);
    expect(tokenizeMysql('a``b', 'quotedIdentifier')).toMatchObject([{ kind: 'quotedIdentifier', closed: false }]);
  });

  it.each([
    [String.raw`a\nb`, 'a\nb'],
    [String.raw`a\%b\_c`, String.raw`a\%b\_c`],
    [String.raw`\Z\0\x`, '\x1a\0x'],
    ["''", "'"],
  ])('gives %s as the server reads it', (body, text) => {
    expect(unquoteMysql('string', body)).toBe(text);
  });
});
