import type { OutsideStep } from '@eden/domain';
import type { Ownership } from '../control/ownership.js';
import type { EngineDeps } from '../deps.js';
import type { RowBudget } from './batches/row-budget.js';

/** A run that is this process's. */
export interface OwnRun {
  readonly deps: EngineDeps;
  readonly ownership: Ownership;
  /** Once it is aborted, what is not done is left to whoever adopts the run. */
  readonly stop: AbortSignal;
}

/** One whose steps outside the transaction are done, or taken back. */
export interface Stepping extends OwnRun {
  /** Once it is aborted, sessions are ended in the middle of what they do. `stop` may come before that: then nothing else is begun. */
  readonly cut: AbortSignal;
  /** What its batches may do in a second, in all databases together. */
  readonly budget: RowBudget;
}

/** A step has used up its tries. */
export class StepFailed extends Error {
  override readonly name = 'StepFailed';

  constructor(
    readonly step: OutsideStep,
    /** Its latest error. */
    readonly error: unknown,
  ) {
    super('a step outside the transaction failed', { cause: error });
  }
}

/** Steps that have used up their tries, beside one another: the first of them is the cause. */
export class StepsFailed extends Error {
  override readonly name = 'StepsFailed';

  constructor(
    readonly first: StepFailed,
    readonly others: readonly StepFailed[],
  ) {
    super('steps outside the transaction failed', { cause: first });
  }

  get all(): readonly StepFailed[] {
    return [this.first, ...this.others];
  }
}

/** A target has seen a newer epoch than the control database, which was rewound: the run needs a newer one. */
export class EpochBehind extends Error {
  override readonly name = 'EpochBehind';

  constructor(
    readonly step: OutsideStep,
    readonly seen: number,
    /** What it is if the run is somebody else's. */
    readonly fenced: unknown,
  ) {
    super('a step has a newer epoch than its run', { cause: fenced });
  }
}
