import type { MigrationState } from '../migration.js';
import type { AtomicityLevel } from '../plan.js';
import type { RunKind, RunState } from '../run.js';

/* What lists may be narrowed to. All that is given has to fit; absent: everything does. */

export interface MigrationFilter {
  readonly state?: MigrationState | undefined;
  /** Of the last plan. */
  readonly level?: AtomicityLevel | undefined;
  /** Somewhere in the id or the description, in whatever case. */
  readonly text?: string | undefined;
  readonly idPrefix?: string | undefined;
  /** Who made it. */
  readonly actor?: string | undefined;
  /** Changed then or later. */
  readonly since?: Date | undefined;
}

export interface RunFilter {
  /** One of these. */
  readonly states?: readonly RunState[] | undefined;
  readonly kind?: RunKind | undefined;
  /** Somewhere in the id of its migration, in whatever case. */
  readonly text?: string | undefined;
  /** Who asked for it. */
  readonly actor?: string | undefined;
  /** Asked for then or later. */
  readonly since?: Date | undefined;
}

export type MigrationCounts = Readonly<Record<MigrationState, number>>;

/** How many bindings a run has, and how many of them are through. */
export interface RunProgress {
  readonly done: number;
  readonly bindings: number;
}
