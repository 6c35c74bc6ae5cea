import { isDeepStrictEqual } from 'node:util';
import type {
  BoundBatch,
  BoundOperation,
  JsonObject,
  JsonValue,
  Statement,
  StatementLimits,
  StatementResult,
  TemplateSettings,
} from '@eden/domain';
import { EdenError } from '@eden/domain';
import type { KeyOrder } from './key-order.js';
import { keyOrderOf } from './key-order.js';

/** What statements run in: one transaction of an API execution, or a participant of a migration run. */
export interface StatementRunner {
  run(statement: Statement, limits?: StatementLimits): Promise<StatementResult>;
}

export interface TemplateResult {
  /** Rows of the last operation; of a batched one, those of its last batch that returned any. */
  readonly rows: readonly JsonObject[];
  /** Rows returned or affected by the last operation, over all of its batches. */
  readonly rowCount: number;
  /** Batches of all operations together; 0 for a template without any. */
  readonly batches: number;
}

/**
 * Runs the operations of a template in order, in the transaction that the caller opened and will end.
 * Only the last operation gives rows, and only when they are wanted; no others are read.
 * Batches run here one after the other whatever their `commit` says: who wants a transaction per batch drives them.
 * @throws EdenError TEMPLATE_EXECUTION_FAILED (from the target, or context `details` when a batch returns no usable key)
 */
export async function runOperations(
  session: StatementRunner,
  operations: readonly BoundOperation[],
  settings: TemplateSettings,
  wanted: 'rows' | 'row count' = 'rows',
): Promise<TemplateResult> {
  const limits = limitsOf(settings);
  const source = wanted === 'rows' ? operations.at(-1) : undefined;
  let last: TemplateResult = { rows: [], rowCount: 0, batches: 0 };
  let batches = 0;
  for (const operation of operations) {
    const itsLimits: StatementLimits = operation === source ? limits : { ...limits, rows: 'discard' };
    last = await runOperation(session, operation, itsLimits);
    batches += last.batches;
  }
  return { ...last, batches };
}

/** The limits that a template sets for its own statements; what it leaves out is the session's default. */
export function limitsOf(settings: TemplateSettings): StatementLimits {
  return {
    ...(settings.timeout_ms === undefined ? {} : { timeoutMs: settings.timeout_ms }),
    ...(settings.lock_timeout_ms === undefined ? {} : { lockTimeoutMs: settings.lock_timeout_ms }),
  };
}

async function runOperation(
  session: StatementRunner,
  operation: BoundOperation,
  limits: StatementLimits,
): Promise<TemplateResult> {
  const { rows: _, ...withKeys } = limits;
  if (operation.batch !== null) return runBatches(session, operation, operation.batch, withKeys);
  return { ...(await session.run(operation.render(), limits)), batches: 0 };
}

async function runBatches(
  session: StatementRunner,
  operation: BoundOperation,
  batch: BoundBatch,
  limits: StatementLimits,
): Promise<TemplateResult> {
  let total: TemplateResult = { rows: [], rowCount: 0, batches: 0 };
  let previous: FinishedBatch | null = null;
  for (;;) {
    const statement = operation.render(previous === null ? batch.start : previous.greatestKey);
    const result = await session.run(statement, limits);
    const rowCount = total.rowCount + result.rowCount;
    if (result.rows.length === 0) {
      assertReturnsKeys(result);
      return { ...total, rowCount };
    }
    previous = finishBatch(statement, result.rows.map(firstColumn), previous);
    total = { rows: result.rows, rowCount, batches: total.batches + 1 };
  }
}

interface FinishedBatch {
  readonly statement: Statement;
  readonly keys: readonly JsonValue[];
  readonly greatestKey: JsonValue;
}

function finishBatch(statement: Statement, keys: readonly JsonValue[], previous: FinishedBatch | null): FinishedBatch {
  const order = keyOrderOf(previous === null ? keys : [...keys, previous.greatestKey]);
  if (order === null) throw batchError('The first column of a batch must be a number or a text, the same in every row');
  if (previous !== null) assertProgress({ statement, keys }, previous, order);
  return { statement, keys, greatestKey: keys.reduce((greatest, key) => (order(key, greatest) > 0 ? key : greatest)) };
}

/**
 * Every key must lie above `batch.after`: one that does not would be run twice, as happens with text keys whose
 * collation orders them unlike their code units. A query that ignores `batch.after`, because it consumes what it
 * selects, must at least return other keys than the time before, or it would run for ever.
 */
function assertProgress(
  batch: Pick<FinishedBatch, 'statement' | 'keys'>,
  previous: FinishedBatch,
  order: KeyOrder,
): void {
  if (isDeepStrictEqual(batch.statement, previous.statement)) {
    if (isDeepStrictEqual(batch.keys, previous.keys)) throw batchError('A batch returned the same keys again');
    return;
  }
  if (batch.keys.some((key) => order(key, previous.greatestKey) <= 0)) {
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
