import type { JsonValue } from '@eden/domain';
import { isJsonObject } from '@eden/domain';

/** One step of a path: a key of an object, or an index of an array. */
export type PathSegment = string | number;

const KEY = String.raw`[^.[\]\s]+`;
const INDEX = String.raw`\[\d{1,9}\]`;
const PATH = new RegExp(`^${KEY}(?:${INDEX})*(?:\\.${KEY}(?:${INDEX})*)*$`);
const SEGMENTS = new RegExp(`${INDEX}|${KEY}`, 'g');

/** Splits `items[0].id` into its segments; null when the text is not a path. */
export function parsePath(path: string): readonly PathSegment[] | null {
  if (!PATH.test(path)) return null;
  const segments = path.match(SEGMENTS) ?? [];
  return segments.map((segment) => (segment.startsWith('[') ? Number(segment.slice(1, -1)) : segment));
}

/** The child of a value, undefined where there is none. Inherited properties are none. */
export function childOf(value: JsonValue, segment: PathSegment): JsonValue | undefined {
  if (typeof segment === 'number') return Array.isArray(value) ? value[segment] : undefined;
  return isJsonObject(value) && Object.hasOwn(value, segment) ? value[segment] : undefined;
}

/** The value at a path, undefined where it leads nowhere. Arrays are only entered by index. */
export function readPath(value: JsonValue, path: string): JsonValue | undefined {
  let current: JsonValue | undefined = value;
  for (const segment of parsePath(path) ?? [path]) {
    if (current === undefined) return undefined;
    current = childOf(current, segment);
  }
  return current;
}
