import type {
  BoundBatch,
  BoundOperation,
  JsonObject,
  Statement,
  StatementLimits,
  StatementResult,
  TemplateSettings,
} from '@eden/domain';
import { finishBatch, type FinishedBatch } from './batch-keys.js';

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
    ...(settings.retries === undefined ? {} : { retries: settings.retries }),
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
  first: BoundBatch,
  limits: StatementLimits,
): Promise<TemplateResult> {
  let total: TemplateResult = { rows: [], rowCount: 0, batches: 0 };
  let previous: FinishedBatch | null = null;
  for (;;) {
    const statement = operation.render(previous === null ? first.start : previous.greatestKey);
    const result = await session.run(statement, limits);
    const rowCount = total.rowCount + result.rowCount;
    const batch = finishBatch(statement, result, previous);
    if (batch === null) return { ...total, rowCount };
    previous = batch;
    total = { rows: result.rows, rowCount, batches: total.batches + 1 };
  }
}
