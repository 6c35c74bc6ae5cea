import type { StoredError } from './errors.js';
import type { MigrationState } from './migration.js';
import { stepOf } from './run-machine.js';
import type { RunStepName } from './run-machine.js';
import type { Milestone, RunStep } from './run-step.js';
import type { RunKind, RunResolution } from './run.js';

/*
 * What a run does to its migration, to the APIs' memberships in it and to the definitions of these APIs, as data. The
 * other half of the state machine: run-machine.ts moves the run, this moves what the run is about.
 */

/** `apply`: the definition that the migration brings. `restore`: the one that it replaced. */
export type DefinitionChange = 'apply' | 'restore' | 'leave';

export interface Outcome {
  readonly migration: MigrationState | 'same';
  /** `take`: the APIs belong to the migration and to no other. `free`: another migration may have them. */
  readonly memberships: 'take' | 'free' | 'leave';
  readonly definitions: DefinitionChange;
}

/** The state of a migration from T1 to the end of its run. */
export const UNDER_WAY = 'In Progress' satisfies MigrationState;

/** From which states of the migration a run may start. */
export const RUNNABLE_FROM = {
  sync: ['Pending', 'Failed', 'Rolled Back'],
  migrate: ['Pending'],
  rollback: ['Completed'],
} as const satisfies Readonly<Record<RunKind, readonly MigrationState[]>>;

const UNCHANGED = { migration: 'same', memberships: 'leave', definitions: 'leave' } as const;

const OUTCOMES = {
  sync: {
    started: UNCHANGED,
    /** A sync touches no target, and so has no commit point. */
    decided: null,
    recanted: null,
    // What was rolled back had let its APIs go; now that it is pending again, it claims them.
    succeeded: { migration: 'Pending', memberships: 'take', definitions: 'leave' },
    failed: UNCHANGED,
    cancelled: UNCHANGED,
    requeued: UNCHANGED,
  },
  migrate: {
    started: { migration: UNDER_WAY, memberships: 'leave', definitions: 'leave' },
    decided: { migration: UNDER_WAY, memberships: 'leave', definitions: 'apply' },
    recanted: { migration: UNDER_WAY, memberships: 'leave', definitions: 'restore' },
    succeeded: { migration: 'Completed', memberships: 'free', definitions: 'leave' },
    // It keeps its APIs, to be tried again.
    failed: { migration: 'Failed', memberships: 'leave', definitions: 'leave' },
    cancelled: { migration: 'Pending', memberships: 'leave', definitions: 'leave' },
    requeued: { migration: 'Pending', memberships: 'leave', definitions: 'leave' },
  },
  rollback: {
    started: { migration: UNDER_WAY, memberships: 'take', definitions: 'leave' },
    decided: { migration: UNDER_WAY, memberships: 'leave', definitions: 'restore' },
    recanted: { migration: UNDER_WAY, memberships: 'leave', definitions: 'apply' },
    succeeded: { migration: 'Rolled Back', memberships: 'free', definitions: 'leave' },
    // The migration stays completed.
    failed: { migration: 'Completed', memberships: 'free', definitions: 'leave' },
    cancelled: { migration: 'Completed', memberships: 'free', definitions: 'leave' },
    requeued: { migration: 'Completed', memberships: 'free', definitions: 'leave' },
  },
} as const satisfies Record<RunKind, Record<Milestone, Outcome | null>>;

/** What only a run with a commit point reaches. */
type Decisive = 'decided' | 'recanted';
type Outcomes = Readonly<Record<Exclude<Milestone, Decisive>, Outcome>> & Readonly<Record<Decisive, Outcome | null>>;
export const RUN_OUTCOMES: Readonly<Record<RunKind, Outcomes>> = OUTCOMES;

/** What the step does beyond the run itself; null when that is nothing. */
export function outcomeOf(name: RunStepName, kind: RunKind): Outcome | null {
  const { reaches } = stepOf(name);
  return reaches === undefined ? null : RUN_OUTCOMES[kind][reaches];
}

/** What becomes of the migrate that waits behind a sync when that is over; while another attempt follows, it waits. */
export const BEHIND_A_SYNC: Readonly<Partial<Record<RunStep['to'], 'promote' | 'failBehind'>>> = {
  succeeded: 'promote',
  failed: 'failBehind',
  // Whoever cancels a sync cancels the migrate behind it, too; another one may have come since.
  cancelled: 'failBehind',
};

/** What becomes of an aborted run that nobody has cancelled, and why. `requeue`: another attempt follows. */
export type AbortOutcome =
  | { readonly kind: 'failed'; readonly error: StoredError; readonly reason: string }
  | {
      readonly kind: 'requeue';
      readonly reason: string;
      /** How long nobody begins the next attempt; 0 or absent: it begins at once. */
      readonly pauseMs?: number;
    };
export type AbortEnd = 'failed' | 'cancelled' | 'requeued';

/** The step that ends an abort. */
export const ABORT_STEPS = {
  failed: 'failAborted',
  cancelled: 'cancelAborted',
  requeued: 'requeue',
} as const satisfies Record<AbortEnd, RunStepName>;

/** Whatever the one who aborts has in mind: once somebody wants no more of the run, it ends cancelled. */
export function endOfAbort({ kind }: Pick<AbortOutcome, 'kind'>, isCancelled: boolean): AbortEnd {
  if (isCancelled) return 'cancelled';
  return kind === 'requeue' ? 'requeued' : 'failed';
}

/** What T2 does. @throws TypeError of a sync */
export function decisionOf(kind: RunKind): Outcome {
  const { decided } = RUN_OUTCOMES[kind];
  if (decided === null) throw new TypeError(`a ${kind} has no commit point`);
  return decided;
}

/**
 * What a person's word does to a run in doubt: what its end would have done, and to the definitions what makes them fit.
 * @param isDecided Whether T2 has been.
 */
export function resolutionOf(
  kind: RunKind,
  decision: Exclude<RunResolution['decision'], 'retry'>,
  isDecided: boolean,
): Outcome {
  const { definitions } = decisionOf(kind);
  switch (decision) {
    case 'commit':
      return { ...RUN_OUTCOMES[kind].succeeded, definitions: isDecided ? 'leave' : definitions };
    case 'abort':
      return { ...RUN_OUTCOMES[kind].failed, definitions: isDecided ? opposite(definitions) : 'leave' };
  }
}

/** What takes a change back. */
function opposite(change: DefinitionChange): DefinitionChange {
  switch (change) {
    case 'apply':
      return 'restore';
    case 'restore':
      return 'apply';
    case 'leave':
      return 'leave';
  }
}

/** How a change is made: where an API's new definition comes from, and what becomes of the one that it replaces. */
export const DEFINITION_SOURCES = {
  // What the migration does not name stays, and with it there is nothing to keep.
  apply: { source: 'next', replaced: 'kept' },
  restore: { source: 'previous', replaced: 'forgotten' },
} as const satisfies Record<Exclude<DefinitionChange, 'leave'>, object>;
