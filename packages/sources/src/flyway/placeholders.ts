import type { HistoryPlace, SourceOptions } from '@eden/domain';
import { replaceNames } from '../placeholders.js';

/** Which built-in placeholders the database decides. */
const BY_PLACE: ReadonlyMap<string, (place: HistoryPlace) => string> = new Map([
  ['flyway:defaultschema', ({ schema }) => schema],
  ['flyway:user', ({ user }) => user],
  ['flyway:database', ({ database }) => database],
  ['flyway:table', ({ table }) => table],
]);

export interface Replaced {
  readonly text: string;
  /** Names that nothing is known of. */
  readonly unknown: readonly string[];
}

/** What the options and the file's name say; those that the database decides stay. Names are read without regard to case. */
export function replacePlaceholders(text: string, filename: string, options: SourceOptions): Replaced {
  const values = new Map(
    Object.entries(options.placeholders ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
  );
  values.set('flyway:filename', filename);
  if (!values.has('flyway:environment')) values.set('flyway:environment', 'default');
  const unknown = new Set<string>();
  const replaced = replaceNames(text, (name) => {
    const value = values.get(name.toLowerCase());
    if (value === undefined && !BY_PLACE.has(name.toLowerCase())) unknown.add(name);
    return value;
  });
  return { text: replaced, unknown: [...unknown] };
}

export function placeText(text: string, place: HistoryPlace): string {
  return replaceNames(text, (name) => BY_PLACE.get(name.toLowerCase())?.(place));
}
