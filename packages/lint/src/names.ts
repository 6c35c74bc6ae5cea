/*
 * Names of what a run makes. A name that is written without its schema is taken for one in any schema, as nobody knows
 * the search path; two that are written with one are the same where all of it is.
 */

export interface WrittenName {
  readonly schema: string | null;
  readonly name: string;
}

/** Under these names it is found by `lookups`. */
export function marks(kind: string, { schema, name }: WrittenName, within = ''): readonly string[] {
  if (schema === null) return [mark(kind, '', name, within)];
  return [mark(kind, schema, name, within), mark(kind, '*', name, within)];
}

/** The names under which it may have been made. */
export function lookups(kind: string, { schema, name }: WrittenName, within = ''): readonly string[] {
  return [mark(kind, '', name, within), mark(kind, schema ?? '*', name, within)];
}

function mark(kind: string, schema: string, name: string, within: string): string {
  return JSON.stringify([kind, schema, name, within]);
}
