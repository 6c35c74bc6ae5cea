import type { BatchStatement, UnbatchStatement } from './statements.js';

type Step = Pick<BatchStatement, 'run' | 'binding'>;

/** The keys that a batch has found, and changed. */
export interface DoneBatch extends Step {
  readonly keys: readonly number[];
}

/** What a transaction does of it. */
export interface BackfillWork {
  readonly batches: readonly DoneBatch[];
  readonly unbatched: readonly UnbatchStatement[];
}

/** Of a step. */
export function backfillOf({ run, binding }: Step): string {
  return `${run}/${binding}`;
}

/** The keys that batch would find: it looks at none that lie before it, whether or not they are done. */
export function keysOf({ rows, after, size }: BatchStatement): readonly number[] {
  return Array.from({ length: Math.max(0, Math.min(size, rows - after)) }, (_, index) => after + 1 + index);
}

/** The rows of a database that batches have changed, in their order and each as often as that was done. */
export class Backfills {
  private readonly done = new Map<string, readonly number[]>();

  keysDone(step: Step): readonly number[] {
    return this.done.get(backfillOf(step)) ?? [];
  }

  /** Answers how to take it back. */
  apply({ batches, unbatched }: BackfillWork): () => void {
    const changed = [...batches, ...unbatched].map((step) => [backfillOf(step), this.keysDone(step)] as const);
    for (const batch of batches) this.done.set(backfillOf(batch), [...this.keysDone(batch), ...batch.keys]);
    for (const step of unbatched) this.done.set(backfillOf(step), []);
    return () => {
      for (const [step, before] of changed.toReversed()) this.done.set(step, before);
    };
  }

  copyTo(copy: Backfills): void {
    for (const [step, keys] of this.done) copy.done.set(step, keys);
  }
}
