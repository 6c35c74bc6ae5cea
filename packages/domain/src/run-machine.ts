import type { RunEventData, RunEventType } from './run-events.js';
import type { RunKind, RunState } from './run.js';

/*
 * The state machine of a run, and what a run does to its migration, as data: the journal takes its guards from here, the
 * documents their diagrams. What each step is for, and what holds because of it, is in docs/protocol.md.
 */

/** Where an unfinished run stands: it is its migration's one executing run, or waits behind a sync. */
export type RunSlot = 'active' | 'behind';

const ACTIVE = ['active'] as const;
const BEHIND = ['behind'] as const;
const EITHER = ['active', 'behind'] as const;

/** T1, T2, T2 taken back, and how an attempt ends; `requeued`: another one follows. */
export type Milestone = 'started' | 'decided' | 'recanted' | 'succeeded' | 'failed' | 'cancelled' | 'requeued';

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
  running: { slots: ACTIVE, epoch: 'given', prepared: 'undecided' },
  deciding: { slots: ACTIVE, epoch: 'given', prepared: 'undecided' },
  committing: { slots: ACTIVE, epoch: 'given', prepared: 'committed' },
  succeeded: { slots: [], epoch: 'given', prepared: 'committed' },
  aborting: { slots: ACTIVE, epoch: 'given', prepared: 'undecided' },
  failed: { slots: [], epoch: 'perhaps', prepared: 'orphaned' },
  cancelled: { slots: [], epoch: 'perhaps', prepared: 'orphaned' },
  in_doubt: { slots: ACTIVE, epoch: 'given', prepared: 'undecided' },
} as const satisfies Record<RunState, StateRule>;

export interface RunStep {
  /** The states in which the step may be taken, each with the kinds of run; none for the step that makes the run. */
  readonly from: Readonly<Partial<Record<RunState, readonly RunKind[]>>>;
  readonly to: RunState | 'same';
  /**
   * Who may take it: the run's owner, at the epoch that it knows; anybody while the run is unattended (it has no owner,
   * or one whose heartbeat is old); anybody.
   */
  readonly guard: 'owner' | 'unattended' | 'none';
  /** The owner has to know in which of the states of `from` the run is. */
  readonly knowing?: true;
  /** `raise`: compared with the epoch that the step replaces, in run and migration. */
  readonly epoch: 'keep' | 'raise';
  /** What becomes of owner and heartbeat. */
  readonly owner: 'keep' | 'renew' | 'take' | 'drop';
  /** In which slots the run stands, and where it stands afterwards. */
  readonly slot: { readonly of: readonly RunSlot[]; readonly then: 'same' | 'active' | 'none' };
  /** What the run's history says of it. */
  readonly event: RunEventType | null;
  /** What it brings about beyond the run itself (run-outcomes.ts); steps without it leave the migration as it is. */
  readonly reaches?: Milestone;
  /** When it is taken, in all of `from` or in each. */
  readonly when: string | Readonly<Partial<Record<RunState, string>>>;
}

const ALL = ['sync', 'migrate', 'rollback'] as const satisfies readonly RunKind[];
const SYNC = ['sync'] as const satisfies readonly RunKind[];
const MIGRATE = ['migrate'] as const satisfies readonly RunKind[];
/** The kinds that have participants, and so a commit point. */
const DECIDED = ['migrate', 'rollback'] as const satisfies readonly RunKind[];

const STAY = { of: ACTIVE, then: 'same' } as const;
const LEAVE = { of: ACTIVE, then: 'none' } as const;

/** What the steps of one sort have in common; a step says what is different with it. */
const WORK = { guard: 'owner', epoch: 'keep', owner: 'renew', slot: STAY } as const;
const LET_GO = { guard: 'owner', epoch: 'keep', owner: 'drop', slot: STAY } as const;
const END = { guard: 'owner', epoch: 'keep', owner: 'drop', slot: LEAVE, event: 'finished' } as const;
const TAKE = { guard: 'unattended', epoch: 'keep', owner: 'take', slot: STAY } as const;
const INTERVENE = { guard: 'none', epoch: 'keep', owner: 'keep', slot: STAY } as const;
const RESOLVE = { ...END, guard: 'none', epoch: 'raise' } as const;

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
  promote: {
    ...INTERVENE,
    from: { queued: MIGRATE },
    to: 'same',
    slot: { of: BEHIND, then: 'active' },
    event: null,
    when: 'the sync before it has succeeded',
  },
  failBehind: {
    ...END,
    from: { queued: MIGRATE },
    to: 'failed',
    guard: 'none',
    slot: { of: BEHIND, then: 'none' },
    when: 'the sync before it has not succeeded',
  },
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
    from: { committing: DECIDED },
    to: 'succeeded',
    reaches: 'succeeded',
    when: 'T3, all have committed',
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
    from: { waiting_for_lock: DECIDED },
    to: 'aborting',
    epoch: 'raise',
    event: 'aborting',
    when: 'it cannot start, and was queued on another timeline',
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
    from: { running: ALL, deciding: DECIDED, committing: DECIDED, aborting: ALL },
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
    from: { queued: ALL, waiting_for_lock: ALL, running: SYNC },
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
    from: { queued: DECIDED, waiting_for_lock: DECIDED },
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
} as const satisfies Record<string, RunStep>;

export type RunStepName = keyof typeof RUN_STEPS;

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
