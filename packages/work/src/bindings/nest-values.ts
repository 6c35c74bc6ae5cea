import type { JsonObject, JsonValue } from '@eden/domain';
import { isJsonObject } from '@eden/domain';

/**
 * Makes `{customer: {id: 1}}` of the field name `customer.id`, as placeholders name their values by dotted paths.
 * Later entries win where two speak of the same value. Safe for names such as `__proto__`.
 */
export function nestValues(entries: Iterable<readonly [string, JsonValue]>): JsonObject {
  const nested = new Map<string, JsonValue>();
  for (const [name, value] of entries) {
    const [head = name, ...rest] = name.split('.');
    nested.set(head, rest.length === 0 ? value : merge(nested.get(head), nestValues([[rest.join('.'), value]])));
  }
  return Object.fromEntries(nested);
}

function merge(existing: JsonValue | undefined, addition: JsonObject): JsonObject {
  if (!isJsonObject(existing)) return addition;
  const merged = new Map<string, JsonValue>(Object.entries(existing));
  for (const [key, value] of Object.entries(addition)) {
    merged.set(key, isJsonObject(value) ? merge(merged.get(key), value) : value);
  }
  return Object.fromEntries(merged);
}
