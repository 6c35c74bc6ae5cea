import type { Uuid } from './ids.js';
import type { RunKind, RunResolution, RunState, StepState } from './run.js';

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

/** Why a run is left to a person. */
export interface Evidence {
  /** Whether T2 has been: then the APIs have their new definitions, and other databases have committed. */
  readonly decided: boolean;
  readonly databases: readonly DoubtfulDatabase[];
}

/** What a sync may find of a database that was known before. */
export const DATABASE_CHANGES = ['moved', 'renewed'] as const;
export type DatabaseChange = (typeof DATABASE_CHANGES)[number];

/** What the history of a run says, by the event's type; in wire spelling, and without a secret. */
export interface RunEventData {
  readonly queued: { readonly kind: RunKind; readonly slot: 'active' | 'behind'; readonly actor: string };
  readonly waiting_for_lock: Readonly<Record<string, never>>;
  readonly started: { readonly epoch: number; readonly attempt: number; readonly lock_wait_ms: number };
  readonly api_finished: {
    readonly api: Uuid;
    readonly api_id: string;
    readonly state: StepState;
    readonly rows: number;
    readonly execution_time_ms: number;
  };
  readonly blocked: Blocked;
  /** Of a sync: the database has moved, and is known by its own id (`moved`); it is a copy, and got an id of its own (`renewed`). */
  readonly database_identified: {
    readonly database: string;
    readonly endpoint_id: string;
    readonly change: DatabaseChange;
  };
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
  readonly requeued: { readonly attempt: number };
  readonly recovered: { readonly state: RunState; readonly epoch: number };
  readonly finished: {
    readonly state: 'succeeded' | 'failed' | 'cancelled';
    readonly code?: string;
    /** Of a run that ended before it began. */
    readonly error?: string;
    /** Of a good sync. */
    readonly plan_hash?: string;
    readonly cancelled_by?: string;
    /** Of a run that was in doubt. */
    readonly resolved?: RunResolution;
  };
}

export type RunEventType = keyof RunEventData;

/** One line of a run's history. */
export type RunEvent = {
  readonly [Type in RunEventType]: {
    readonly sequence: number;
    readonly at: Date;
    readonly type: Type;
    readonly data: RunEventData[Type];
  };
}[RunEventType];
