import type { CrashPoints, RunJournal } from '@eden/domain';
import type { CoordinatorDeps } from '../deps.js';

export interface RunSettings {
  /** This process among all workers; new at every start. */
  readonly owner: string;
  /** A run whose heartbeat is older than this belongs to a dead worker (LOCK_TTL_MS). */
  readonly leaseMs: number;
  /** Attempts at a run whose workers keep dying. */
  readonly maxAttempts: number;
  /** Databases and APIs worked on at once within one run, unless the migration's `max_parallel` says otherwise. */
  readonly maxParallel: number;
}

/** What the worker's side of a run is given, beyond what every use case has. */
export interface RunDeps extends CoordinatorDeps {
  readonly journal: RunJournal;
  readonly crashPoints: CrashPoints;
  readonly run: RunSettings;
}
