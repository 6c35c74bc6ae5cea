/** Behind the line break that ends the line of `offset`; the length of a text that ends before one. */
export function lineEnd(text: string, offset: number): number {
  const found = text.indexOf('\n', offset);
  return found < 0 ? text.length : found + 1;
}

/**
 * Where the data that begin at `start` end: before a line that is `\.` alone, or with the text.
 * `next` stands behind that line.
 */
export function copyDataEnd(text: string, start: number): { readonly end: number; readonly next: number } {
  for (let at = start; at < text.length;) {
    const next = lineEnd(text, at);
    if (text.startsWith('\\.', at) && /^\r?\n?$/.test(text.slice(at + 2, next))) return { end: at, next };
    const found = text.indexOf('\n\\.', at);
    at = found < 0 ? text.length : found + 1;
  }
  return { end: text.length, next: text.length };
}

/** In UTF-16 units. */
const CHUNK_LENGTH = 64 * 1024;

/** The data in pieces to be sent; no piece ends within a character. */
export function* copyChunks(text: string, start: number, end: number): Generator<Buffer> {
  for (let at = start; at < end;) {
    let next = Math.min(at + CHUNK_LENGTH, end);
    const last = text.charCodeAt(next - 1);
    if (next < end && last >= 0xd800 && last <= 0xdbff) next -= 1;
    yield Buffer.from(text.slice(at, next));
    at = next;
  }
}
