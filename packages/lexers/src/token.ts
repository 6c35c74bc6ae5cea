/** What the lexer of a dialect tells apart. */
export type TokenKind =
  | 'space'
  | 'comment'
  | 'word'
  | 'number'
  /** `$1`, `?` */
  | 'parameter'
  /** `'…'`, with any continuation on later lines */
  | 'string'
  /** `E'…'` */
  | 'escapeString'
  /** `U&'…'` */
  | 'unicodeString'
  /** `N'…'` */
  | 'nationalString'
  /** `B'…'` and `X'…'` */
  | 'bitString'
  /** `$tag$…$tag$` */
  | 'dollarString'
  /** `"…"` where that is a literal */
  | 'doubleQuotedString'
  /** `/*! … *\/`: a comment for some servers, and code for others */
  | 'codeComment'
  /** `@'…'` */
  | 'quotedVariable'
  /** `"…"`, and in MySQL's SQL what stands in backticks */
  | 'quotedIdentifier'
  /** `U&"…"` */
  | 'unicodeIdentifier'
  | 'operator'
  | 'punctuation'
  /** A character that begins no token of the dialect. */
  | 'unknown';

/** The kinds inside which a tag may stand. */
export type TemplatedKind = 'string' | 'quotedIdentifier';

export interface Token {
  readonly kind: TokenKind;
  /** Offsets into the text that was read. */
  readonly start: number;
  readonly end: number;
  /** False when the text ends before the token does. */
  readonly closed: boolean;
  /** A string literal that goes on after a line break: `'a'⏎'b'`. */
  readonly continued: boolean;
}
