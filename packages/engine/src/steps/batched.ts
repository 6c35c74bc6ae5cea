import { isDeepStrictEqual } from 'node:util';
import { finishBatch } from '@eden/work';
import type { FinishedBatch } from '@eden/work';
import type {
  BatchCheckpoint,
  BatchSession,
  BoundOperation,
  OutsideStep,
  Statement,
  StatementResult,
} from '@eden/domain';
import { WORKER_STOPS, Interrupted } from '../control/failure.js';
import type { EngineDeps } from '../deps.js';
import { BatchPace } from './batches/batch-pace.js';
import { widthOf } from './batches/batch-size.js';
import type { StepAttempt, StepClass } from './step-class.js';

/**
 * A step whose batches commit one by one, each together with the checkpoint from which the next one starts: a worker that
 * dies loses the open batch at most, and none is done twice. What is committed stays while the run goes on; when it fails,
 * the template's rollback takes it back, and without one it is left.
 */
export const batched: StepClass = {
  waitsForTarget: true,
  carryOut: ({ batches }, attempt) => {
    if (batches === null) throw new TypeError('a kind without batches');
    return runBatches(batches, attempt);
  },
  compensate: async (session, { step }) => {
    await session.compensate();
    return step.work.undo === null ? 'left' : 'undone';
  },
};

type Batch = NonNullable<BoundOperation['batch']>;
type BatchedOperation = BoundOperation & { readonly batch: Batch };

async function runBatches(batches: BatchSession, attempt: StepAttempt): Promise<StatementResult> {
  const { stepping, step } = attempt;
  const { deps } = stepping;
  const operation = operationOf(deps, step);
  let at = await batches.begin();
  let previous = previousOf(operation, at);
  const pace = await BatchPace.of(attempt, batches, operation.batch.size);
  const reached = (asked: Statement, result: StatementResult): BatchCheckpoint => {
    previous = finishBatch(asked, result, previous);
    const rows = at.rows + result.rowCount;
    if (previous === null) return { ...at, rows, isDone: true };
    return { after: previous.greatestKey, rows, batches: at.batches + 1, isDone: false };
  };
  while (!at.isDone) {
    const size = await pace.untilNext(at);
    const startedAt = deps.clock.elapsedMs();
    let [next, width] = [at, 0];
    // Of whatever size it is: another size makes another statement, and says nothing of the keys.
    const asked = operation.render(keyBehind(operation, at));
    const note = (result: StatementResult): BatchCheckpoint => {
      width = widthOf(result.rows);
      return (next = reached(asked, result));
    };
    const statement = operation.render(keyBehind(operation, at), size);
    await batches.run(statement, note, goesByKeys(asked, previous) ? 'bounds' : 'all');
    await deps.crashPoints.reach('after-batch', step.number);
    pace.note({ size, ms: deps.clock.elapsedMs() - startedAt, width }, next.rows - at.rows);
    at = next;
    attempt.progressed();
    if (stepping.stop.aborted) throw new Interrupted(WORKER_STOPS);
  }
  await pace.tell(at);
  return { rows: [], rowCount: at.rows };
}

/** From the row alone: the template may be another one by now. */
function operationOf({ templates }: EngineDeps, { work: { batch } }: OutsideStep): BatchedOperation {
  if (batch === undefined) throw new TypeError('a step without batches');
  const [operation] = templates.compile(batch.definition).bind(batch.values).operations;
  if (operation?.batch == null) throw new TypeError('an operation without batches');
  return { ...operation, batch: operation.batch };
}

/** Whether it is another statement than that before: one that consumes what it selects may be the same for ever. */
function goesByKeys(asked: Statement, previous: FinishedBatch | null): boolean {
  return previous !== null && !isDeepStrictEqual(asked, previous.statement);
}

function keyBehind({ batch }: BatchedOperation, { after }: BatchCheckpoint): BatchCheckpoint['after'] {
  return after ?? batch.start;
}

/** What whoever goes on knows of the batch before: its greatest key, behind which the next ones lie. */
function previousOf(operation: BatchedOperation, { after }: BatchCheckpoint): FinishedBatch | null {
  if (after === null) return null;
  return { statement: operation.render(operation.batch.start), keys: [], greatestKey: after };
}
