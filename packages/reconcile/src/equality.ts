import { isDeepStrictEqual } from 'node:util';

/** Equal as JSON: what is undefined counts as absent, and the order of keys as nothing. */
export function isSameJson(a: unknown, b: unknown): boolean {
  return isDeepStrictEqual(plain(a), plain(b));
}

function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}
