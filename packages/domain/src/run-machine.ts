import type { RunEventData, RunEventType } from './run-events.js';
import {
  ACTIVE,
  ALL,
  DECIDED,
  EITHER,
  END,
  INTERVENE,
  LET_GO,
  RESOLVE,
  SYNC,
  TAKE,
  WORK,
  type RunSlot,
  type RunStep,
} from './run-step.js';
import { BEHIND_RUN_STEPS } from './behind-run-steps.js';
import { OUTSIDE_RUN_STEPS } from './outside-run-steps.js';
import type { RunKind, RunState } from './run.js';
import { isFinished } from './run.js';

/*
 * The state machine of a run, and what a run does to its migration, as data: the journal takes its guards from here, the
 * documents their diagrams. What each step is for, and what holds because of it, is in docs/protocol.md.
 */

interface StateRule {
  /** The slots that a run in this state may hold; none once it is finished. */
  readonly slots: readonly RunSlot[];
  /** Whether T1 has given the run an epoch: `perhaps` where a run comes to from both sides of T1. */
  readonly epoch: 'perhaps' | 'given';
  /** What becomes of a transaction that the run has prepared in its latest attempt. */
  readonly prepared: 'undecided' | 'committed' | 'orphaned';
}

export const RUN_STATE_RULES = {
  queued: { slots: EITHER, epoch: 'perhaps', prepared: 'undecided' },
  waiting_for_lock: { slots: ACTIVE, epoch: 'perhaps', prepared: 'undecided' },
  stepping: { slots: ACTIVE, epoch: 'given', prepared: 'undecided' },
  paused: { slots: ACTIVE, epoch: 'perhaps', prepared: 'undecided' },
  running: { slots: ACTIVE, epoch: 'given', prepared: 'undecided' },
  deciding: { slots: ACTIVE, epoch: 'given', prepared: 'undecided' },
  committing: { slots: ACTIVE, epoch: 'given', prepared: 'committed' },
  finishing: { slots: ACTIVE, epoch: 'given', prepared: 'committed' },
  succeeded: { slots: [], epoch: 'given', prepared: 'committed' },
  aborting: { slots: ACTIVE, epoch: 'given', prepared: 'undecided' },
  compensating: { slots: ACTIVE, epoch: 'given', prepared: 'orphaned' },
  failed: { slots: [], epoch: 'perhaps', prepared: 'orphaned' },
  cancelled: { slots: [], epoch: 'perhaps', prepared: 'orphaned' },
  in_doubt: { slots: ACTIVE, epoch: 'given', prepared: 'undecided' },
} as const satisfies Record<RunState, StateRule>;

/** Every transition of a run, by name. There is no other. */
export const RUN_STEPS = {
  accept: {
    ...INTERVENE,
    from: {},
    to: 'queued',
    slot: { of: EITHER, then: 'same' },
    event: 'queued',
    when: 'a request is accepted (run + outbox)',
  },
  ...BEHIND_RUN_STEPS,
  claim: {
    ...TAKE,
    from: { queued: ALL },
    to: 'waiting_for_lock',
    event: 'waiting_for_lock',
    when: 'a worker claims it',
  },
  reclaim: {
    ...TAKE,
    from: { waiting_for_lock: ALL },
    to: 'same',
    event: null,
    when: 'it was given back, or its worker has died, and comes again for the lock',
  },
  giveBack: {
    ...LET_GO,
    from: { waiting_for_lock: ALL },
    to: 'same',
    event: null,
    when: 'somebody else has the lock, or the worker stops',
  },
  start: {
    ...WORK,
    from: { waiting_for_lock: ALL },
    to: 'running',
    epoch: 'raise',
    event: 'started',
    reaches: 'started',
    when: 'T1',
  },
  fail: {
    ...END,
    from: { waiting_for_lock: ALL, running: SYNC },
    to: 'failed',
    when: { waiting_for_lock: 'lock timeout, plan out of date', running: 'the sync has findings' },
  },
  finishSync: {
    ...END,
    from: { running: SYNC },
    to: 'succeeded',
    reaches: 'succeeded',
    when: 'the sync has made its plan',
  },
  enterDeciding: {
    ...WORK,
    from: { running: DECIDED },
    to: 'deciding',
    event: 'deciding',
    when: 'all others are prepared, the last resource may commit',
  },
  decide: {
    ...WORK,
    from: { running: DECIDED, deciding: DECIDED },
    to: 'committing',
    knowing: true,
    event: 'commit_decided',
    reaches: 'decided',
    when: { running: 'T2, all are prepared', deciding: 'T2, its ledger row is there' },
  },
  honour: {
    ...WORK,
    from: { running: DECIDED, deciding: DECIDED, aborting: DECIDED },
    to: 'committing',
    event: 'commit_decided',
    reaches: 'decided',
    when: 'T2 again, of an attempt that has committed',
  },
  takeToken: {
    ...WORK,
    from: { committing: DECIDED },
    to: 'same',
    event: 'commit_decided',
    when: 'the ledger of its witness has the token of another attempt',
  },
  recant: {
    ...WORK,
    from: { committing: DECIDED },
    to: 'aborting',
    epoch: 'raise',
    event: 'aborting',
    reaches: 'recanted',
    when: 'its witness has nothing of it',
  },
  complete: {
    ...END,
    from: { committing: DECIDED, finishing: DECIDED },
    to: 'succeeded',
    reaches: 'succeeded',
    when: { committing: 'T3, all have committed', finishing: 'T3, its last steps are done' },
  },
  beginAbort: {
    ...WORK,
    from: { running: ALL, deciding: DECIDED },
    to: 'aborting',
    // An owner who does not know that the run is deciding has not asked the ledger of its last resource.
    knowing: true,
    epoch: 'raise',
    event: 'aborting',
    when: { running: 'a binding failed, or the worker stops or died', deciding: 'its ledger row is not there' },
  },
  failAfterRewind: {
    ...LET_GO,
    from: { waiting_for_lock: DECIDED, stepping: DECIDED },
    to: 'aborting',
    epoch: 'raise',
    event: 'aborting',
    when: {
      waiting_for_lock: 'it cannot start, and was queued on another timeline',
      stepping: 'a step has failed, and it was queued on another timeline',
    },
  },
  failAborted: {
    ...END,
    from: { aborting: ALL },
    to: 'failed',
    reaches: 'failed',
    when: 'it had failed, and all is undone',
  },
  cancelAborted: {
    ...END,
    from: { aborting: ALL },
    to: 'cancelled',
    reaches: 'cancelled',
    when: 'it was cancelled, and all is undone',
  },
  requeue: {
    ...LET_GO,
    from: { aborting: ALL },
    to: 'queued',
    event: 'requeued',
    reaches: 'requeued',
    when: 'its worker had stopped or died, and all is undone (attempt + 1)',
  },
  adopt: {
    ...TAKE,
    from: {
      stepping: DECIDED,
      running: ALL,
      deciding: DECIDED,
      committing: DECIDED,
      finishing: DECIDED,
      aborting: ALL,
      compensating: DECIDED,
    },
    to: 'same',
    event: 'recovered',
    when: 'its worker has died, or it was taken from it',
  },
  markInDoubt: {
    ...LET_GO,
    from: { running: DECIDED, deciding: DECIDED, committing: DECIDED, aborting: DECIDED },
    to: 'in_doubt',
    event: 'in_doubt',
    when: 'neither prepared nor in the ledger, or begun elsewhere',
  },
  cancel: {
    ...END,
    from: { queued: ALL, waiting_for_lock: ALL, paused: DECIDED, running: SYNC },
    to: 'cancelled',
    guard: 'none',
    slot: { of: EITHER, then: 'none' },
    when: 'cancel',
  },
  cancelAttempt: {
    ...INTERVENE,
    from: { running: DECIDED },
    to: 'aborting',
    epoch: 'raise',
    owner: 'drop',
    event: 'aborting',
    when: 'cancel, which takes the run from its owner',
  },
  cancelAfterRewind: {
    ...INTERVENE,
    from: { queued: DECIDED, waiting_for_lock: DECIDED, stepping: DECIDED, paused: DECIDED },
    to: 'aborting',
    epoch: 'raise',
    owner: 'drop',
    event: 'aborting',
    when: 'cancel, and it was queued on another timeline',
  },
  cancelRequeue: {
    ...INTERVENE,
    from: { aborting: ALL },
    to: 'same',
    event: 'aborting',
    when: 'cancel of what would have been queued again',
  },
  resolveCommit: { ...RESOLVE, from: { in_doubt: DECIDED }, to: 'succeeded', when: 'resolved by commit' },
  resolveAbort: { ...RESOLVE, from: { in_doubt: DECIDED }, to: 'failed', when: 'resolved by abort' },
  ...OUTSIDE_RUN_STEPS,
} as const satisfies Record<string, RunStep>;

export type RunStepName = keyof typeof RUN_STEPS;

const CANCELS: readonly RunStep[] = [RUN_STEPS.cancel, RUN_STEPS.cancelAttempt, RUN_STEPS.cancelSteps];

/** Whether somebody may pause it: between its batches, or before its atomic part. */
export function isPausable({ state, kind }: { readonly state: RunState; readonly kind: RunKind }): boolean {
  return originsOf('pause', kind).includes(state);
}

/** Whether a cancel may still stop it: not from its commit point on, nor while it is undone anyway. */
export function isCancellable({ state }: { readonly state: RunState }): boolean {
  return CANCELS.some(({ from }) => state in from);
}

/** Whether its pace may be changed: while it is under way, or before, of what may have batches. */
export function isTunable({ state, kind }: { readonly state: RunState; readonly kind: RunKind }): boolean {
  return kind !== 'sync' && !isFinished(state);
}

type DataOf<Event> = Event extends 'finished'
  ? Omit<RunEventData['finished'], 'state'>
  : Event extends RunEventType
    ? RunEventData[Event]
    : never;

/** What the event of a step says; `finished` tells the state by itself. */
export type RunStepData<Name extends RunStepName> = DataOf<(typeof RUN_STEPS)[Name]['event']>;

/*
 * Proofs by the compiler: every state is entered by a step, and left by one unless it is final. A state that is added
 * and forgotten below does not compile.
 */
type Step = (typeof RUN_STEPS)[RunStepName];
type Entered = Step['to'];
type Left = { [Name in RunStepName]: keyof (typeof RUN_STEPS)[Name]['from'] }[RunStepName];
type Final = {
  [State in RunState]: (typeof RUN_STATE_RULES)[State]['slots'] extends readonly [] ? State : never;
}[RunState];
type NoneOf<T extends never> = T;
type EveryStateIsEntered = NoneOf<Exclude<RunState, Entered>>;
type EveryUnfinishedStateIsLeft = NoneOf<Exclude<RunState, Left | Final>>;
type NoFinishedStateIsLeft = NoneOf<Extract<Left, Final>>;

/** What the machine says of a step, whichever it is. */
export function stepOf(name: RunStepName): RunStep {
  return RUN_STEPS[name];
}

/** The states from which a run of this kind may take the step; of all kinds where none is named. */
export function originsOf(name: RunStepName, kind?: RunKind): readonly RunState[] {
  const origins = Object.entries(stepOf(name).from) as [RunState, readonly RunKind[]][];
  return origins.filter(([, kinds]) => kind === undefined || kinds.includes(kind)).map(([state]) => state);
}

/** Where the step leads from this state; null where a run of this kind may not take it. */
export function stateAfter(name: RunStepName, state: RunState, kind: RunKind): RunState | null {
  if (!originsOf(name, kind).includes(state)) return null;
  const { to } = stepOf(name);
  return to === 'same' ? state : to;
}
