import type { JsonValue } from '@eden/domain';

const INTEGER = /^-?\d+$/;
const DECIMAL = /^-?\d+\.\d+$/;

/** So many characters of an integer are exact in a double, and need no bigint. */
const EXACT_LENGTH = 15;

/** What `<` compares, when all of a list are numbers or all of it are texts. */
export type Comparable = number | bigint | string;

/**
 * How batch keys compare: by value when all are numbers (a bigint or numeric column arrives as a string), by code
 * unit when all are texts, which is right for uuids and timestamps. Null when they cannot be compared.
 */
export function comparablesOf(keys: readonly JsonValue[]): readonly Comparable[] | null {
  const numbers = keys.map(toNumeric);
  if (numbers.every((number) => number !== null)) return numbers;
  return keys.every((key) => typeof key === 'string') ? keys : null;
}

/** The number that a value stands for: exact for integers of any size; null when it is no number. */
export function toNumeric(value: JsonValue): number | bigint | null {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return null;
  if (INTEGER.test(value)) return value.length <= EXACT_LENGTH ? Number(value) : BigInt(value);
  return DECIMAL.test(value) ? Number(value) : null;
}
