/*
 * A text or a file may have 64 MiB, and a statement of the control database is over after a second: what is longer than
 * a piece is written and read piece by piece, within one transaction.
 */

/** Longest that one statement writes or reads of it: bytes, or UTF-16 units. */
export const LONGEST_PIECE = 2 * 1024 * 1024;

export function* piecesOfBytes(bytes: Uint8Array): Generator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += LONGEST_PIECE) yield bytes.subarray(start, start + LONGEST_PIECE);
}

/** No character is divided: each piece is encoded by itself. */
export function* piecesOfText(text: string): Generator<string> {
  for (let start = 0; start < text.length;) {
    const end = start + LONGEST_PIECE;
    const whole = isHighSurrogate(text.charCodeAt(end - 1)) && end < text.length ? end - 1 : end;
    yield text.slice(start, whole);
    start = whole;
  }
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
