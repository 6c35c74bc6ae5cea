/*
 * A lexer of JSON that can stop anywhere: it says what a place between two pieces of a text stands in. It checks no grammar;
 * `JSON.parse` does that with the whole text.
 */

/** Where a piece of JSON text has come to. */
export type JsonPlace =
  /** Outside of texts, where a value or a key may begin. */
  | 'value expected'
  /** Outside of texts, behind a value or a key. */
  | 'behind a value'
  /** Inside `"…"`. */
  | 'text'
  /** Inside `"…"`, in the middle of an escape. */
  | 'escape';

/** A text from where it begins, or goes on, to its end: the escapes in it whole. */
const INSIDE = /(?:[^"\\]|\\(?:[^u]|u[0-9A-Fa-f]{4}))*/y;

/** The place behind `text`, which begins at `place`. */
export function readJson(text: string, place: JsonPlace): JsonPlace {
  let at = place;
  let offset = 0;
  while (offset < text.length) {
    if (at === 'text') {
      INSIDE.lastIndex = offset;
      offset += INSIDE.exec(text)?.[0].length ?? 0;
      if (text.charAt(offset) === '\\') return 'escape';
      if (offset < text.length) at = 'behind a value';
    } else at = behindSign(text.charAt(offset), at);
    offset += 1;
  }
  return at;
}

function behindSign(sign: string, place: JsonPlace): JsonPlace {
  if (sign === '"') return 'text';
  if (/[[{,:]/.test(sign)) return 'value expected';
  return /\s/.test(sign) ? place : 'behind a value';
}

/** Whether a piece of text that begins outside of texts ends what stands before it, or is blank. */
export function leavesValue(text: string): boolean {
  return /^\s*(?:[\]},:]|$)/.test(text);
}
