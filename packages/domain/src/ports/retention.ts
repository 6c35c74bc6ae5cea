import type { Uuid } from '../ids.js';
import type { DatabaseIdentity } from '../plan.js';
import type { RunState } from '../run.js';
import type { KnownRun } from './targets.js';

/** A run that has been kept for long enough, and is needed for nothing. */
export interface ForgettableRun extends KnownRun {
  readonly organizationUuid: Uuid;
  readonly state: RunState;
  readonly finishedAt: Date;
  /** Where it has worked, and may have left a ledger row or a prepared transaction; each with the way that led there. */
  readonly databases: readonly { readonly endpointUuid: Uuid; readonly database: DatabaseIdentity }[];
}

/** What one round of retention did. */
export interface PrunedHistory {
  readonly runs: number;
  readonly events: number;
  readonly targetDatabases: number;
  /** Runs that are due to go, and had to stay. */
  readonly kept: number;
}

/** Who is at a round of retention, and what it may take away. */
export interface RetentionRound {
  readonly owner: string;
  /** Days that a run stays after its end. */
  readonly keptDays: number;
}

/**
 * History that has had its time. One round at a time, by one worker: every step renews the worker's claim, and throws
 * FENCED once another one has it.
 */
export interface RetentionStore {
  /** Takes the round that is due; false while none is, or another worker is at it. */
  begin(owner: string): Promise<boolean>;
  /** Ends the round; the next one is due in `nextMs`. */
  end(owner: string, nextMs: number): Promise<void>;
  /** Up to `limit` runs that may go, the first to end first, behind `after`. @throws EdenError FENCED */
  forgettable(round: RetentionRound, limit: number, after: ForgettableRun | null): Promise<readonly ForgettableRun[]>;
  /**
   * Deletes a bounded number of the run's events, and with the last of them the run; again until it is gone. Nothing of a
   * run that may not go (any more).
   * @throws EdenError FENCED
   */
  forgetRun(round: RetentionRound, runUuid: Uuid): Promise<{ readonly events: number; readonly gone: boolean }>;
  /** Forgets databases that no run of the kept ones has worked on; answers how many. @throws EdenError FENCED */
  forgetTargetDatabases(round: RetentionRound): Promise<number>;
}
