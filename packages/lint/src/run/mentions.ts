import type { GoneName, JsonValue } from '@eden/domain';

const WORD = /[\p{L}_][\p{L}\p{N}_$]*/gu;

/** The words of texts and of the strings that values hold, in small letters: whatever they may name. */
export function wordsOf(...values: readonly JsonValue[]): ReadonlySet<string> {
  const words = new Set<string>();
  for (const text of values.flatMap(stringsIn)) {
    for (const [word] of text.matchAll(WORD)) words.add(word.toLowerCase());
  }
  return words;
}

function stringsIn(value: JsonValue): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}

/** Whether a text with these words may use what is gone. */
export function mentions(words: ReadonlySet<string>, { table, column }: GoneName): boolean {
  return isAmong(words, table) && (column === null || isAmong(words, column));
}

/** A name of several words counts when all of them stand there. */
function isAmong(words: ReadonlySet<string>, name: string): boolean {
  const parts = [...name.matchAll(WORD)].map(([part]) => part);
  return parts.length > 0 && parts.every((part) => words.has(part));
}
