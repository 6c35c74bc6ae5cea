import type { OutsideSpec, RecordStep } from '@eden/domain';
import type { Transaction } from '../transaction.js';
import { elapsedSql } from './step-row.js';

/** What a tool notes of a step, with the time since its first try began, by the clock of the target. */
export async function withExecutionTime(
  transaction: Transaction,
  spec: OutsideSpec,
  record: readonly RecordStep[],
): Promise<readonly RecordStep[]> {
  if (record.every(({ executionTimeAt }) => executionTimeAt === undefined)) return record;
  const result = (await transaction.sendTogether(elapsedSql(spec))).at(-1);
  const elapsedMs = Number((result?.rows[0] as { elapsed_ms?: unknown } | undefined)?.elapsed_ms);
  return record.map((step) => {
    const { executionTimeAt: at } = step;
    return at === undefined ? step : { ...step, params: step.params.with(at, elapsedMs) };
  });
}
