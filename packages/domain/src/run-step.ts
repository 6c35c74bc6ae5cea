import type { RunEventType } from './run-events.js';
import type { RunKind, RunState } from './run.js';

/* What a step of the run machine is made of (run-machine.ts), and what the steps of one sort have in common. */

/** Where an unfinished run stands: it is its migration's one executing run, or waits behind a sync. */
export type RunSlot = 'active' | 'behind';

export const ACTIVE = ['active'] as const;
export const BEHIND = ['behind'] as const;
export const EITHER = ['active', 'behind'] as const;

/** T1, T2, T2 taken back, and how an attempt ends; `requeued`: another one follows. */
export type Milestone = 'started' | 'decided' | 'recanted' | 'succeeded' | 'failed' | 'cancelled' | 'requeued';

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

export const ALL = ['sync', 'migrate', 'rollback'] as const satisfies readonly RunKind[];
export const SYNC = ['sync'] as const satisfies readonly RunKind[];
export const MIGRATE = ['migrate'] as const satisfies readonly RunKind[];
/** The kinds that have participants, and so a commit point. */
export const DECIDED = ['migrate', 'rollback'] as const satisfies readonly RunKind[];

export const STAY = { of: ACTIVE, then: 'same' } as const;
export const LEAVE = { of: ACTIVE, then: 'none' } as const;

/** What the steps of one sort have in common; a step says what is different with it. */
export const WORK = { guard: 'owner', epoch: 'keep', owner: 'renew', slot: STAY } as const;
export const LET_GO = { guard: 'owner', epoch: 'keep', owner: 'drop', slot: STAY } as const;
export const END = { guard: 'owner', epoch: 'keep', owner: 'drop', slot: LEAVE, event: 'finished' } as const;
export const TAKE = { guard: 'unattended', epoch: 'keep', owner: 'take', slot: STAY } as const;
export const INTERVENE = { guard: 'none', epoch: 'keep', owner: 'keep', slot: STAY } as const;
export const RESOLVE = { ...END, guard: 'none', epoch: 'raise' } as const;
