import type { HistoryPlace, SourceOptions } from '@eden/domain';

const PLACEHOLDER = /\$\{([^}]*)\}/g;

/** Which built-in placeholders the database decides. */
const BY_PLACE: Readonly<Record<string, (place: HistoryPlace) => string>> = {
  'flyway:defaultschema': ({ schema }) => schema,
  'flyway:user': ({ user }) => user,
  'flyway:database': ({ database }) => database,
  'flyway:table': ({ table }) => table,
};

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
  const replaced = text.replace(PLACEHOLDER, (whole, name: string) => {
    const value = values.get(name.toLowerCase());
    if (value !== undefined) return value;
    if (!(name.toLowerCase() in BY_PLACE)) unknown.add(name);
    return whole;
  });
  return { text: replaced, unknown: [...unknown] };
}

export function placeText(text: string, place: HistoryPlace): string {
  return text.replace(PLACEHOLDER, (whole, name: string) => BY_PLACE[name.toLowerCase()]?.(place) ?? whole);
}
