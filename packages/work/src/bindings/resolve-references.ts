import type { JsonObject, JsonValue } from '@eden/domain';
import { isJsonObject } from '@eden/domain';
import { readPath } from './json-path.js';
import { nestValues } from './nest-values.js';

const REFERENCE_PREFIX = 'migration.';

/** Answers the value of a reference (its name without `migration.`), undefined when it resolves nowhere. */
export type ReferenceLookup = (name: string) => JsonValue | undefined;

export interface ResolvedFields {
  /** What `bind` is given. A field whose reference resolved nowhere is absent, so that the template's default applies. */
  readonly values: JsonObject;
  /** References that resolved nowhere, as written (`migration.batch_size`). */
  readonly unresolved: readonly string[];
  /** The others, by name, with what they resolved to. */
  readonly references: JsonObject;
}

/** The reference that a field's value is, without its prefix; null for every other value. */
export function referenceOf(value: JsonValue): string | null {
  const text = isJsonObject(value) && isOnlyKey(value, 'path') ? (value['path'] ?? null) : value;
  if (typeof text !== 'string' || !text.startsWith(REFERENCE_PREFIX)) return null;
  return text.slice(REFERENCE_PREFIX.length);
}

/** The value into which a reference reaches: `created` of `created.id` and `created[0]`. */
export function rootOf(name: string): string {
  return name.split(/[.[]/)[0] ?? name;
}

/** `{"literal": …}` stands for what it holds, every other value for itself. */
export function literalOf(value: JsonValue): JsonValue {
  return isJsonObject(value) && isOnlyKey(value, 'literal') ? (value['literal'] ?? null) : value;
}

function isOnlyKey(value: JsonObject, key: string): boolean {
  return Object.hasOwn(value, key) && Object.keys(value).length === 1;
}

/**
 * The fields of a migration binding (contract section 5): a string that starts with `migration.` is a reference,
 * `{"literal": …}` a constant, and anything else is itself.
 */
export function resolveMigrationFields(
  fields: Readonly<Record<string, JsonValue>>,
  lookup: ReferenceLookup,
): ResolvedFields {
  const values: [string, JsonValue][] = [];
  const unresolved: string[] = [];
  const references: [string, JsonValue][] = [];
  for (const [field, value] of Object.entries(fields)) {
    const name = referenceOf(value);
    const resolved = name === null ? literalOf(value) : lookup(name);
    if (resolved === undefined) unresolved.push(`${REFERENCE_PREFIX}${name}`);
    else values.push([field, resolved]);
    if (name !== null && resolved !== undefined) references.push([name, resolved]);
  }
  return { values: nestValues(values), unresolved, references: Object.fromEntries(references) };
}

/** Looks a name up in several sources, the first that has it wins; dotted names and indexes walk into a value. */
export function lookupIn(sources: readonly JsonObject[]): ReferenceLookup {
  return (name) => {
    for (const source of sources) {
      const value = readPath(source, name);
      if (value !== undefined) return value;
    }
    return undefined;
  };
}
