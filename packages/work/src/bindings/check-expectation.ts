import type { Expectation, JsonValue, StatementResult } from '@eden/domain';
import { canonicalJson, EdenError } from '@eden/domain';
import { toNumeric } from './key-order.js';
import { firstColumn } from './batch-keys.js';

/**
 * Checks what a template says must hold after it ran; nothing to check when it says nothing.
 * @throws EdenError EXPECTATION_FAILED (context: details, expected, actual)
 */
export function checkExpectation(expectation: Expectation | undefined, result: StatementResult): void {
  if (expectation === undefined) return;
  if ('value' in expectation) return expectValue(expectation.value, result);
  if ('row_count' in expectation) return expectRowCount(expectation.row_count, result);
  if (result.rows.length > 0) fail('no rows', `${result.rows.length} rows`);
}

function expectValue(expected: JsonValue, result: StatementResult): void {
  const row = result.rows[0];
  if (row === undefined) return fail(expected, 'no rows');
  const actual = firstColumn(row);
  if (!isEqual(expected, actual)) fail(expected, actual);
}

function expectRowCount(expected: number, result: StatementResult): void {
  if (result.rowCount !== expected) fail(expected, result.rowCount);
}

/** Equal as JSON, or as numbers: a count arrives as a string where it may not fit a double. */
function isEqual(expected: JsonValue, actual: JsonValue): boolean {
  if (canonicalJson(expected) === canonicalJson(actual)) return true;
  const [x, y] = [toNumeric(expected), toNumeric(actual)];
  // `==` compares a bigint with a double by value; both sides are known to be numbers here.
  return x !== null && y !== null && x == y;
}

function fail(expected: JsonValue, actual: JsonValue): never {
  const details = `Expected ${JSON.stringify(expected)}, found ${JSON.stringify(actual)}`;
  throw new EdenError('EXPECTATION_FAILED', { details, expected, actual });
}
