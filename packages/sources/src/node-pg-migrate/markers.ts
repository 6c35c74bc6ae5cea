/**
 * Where node-pg-migrate's `/^\s*--[\s-]*up\s+migration/im` finds the comment, -1 where it does not. Read backwards from its
 * words, so that a text of blank lines or dashes takes no longer than another.
 */
export function markerAt(text: string, direction: 'up' | 'down'): number {
  const found = MARKERS[direction].exec(text);
  return found === null ? -1 : found.index - (found[1] ?? '').length;
}

const MARKERS = {
  up: /(?=up\s+migration)(?<=^[^\S\n\r\u2028\u2029]*(--[\s-]*))/im,
  down: /(?=down\s+migration)(?<=^[^\S\n\r\u2028\u2029]*(--[\s-]*))/im,
};
