import { isDeepStrictEqual } from 'node:util';
import type { JsonObject, JsonValue, Statement, StatementResult } from '@eden/domain';
import { EdenError } from '@eden/domain';
import type { Comparable } from './key-order.js';
import { comparablesOf } from './key-order.js';

/** A batch that has returned rows, as the one behind it is held against it. */
export interface FinishedBatch {
  readonly statement: Statement;
  readonly keys: readonly JsonValue[];
  readonly greatestKey: JsonValue;
}

/**
 * What a batch has come to; null: it found nothing, and was the last one.
 * @param previous Null for the first one, and for the first one of whoever goes on
 * @throws EdenError TEMPLATE_EXECUTION_FAILED when it returns no usable key
 */
export function finishBatch(
  statement: Statement,
  result: StatementResult,
  previous: FinishedBatch | null,
): FinishedBatch | null {
  if (result.rows.length === 0) {
    assertReturnsKeys(result);
    return null;
  }
  const keys = result.rows.map(firstColumn);
  const compared = comparablesOf(previous === null ? keys : [...keys, previous.greatestKey]);
  if (compared === null) {
    throw batchError('The first column of a batch must be a number or a text, the same in every row');
  }
  if (previous !== null) assertProgress({ statement, keys, compared }, previous);
  return { statement, keys, greatestKey: keys[placeOfGreatest(compared, keys.length)] ?? null };
}

/** Among the first so many. */
function placeOfGreatest(compared: readonly Comparable[], count: number): number {
  let greatest = 0;
  for (let place = 1; place < count; place += 1) {
    if ((compared[place] as Comparable) > (compared[greatest] as Comparable)) greatest = place;
  }
  return greatest;
}

/**
 * Every key must lie above `batch.after`: one that does not would be run twice, as happens with text keys whose
 * collation orders them unlike their code units. A query that ignores `batch.after`, because it consumes what it
 * selects, must at least return other keys than the time before, or it would run for ever.
 */
function assertProgress(
  batch: Pick<FinishedBatch, 'statement' | 'keys'> & { readonly compared: readonly Comparable[] },
  previous: FinishedBatch,
): void {
  if (isDeepStrictEqual(batch.statement, previous.statement)) {
    if (isDeepStrictEqual(batch.keys, previous.keys)) throw batchError('A batch returned the same keys again');
    return;
  }
  // The last one is that of the batch before.
  const before = batch.compared.at(-1) as Comparable;
  if (batch.compared.slice(0, -1).some((key) => key <= before)) {
    throw batchError('A batch returned a key that is not greater than batch.after');
  }
}

function assertReturnsKeys(result: StatementResult): void {
  if (result.rowCount === 0) return;
  throw batchError('A batch changed rows but returned none: add RETURNING with the key as its first column');
}

/** The value of the first column of a row; null when it has none. */
export function firstColumn(row: JsonObject): JsonValue {
  return Object.values(row)[0] ?? null;
}

function batchError(details: string): EdenError {
  return new EdenError('TEMPLATE_EXECUTION_FAILED', { details });
}
