import type { JsonValue } from '@eden/domain';

const INTEGER = /^-?\d+$/;
const DECIMAL = /^-?\d+\.\d+$/;

export type KeyOrder = (a: JsonValue, b: JsonValue) => number;

/**
 * How batch keys compare: by value when all are numbers (a bigint or numeric column arrives as a string), by code
 * unit when all are texts, which is right for uuids and timestamps. Null when they cannot be compared.
 */
export function keyOrderOf(keys: readonly JsonValue[]): KeyOrder | null {
  if (keys.every((key) => toNumeric(key) !== null)) return (a, b) => order(toNumeric(a) ?? 0, toNumeric(b) ?? 0);
  if (keys.every((key) => typeof key === 'string')) return (a, b) => order(String(a), String(b));
  return null;
}

/** The number that a value stands for: exact for integers of any size; null when it is no number. */
export function toNumeric(value: JsonValue): number | bigint | null {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return null;
  if (INTEGER.test(value)) return BigInt(value);
  return DECIMAL.test(value) ? Number(value) : null;
}

function order<T extends string | number | bigint>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
