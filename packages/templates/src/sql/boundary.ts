import type { SqlDialect } from './dialect.js';
import type { Token, TokenKind } from '@eden/lexers';

/**
 * Where two pieces of a statement meet, their tokens must stay what each piece's own reading says they are: `5` and
 * `AND`, `'a'` and `'b'`, `-` and `-5` would melt into something else. This module says what a piece begins and ends
 * with, as sets of bits: while rendering exactly one of each group is set, while compiling all that are possible.
 */

/** What directly precedes, without white space between. */
export const GLUE = {
  none: 1,
  word: 1 << 1,
  number: 1 << 2,
  dot: 1 << 3,
  operator: 1 << 4,
  /** `U&`, which would turn a quote into that of a Unicode literal. */
  unicodePrefix: 1 << 5,
  quote: 1 << 6,
  doubleQuote: 1 << 7,
  value: 1 << 8,
  identifier: 1 << 9,
  raw: 1 << 10,
} as const;

/** The last token before, whatever white space is between. */
export const AFTER = {
  /** Anything behind which an operand may stand: an operator, a keyword, a parenthesis, the beginning. */
  other: 1 << 16,
  /** A word that may be a column or a type. */
  word: 1 << 17,
  /** The end of an operand: a number, `)`, a quoted identifier. */
  operand: 1 << 18,
  string: 1 << 19,
  value: 1 << 20,
} as const;

const GLUE_BITS = 0xffff;
export const START = GLUE.none | AFTER.other;

/** What a tag wrote; a space can always be put behind it. */
export const WRITTEN = GLUE.value | GLUE.identifier | GLUE.raw;
/** What no value can follow, not even behind white space. */
export const OPERAND_ENDS = AFTER.operand | AFTER.string | AFTER.value;

/** True when at least one of the possible `bits` is in `set`. */
export function some(bits: number, set: number): boolean {
  return (bits & set) !== 0;
}

/** True when every possible bit of the group that `set` belongs to is in `set`. */
export function every(bits: number, set: number): boolean {
  const group = some(set, GLUE_BITS) ? GLUE_BITS : ~GLUE_BITS;
  return some(bits, set) && (bits & group & ~set) === 0;
}

/** How a piece of SQL text begins. */
export interface Head {
  /** Glue that the text's first token would melt with. */
  readonly conflicts: number;
  /** It begins with a plain literal, which would continue a literal on the line before. */
  readonly string: boolean;
  /** It begins with what binds closer than a sign: `::` or `[`. */
  readonly bindsTightly: boolean;
  /** It begins with what may stand behind an element of a list: `,`, `)` or `]`. */
  readonly endsElement: boolean;
}

/** A head that the lexer has read together with what precedes. */
export const CONTIGUOUS: Head = { conflicts: 0, string: false, bindsTightly: false, endsElement: false };

const { word, number, dot, operator, unicodePrefix, quote, doubleQuote, value, identifier, raw } = GLUE;
const WORD_CONFLICTS = number | WRITTEN;
const PREFIXED_CONFLICTS = word | number | dot | WRITTEN;

const CONFLICTS: Partial<Record<TokenKind, number>> = {
  word: WORD_CONFLICTS,
  number: number | dot | WRITTEN,
  parameter: PREFIXED_CONFLICTS,
  string: word | unicodePrefix | quote | WRITTEN,
  escapeString: PREFIXED_CONFLICTS,
  unicodeString: PREFIXED_CONFLICTS,
  nationalString: PREFIXED_CONFLICTS,
  unicodeIdentifier: PREFIXED_CONFLICTS,
  bitString: PREFIXED_CONFLICTS,
  dollarString: PREFIXED_CONFLICTS,
  doubleQuotedString: word | quote | doubleQuote | WRITTEN,
  quotedVariable: PREFIXED_CONFLICTS | quote,
  quotedIdentifier: unicodePrefix | doubleQuote | WRITTEN,
  comment: operator | raw,
  operator: operator | raw,
  unknown: word | number | WRITTEN,
};

export function headOf(text: string, tokens: readonly Token[]): Head {
  const first = tokens[0];
  const significant = tokens.find(({ kind }) => kind !== 'space' && kind !== 'comment');
  if (first === undefined || significant === undefined) return { ...CONTIGUOUS, conflicts: conflictsOf(text, first) };
  return {
    conflicts: conflictsOf(text, first),
    string: significant.kind === 'string',
    bindsTightly: text.startsWith('::', significant.start) || text.startsWith('[', significant.start),
    endsElement: /[,)\]]/.test(text.charAt(significant.start)),
  };
}

function conflictsOf(text: string, first: Token | undefined): number {
  if (first === undefined) return 0;
  // With a `U` before it, the quote would be that of a Unicode literal.
  if (/^&['"]/.test(text.slice(first.start, first.start + 2))) return operator | raw | word;
  if (first.kind !== 'punctuation') return CONFLICTS[first.kind] ?? 0;
  const sign = text.charAt(first.start);
  if (sign === '.') return number | dot | value | raw;
  if (sign === ':') return operator | raw;
  return /[),;\]]/.test(sign) ? 0 : raw;
}

/** How SQL text ends; `before` is returned as far as blank text lets it through. */
export function tailAfter(text: string, tokens: readonly Token[], before: number, dialect: SqlDialect): number {
  const last = tokens.at(-1);
  if (last === undefined) return before;
  const significant = tokens.findLast(({ kind }) => kind !== 'space' && kind !== 'comment');
  if (significant === undefined) return behindSpace(before);
  return afterOf(text, significant, dialect) | glueOf(text, last, tokens.at(-2));
}

/** The same bits once white space or a comment has followed. */
export function behindSpace(bits: number): number {
  return (bits & ~GLUE_BITS) | GLUE.none;
}

const GLUE_BEHIND: Record<TokenKind, number> = {
  space: GLUE.none,
  comment: GLUE.none,
  word,
  number,
  parameter: number,
  string: quote,
  escapeString: quote,
  unicodeString: quote,
  nationalString: quote,
  bitString: quote,
  dollarString: word,
  doubleQuotedString: quote | doubleQuote,
  codeComment: GLUE.none,
  quotedVariable: word,
  quotedIdentifier: doubleQuote,
  unicodeIdentifier: doubleQuote,
  operator,
  punctuation: GLUE.none,
  unknown: word,
};

function glueOf(text: string, last: Token, previous: Token | undefined): number {
  if (last.kind === 'punctuation') return punctuationGlue(text.charAt(last.start));
  return isUnicodePrefix(text, last, previous) ? operator | unicodePrefix : GLUE_BEHIND[last.kind];
}

function punctuationGlue(sign: string): number {
  if (sign === '.') return dot;
  return sign === ':' ? operator : GLUE.none;
}

/** `U&` so far; when the `&` is the first that was read, the `U` may stand in the text of a block before. */
function isUnicodePrefix(text: string, last: Token, previous: Token | undefined): boolean {
  const isAmpersand = last.kind === 'operator' && text.slice(last.start, last.end) === '&';
  return isAmpersand && (previous === undefined || /^[uU]$/.test(text.slice(previous.start, previous.end)));
}

const STRINGS: ReadonlySet<TokenKind> = new Set([
  'string',
  'escapeString',
  'unicodeString',
  'nationalString',
  'bitString',
  'doubleQuotedString',
]);

function afterOf(text: string, token: Token, dialect: SqlDialect): number {
  const written = text.slice(token.start, token.end);
  if (token.kind === 'word') return dialect.expectsOperand(written) ? AFTER.other : AFTER.word;
  if (token.kind === 'operator') return AFTER.other;
  if (token.kind === 'punctuation') return written === ')' || written === ']' ? AFTER.operand : AFTER.other;
  return STRINGS.has(token.kind) ? AFTER.string : AFTER.operand;
}
