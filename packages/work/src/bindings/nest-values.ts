import type { JsonObject, JsonValue } from '@eden/domain';
import { isJsonObject } from '@eden/domain';

/**
 * Makes `{customer: {id: 1}}` of the field name `customer.id`, as placeholders name their values by dotted paths.
 * Later entries win where two speak of the same value. Safe for names such as `__proto__`, and for names of any depth.
 */
export function nestValues(entries: Iterable<readonly [string, JsonValue]>): JsonObject {
  const root: JsonObject = {};
  const ours = new Set([root]);
  for (const [name, value] of entries) {
    const path = name.split('.');
    const last = path.pop() ?? name;
    const object = path.reduce((above, step) => within(above, step, ours), root);
    define(object, last, value);
  }
  return root;
}

/** The object of that name, made where there is none; one that was given as a value stays as it is, and a copy takes its place. */
function within(above: JsonObject, name: string, ours: Set<JsonObject>): JsonObject {
  const known = Object.hasOwn(above, name) ? above[name] : undefined;
  if (isJsonObject(known) && ours.has(known)) return known;
  const object: JsonObject = {};
  if (isJsonObject(known)) for (const [key, value] of Object.entries(known)) define(object, key, value);
  ours.add(object);
  define(above, name, object);
  return object;
}

/** An assignment to `__proto__` would make no property. */
function define(object: JsonObject, name: string, value: JsonValue): void {
  Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
}
