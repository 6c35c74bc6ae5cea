import type { JsonObject, JsonValue } from './json.js';
import type { TemplateDefinition } from './template.js';

/** `options.backfill` of a migration: how batches that commit one by one are paced. In wire spelling. */
export interface BackfillOptions {
  /** How long a batch should take in its database; the size of the batches follows from it. */
  readonly target_batch_ms?: number;
  /** Of all databases of a run together. */
  readonly max_rows_per_second?: number;
  readonly max_replica_lag_ms?: number;
  readonly max_active_sessions?: number;
}

export const DEFAULT_TARGET_BATCH_MS = 500;

/**
 * What a person has changed of a run's pace while it runs. A `batch_size` holds until it is null; the others stand in place
 * of the migration's options, and null is: no limit.
 */
export interface RunTuning {
  readonly batch_size?: number | null;
  readonly max_rows_per_second?: number | null;
  readonly max_replica_lag_ms?: number | null;
}

/** A step whose batches commit one by one, from which whoever goes on renders the next one. */
export interface BatchWork {
  /** As it was when the run began: a later change of the template changes nothing of it. */
  readonly definition: Pick<TemplateDefinition, 'endpointKind' | 'kind' | 'body' | 'settings'>;
  readonly values: JsonObject;
  /** Of all batches together, by the target's planner; null where it could not say. */
  readonly estimatedRows: number | null;
}

/** How far a step has got, as it stands in its target, committed together with the latest batch. */
export interface BatchCheckpoint {
  /** The greatest key; null: no batch has committed. */
  readonly after: JsonValue;
  readonly rows: number;
  readonly batches: number;
  /** The last batch found nothing. */
  readonly isDone: boolean;
}

export const THROTTLE_CAUSES = ['rows_per_second', 'replica_lag', 'active_sessions'] as const;

/** Why the next batch waits. */
export interface Throttle {
  readonly cause: (typeof THROTTLE_CAUSES)[number];
  /** For people: what is there and what may be. */
  readonly reason: string;
}

/** How far a step in batches has got, as the control database was told last. */
export interface BatchProgress {
  readonly rows: number;
  readonly batches: number;
  readonly estimatedRows: number | null;
  readonly batchSize: number;
  /** Of the last half minute, waits included; null before there is anything to tell. */
  readonly rowsPerSecond: number | null;
  /** RFC 3339: when it will be done at that rate; null where nobody can say. */
  readonly endsAt: string | null;
  readonly throttle: Throttle | null;
}

/** How a word of progress is taken. */
export interface BatchNews {
  /** It stands in the history of the run as well. */
  readonly isTold: boolean;
  /** Further than anybody has said: what has failed before counts no more. */
  readonly isFurther: boolean;
}

/** What else a database has to do. Null: its server does not tell this role. */
export interface TargetPressure {
  /** Of the replica that is furthest behind; 0 where there is none. */
  readonly replicaLagMs: number | null;
  /** Sessions at work in the database, beside the one that asks. */
  readonly activeSessions: number | null;
  /** What to do about what is not told, for people. */
  readonly untold: string;
}
