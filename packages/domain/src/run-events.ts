import type { RunTuning, Throttle } from './backfill.js';
import type { Uuid } from './ids.js';
import type { SilencedStep } from './plan.js';
import type { RunKind, RunResolution, RunState, StepState } from './run.js';
import type { OutsideStepState, StepPhase } from './step-phase.js';

/** Who stands in the way of a lock. A prepared transaction has no pid, application and query, a server process no user. */
export interface Blocker {
  readonly pid: number | null;
  readonly user: string | null;
  readonly application: string | null;
  readonly query: string | null;
  readonly age_ms: number | null;
  readonly database: string;
  readonly prepared_id: string | null;
}

/** Somebody's lock is in the way, and what the target said when a wait for it ran out. */
export interface Blocked {
  readonly endpoint_id: string;
  readonly blockers: readonly Blocker[];
  readonly lock_timeout_ms?: number;
  readonly sqlstate?: string;
  readonly message?: string;
}

/** What a database says beside its answers: RAISE NOTICE, a warning. Its texts are cut to a length that fits. */
export interface Notice {
  readonly severity: string;
  readonly sqlstate: string;
  readonly message: string;
  readonly detail?: string;
  readonly hint?: string;
  /** The server's CONTEXT: in which function or statement. */
  readonly where?: string;
}

/** The binding whose statements said it; none of what a commit says. */
export interface NoticePlace {
  readonly endpoint_id: string;
  readonly api?: Uuid;
  readonly api_id?: string;
  /** From 0 within the API. */
  readonly binding?: number;
  readonly template?: string;
}

/** What is known of a database of which nobody can tell what became of a run in it. */
export interface DoubtfulDatabase {
  readonly database: string;
  readonly endpoint_id: string;
  readonly prepared_id: string;
  /** Ids of the APIs that change it. */
  readonly apis: readonly string[];
  readonly ledger: 'absent' | 'present' | 'not read';
  readonly details: string;
}

/** A step outside the transaction that could be neither done nor taken back. */
export interface DoubtfulStep {
  readonly number: number;
  readonly api_id: string;
  /** Id of the template, or path of the file. */
  readonly template: string;
  readonly database: string;
  readonly endpoint_id: string;
  readonly attempts: number;
  readonly details: string;
}

/** Why a run is left to a person. */
export interface Evidence {
  /** Whether T2 has been: then the APIs have their new definitions, and other databases have committed. */
  readonly decided: boolean;
  readonly databases: readonly DoubtfulDatabase[];
  readonly steps?: readonly DoubtfulStep[];
}

/** What a sync may find of a database that was known before. */
export const DATABASE_CHANGES = ['moved', 'renewed'] as const;
export type DatabaseChange = (typeof DATABASE_CHANGES)[number];

/** What the history of a run says, by the event's type; in wire spelling, and without a secret. */
export interface RunEventData {
  readonly queued: {
    readonly kind: RunKind;
    readonly slot: 'active' | 'behind';
    readonly actor: string;
    readonly reason: string;
    readonly trace_id?: string;
  };
  readonly waiting_for_lock: { readonly reason: string };
  /** It cannot go on for now: nobody works on it, or a target does not answer. */
  readonly waiting: { readonly reason: string; readonly endpoint_id?: string };
  /** The steps of one phase are begun. */
  readonly steps_started: {
    readonly epoch: number;
    readonly phase: StepPhase;
    readonly steps: number;
    readonly resolved?: RunResolution;
  };
  /** How far the batches of a step have got: when that changes what holds them back, and now and then. */
  readonly batches: {
    readonly number: number;
    readonly api_id: string;
    readonly template: string;
    readonly database: string;
    readonly rows: number;
    readonly estimated_rows: number | null;
    readonly batch_size: number;
    readonly rows_per_second: number | null;
    readonly ends_at: string | null;
    readonly throttle: Throttle | null;
  };
  readonly paused: { readonly actor: string; readonly reason: string };
  readonly resumed: { readonly actor: string; readonly reason: string };
  /** Its pace was changed: all that now differs from the migration's options. */
  readonly tuned: { readonly actor: string; readonly tuning: RunTuning };
  readonly steps_finished: { readonly phase: StepPhase };
  /** A step outside the transaction has changed its state. */
  readonly step: {
    readonly number: number;
    readonly phase: StepPhase;
    readonly api_id: string;
    readonly template: string;
    readonly database: string;
    readonly endpoint_id: string;
    readonly state: OutsideStepState;
    readonly attempt: number;
    readonly reason?: string;
  };
  /** What steps have done outside the transaction is taken back. */
  readonly compensating: {
    readonly epoch: number;
    readonly outcome: 'failed' | 'cancelled';
    readonly reason: string;
    readonly cancelled_by?: string;
    readonly resolved?: RunResolution;
  };
  readonly started: { readonly epoch: number; readonly attempt: number; readonly lock_wait_ms: number };
  readonly api_finished: {
    readonly api: Uuid;
    readonly api_id: string;
    readonly state: StepState;
    readonly rows: number;
    readonly execution_time_ms: number;
  };
  readonly blocked: Blocked & { readonly reason: string };
  readonly notice: NoticePlace & Notice;
  /** So many more have come than are kept: of one statement, or of the run where no endpoint is named. */
  readonly further_notices: Partial<NoticePlace> & { readonly count: number };
  /** Of a sync: the database has moved, and is known by its own id (`moved`); it is a copy, and got an id of its own (`renewed`). */
  readonly database_identified: {
    readonly database: string;
    readonly endpoint_id: string;
    readonly change: DatabaseChange;
  };
  /** Of a good sync: its plan runs once somebody has approved it. */
  readonly approval_wanted: { readonly plan_hash: string };
  /** Of a sync: everything is run now and taken back, behind gates that are closed as in a migrate. */
  readonly rehearsing: { readonly databases: number; readonly apis: number };
  readonly prepared: { readonly participants: number };
  readonly deciding: { readonly epoch: number };
  readonly commit_decided: {
    readonly epoch: number;
    readonly parallel_execution_ms?: number;
    /** By an attempt that the control database had forgotten. */
    readonly committed_before?: boolean;
  };
  readonly target_committed: { readonly database: string; readonly endpoint_id: string };
  readonly in_doubt: Evidence & { readonly code: string };
  readonly aborting: {
    readonly epoch: number;
    readonly outcome: 'failed' | 'requeue' | 'cancelled';
    readonly reason: string;
    /** T2 has been, and is taken back: the database that decides has nothing of the run. */
    readonly decided?: boolean;
    readonly cancelled_by?: string;
  };
  readonly contradicted: {
    readonly database: string;
    readonly endpoint_id: string;
    readonly found: string;
    readonly details: string;
  };
  readonly requeued: {
    readonly attempt: number;
    readonly reason: string;
    /** How long nobody begins it. */
    readonly pause_ms?: number;
  };
  readonly recovered: {
    readonly state: RunState;
    readonly epoch: number;
    /** The one that was under way. */
    readonly attempt: number;
    readonly reason: string;
    /** That ended without a word; absent where the run was taken from it. */
    readonly worker?: string;
  };
  readonly finished: {
    readonly state: 'succeeded' | 'failed' | 'cancelled';
    readonly code?: string;
    /** Of a run that ended before it began. */
    readonly error?: string;
    /** Of a good sync. */
    readonly plan_hash?: string;
    /** Rules that comments of the plan's texts have taken out of force, the first of them. */
    readonly silenced?: readonly SilencedStep[];
    readonly cancelled_by?: string;
    /** Of a run that was in doubt. */
    readonly resolved?: RunResolution;
  };
}

export type RunEventType = keyof RunEventData;

/** An event that is to be written. */
export type NewRunEvent<Types extends RunEventType = RunEventType> = {
  readonly [Type in Types]: { readonly type: Type; readonly data: RunEventData[Type] };
}[Types];

/** One line of a run's history. */
export type RunEvent = {
  readonly [Type in RunEventType]: {
    readonly sequence: number;
    readonly at: Date;
    readonly type: Type;
    readonly data: RunEventData[Type];
  };
}[RunEventType];
