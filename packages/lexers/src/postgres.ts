import type { TemplatedKind, Token, TokenKind } from './token.js';

/**
 * A lexer of PostgreSQL's SQL, after the rules of its src/backend/parser/scan.l with standard_conforming_strings on
 * (literals that depend on that setting are requoted, see `quoteString`). Linear in the length of the text.
 */
export function tokenizePostgres(text: string, open: TemplatedKind | null): Token[] {
  const tokens: Token[] = [];
  let offset = 0;
  if (open !== null) {
    const token = open === 'string' ? stringToken(text, 0, 0, 'string') : identifierToken(text, 0, 0, open);
    tokens.push(token);
    offset = token.end;
  }
  while (offset < text.length) {
    const token = readPostgresToken(text, offset);
    tokens.push(token);
    offset = token.end;
  }
  return tokens;
}

const SPACE = /[ \t\n\r\f\v]+/y;
const WORD = /[A-Za-z_\u0080-\uFFFF][\w$\u0080-\uFFFF]*/y;
const NUMBER =
  /0[xX](?:_?[0-9A-Fa-f])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|(?:\d(?:_?\d)*(?:\.(?!\.)(?:\d(?:_?\d)*)?)?|\.\d(?:_?\d)*)(?:[eE][+-]?\d(?:_?\d)*)?/y;
const PARAMETER = /\$\d+/y;
const DOLLAR_TAG = /\$(?:[A-Za-z_\u0080-\uFFFF][\w\u0080-\uFFFF]*)?\$/y;
const PUNCTUATION = /::|:=|\.\.|[,()[\].;:]/y;
/** PostgreSQL refuses longer operators; the bound keeps a long run of signs linear. */
const OPERATOR = /[~!@#^&|`?+\-*/%<>=]{1,64}/y;
const CONTINUATION = /[ \t\f\v]*(?:--[^\n\r]*)?[\n\r](?:[ \t\n\r\f\v]|--[^\n\r]*[\n\r])*'/y;
const COMMENT_EDGE = /\/\*|\*\//g;
const ESCAPE_EDGE = /['\\]/g;

type StringKind = 'string' | 'escapeString' | 'unicodeString' | 'nationalString' | 'bitString';

const PREFIXED: readonly (readonly [RegExp, StringKind | 'unicodeIdentifier'])[] = [
  [/[eE]'/y, 'escapeString'],
  [/[bBxX]'/y, 'bitString'],
  [/[nN]'/y, 'nationalString'],
  [/[uU]&'/y, 'unicodeString'],
  [/[uU]&"/y, 'unicodeIdentifier'],
];

/** In this order: `.5` is a number, any other `.` punctuation. */
const SIMPLE: readonly (readonly [RegExp, TokenKind])[] = [
  [SPACE, 'space'],
  [WORD, 'word'],
  [NUMBER, 'number'],
  [PARAMETER, 'parameter'],
  [PUNCTUATION, 'punctuation'],
];

export function readPostgresToken(text: string, start: number): Token {
  return quotedToken(text, start) ?? commentToken(text, start) ?? simpleToken(text, start);
}

function quotedToken(text: string, start: number): Token | null {
  const first = text.charAt(start);
  if (first === "'") return stringToken(text, start, start + 1, 'string');
  if (first === '"') return identifierToken(text, start, start + 1, 'quotedIdentifier');
  if (first === '$') return dollarToken(text, start);
  if (!/[eEbBxXnNuU]/.test(first)) return null;
  for (const [prefix, kind] of PREFIXED) {
    const length = matchLength(prefix, text, start);
    if (length === 0) continue;
    if (kind === 'unicodeIdentifier') return identifierToken(text, start, start + length, kind);
    return stringToken(text, start, start + length, kind);
  }
  return null;
}

/** A literal from behind its opening quote on, together with what continues it on later lines. */
function stringToken(text: string, start: number, body: number, kind: StringKind): Token {
  const findEnd = STRING_ENDS[kind];
  let end = findEnd(text, body);
  let continued = false;
  while (end !== null) {
    const gap = matchLength(CONTINUATION, text, end);
    if (gap === 0) return { kind, start, end, closed: true, continued };
    continued = true;
    end = findEnd(text, end + gap);
  }
  return { kind, start, end: text.length, closed: false, continued };
}

function identifierToken(text: string, start: number, body: number, kind: TokenKind): Token {
  const end = delimitedEnd(text, body, '"');
  return { kind, start, end: end ?? text.length, closed: end !== null, continued: false };
}

/** Behind the closing quote; a doubled quote is one inside. */
function delimitedEnd(text: string, from: number, quote: string): number | null {
  let found = text.indexOf(quote, from);
  while (found >= 0 && text[found + 1] === quote) found = text.indexOf(quote, found + 2);
  return found < 0 ? null : found + 1;
}

function escapeStringEnd(text: string, from: number): number | null {
  ESCAPE_EDGE.lastIndex = from;
  for (let edge = ESCAPE_EDGE.exec(text); edge !== null; edge = ESCAPE_EDGE.exec(text)) {
    const doubled = edge[0] === '\\' || text[edge.index + 1] === "'";
    if (!doubled) return edge.index + 1;
    ESCAPE_EDGE.lastIndex = edge.index + 2;
  }
  return null;
}

/** A bit string knows no quotes inside. */
function bitStringEnd(text: string, from: number): number | null {
  const found = text.indexOf("'", from);
  return found < 0 ? null : found + 1;
}

const STRING_ENDS = {
  string: (text: string, from: number) => delimitedEnd(text, from, "'"),
  unicodeString: (text: string, from: number) => delimitedEnd(text, from, "'"),
  nationalString: (text: string, from: number) => delimitedEnd(text, from, "'"),
  escapeString: escapeStringEnd,
  bitString: bitStringEnd,
} as const;

function dollarToken(text: string, start: number): Token | null {
  const length = matchLength(DOLLAR_TAG, text, start);
  if (length === 0) return null;
  const close = text.indexOf(text.slice(start, start + length), start + length);
  const end = close < 0 ? text.length : close + length;
  return { kind: 'dollarString', start, end, closed: close >= 0, continued: false };
}

function commentToken(text: string, start: number): Token | null {
  if (text.startsWith('--', start)) {
    const length = text.slice(start).search(/[\n\r]/);
    const end = length < 0 ? text.length : start + length;
    return { kind: 'comment', start, end, closed: length >= 0, continued: false };
  }
  if (!text.startsWith('/*', start)) return null;
  COMMENT_EDGE.lastIndex = start;
  let depth = 0;
  for (let edge = COMMENT_EDGE.exec(text); edge !== null; edge = COMMENT_EDGE.exec(text)) {
    depth += edge[0] === '/*' ? 1 : -1;
    if (depth === 0) return { kind: 'comment', start, end: edge.index + 2, closed: true, continued: false };
  }
  return { kind: 'comment', start, end: text.length, closed: false, continued: false };
}

function simpleToken(text: string, start: number): Token {
  for (const [pattern, kind] of SIMPLE) {
    const length = matchLength(pattern, text, start);
    if (length > 0) return { kind, start, end: start + length, closed: true, continued: false };
  }
  const operator = operatorLength(text, start);
  const kind = operator > 0 ? 'operator' : 'unknown';
  return { kind, start, end: start + Math.max(operator, 1), closed: true, continued: false };
}

/** An operator ends before a comment, and gives back a `+` or `-` at its end unless it holds one of ~!@#^&|`?%. */
function operatorLength(text: string, start: number): number {
  OPERATOR.lastIndex = start;
  const run = OPERATOR.exec(text)?.[0] ?? '';
  const comment = run.search(/--|\/\*/);
  const operator = comment > 0 ? run.slice(0, comment) : run;
  if (/[~!@#^&|`?%]/.test(operator)) return operator.length;
  let length = operator.length;
  while (length > 1 && /[+-]/.test(operator.charAt(length - 1))) length -= 1;
  return length;
}

function matchLength(pattern: RegExp, text: string, offset: number): number {
  pattern.lastIndex = offset;
  return pattern.exec(text)?.[0].length ?? 0;
}
