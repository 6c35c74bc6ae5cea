import type { Contradiction, RunStanding, Trace } from './ports/journal.js';
import type { RunEventData } from './run-events.js';
import type { RunState } from './run.js';

/*
 * What becomes of what a target has of a run, as data (protocol I21): a prepared transaction that no worker settles, a
 * ledger row that says otherwise than the control database, or none where there should be one. For the sweep of what is
 * prepared and for the audit of what has ended.
 */

/** Every way in which a run may stand. `unknown`: the control database has no such run. */
export type Standing =
  | 'unknown within retention'
  | 'unknown beyond retention'
  | Exclude<RunState, 'succeeded' | 'failed' | 'cancelled'>
  | 'succeeded'
  | 'succeeded, rolled back later'
  | 'resolved by commit'
  | 'resolved by abort'
  | 'failed'
  | 'cancelled';

/**
 * `commit` and `roll back`: what is prepared is settled so; what was finished before is reported as well. `leave`: its
 * worker, recovery or a person is at it. `report`: nobody can say what is right. `fine`: as it should be.
 */
export type PreparedFate = 'commit' | 'roll back' | 'leave' | 'report' | 'fine';

const UNFINISHED = { prepared: 'leave', 'missing with ledger': 'leave', 'missing without': 'leave' } as const;
const GONE = { prepared: 'roll back', 'missing with ledger': 'report', 'missing without': 'fine' } as const;

/** Of the attempt whose token the run has. What is prepared under another token is rolled back, the witness first. */
export const FATES: Readonly<Record<Standing, Readonly<Record<Trace, PreparedFate>>>> = {
  // Every database is asked, as nobody knows which one is the witness.
  'unknown within retention': { prepared: 'roll back', 'missing with ledger': 'fine', 'missing without': 'fine' },
  // So old that its run may have been forgotten, whatever it was.
  'unknown beyond retention': { prepared: 'report', 'missing with ledger': 'fine', 'missing without': 'fine' },
  queued: UNFINISHED,
  waiting_for_lock: UNFINISHED,
  stepping: UNFINISHED,
  paused: UNFINISHED,
  running: UNFINISHED,
  deciding: UNFINISHED,
  committing: UNFINISHED,
  finishing: UNFINISHED,
  aborting: UNFINISHED,
  compensating: UNFINISHED,
  in_doubt: UNFINISHED,
  // The target has lost its COMMIT PREPARED, or all that it knew of the run.
  succeeded: { prepared: 'commit', 'missing with ledger': 'fine', 'missing without': 'report' },
  // To commit it now would undo what the rollback has done.
  'succeeded, rolled back later': { prepared: 'report', 'missing with ledger': 'fine', 'missing without': 'report' },
  // Whoever resolves a run has seen what is there and what is missing.
  'resolved by commit': { prepared: 'commit', 'missing with ledger': 'fine', 'missing without': 'fine' },
  'resolved by abort': { prepared: 'roll back', 'missing with ledger': 'fine', 'missing without': 'fine' },
  failed: GONE,
  cancelled: GONE,
};

/** @param isOld Whether a run of that age may have been forgotten. */
export function standingOf(run: RunStanding | undefined, isOld: boolean): Standing {
  if (run === undefined) return isOld ? 'unknown beyond retention' : 'unknown within retention';
  const { state, isResolved, isRolledBack } = run;
  if (state === 'succeeded' && isRolledBack) return 'succeeded, rolled back later';
  if (isResolved && state === 'succeeded') return 'resolved by commit';
  if (isResolved && state === 'failed') return 'resolved by abort';
  return state;
}

/** What becomes of a prepared transaction with this token. */
export function fateOfPrepared(run: RunStanding | undefined, token: string, isOld: boolean): PreparedFate {
  if (run !== undefined && run.token !== token) return 'roll back';
  return FATES[standingOf(run, isOld)].prepared;
}

/** As an event and a log line say it. */
export function describeContradiction({
  database,
  endpointId,
  trace,
  details,
}: Contradiction): RunEventData['contradicted'] {
  return { database, endpoint_id: endpointId, found: trace, details };
}
