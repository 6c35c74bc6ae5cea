import type { TokenKind } from '@eden/lexers';

/**
 * Where in a statement a text stands, as far as it decides whether a literal there is run as code. Behind a `head`
 * (CREATE FUNCTION …) the next word may lead to code, in `body` the next literal is code, in `block` every one is.
 */
export type CodePlace = 'start' | 'create' | 'head' | 'copy' | 'body' | 'block' | 'plain';

/** What a dialect runs as code. */
export interface CodeLiterals {
  /** For each place, the words (upper case) that lead to another. */
  readonly words: Partial<Readonly<Record<CodePlace, Readonly<Record<string, CodePlace>>>>>;
  /** Where code stands, for messages. */
  readonly description: string;
}

const LITERALS: ReadonlySet<TokenKind> = new Set([
  'string',
  'escapeString',
  'unicodeString',
  'nationalString',
  'dollarString',
  'doubleQuotedString',
]);

/** The place behind a token. */
export function placeBehind(
  place: CodePlace,
  { kind, written }: { readonly kind: TokenKind; readonly written: string },
  { words }: CodeLiterals,
): CodePlace {
  if (kind === 'punctuation' && written === ';') return 'start';
  const led = kind === 'word' ? words[place]?.[written.toUpperCase()] : undefined;
  if (led !== undefined) return led;
  if (place === 'body' && LITERALS.has(kind)) return 'head';
  return place === 'start' || place === 'create' ? 'plain' : place;
}

/** All places that a word could lead to, when only a part of it is known. */
export function placesBehindAnyWord(place: CodePlace, code: CodeLiterals): readonly CodePlace[] {
  return [placeBehind(place, { kind: 'word', written: '' }, code), ...Object.values(code.words[place] ?? {})];
}

export function isCode(places: ReadonlySet<CodePlace>): boolean {
  return places.has('body') || places.has('block');
}
