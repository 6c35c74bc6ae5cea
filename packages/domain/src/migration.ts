import type { StoredError } from './errors.js';
import { EdenError } from './errors.js';
import type { Uuid } from './ids.js';
import type { JsonObject } from './json.js';
import type { AtomicityLevel } from './plan.js';
import type { RunKind } from './run.js';

/*
 * Migration states (contract section 5). What moves them:
 *
 *   Pending ──T1 of a migrate run──▶ In Progress ──T3──▶ Completed ──T1 of a rollback──▶ In Progress ──T3──▶ Rolled Back
 *      ▲                                  │ abort                                             │ abort
 *      └── sync succeeds ── Failed ◀──────┘                                    Completed ◀────┘
 *      ▲
 *      └── sync succeeds ── Rolled Back
 */
export const MIGRATION_STATES = ['Pending', 'In Progress', 'Completed', 'Failed', 'Rolled Back'] as const;
export type MigrationState = (typeof MIGRATION_STATES)[number];

export interface MaintenanceWindow {
  readonly days?: readonly string[];
  readonly start: string;
  readonly end: string;
  readonly timezone: string;
}

export interface MigrationOptions {
  readonly atomicity?: 'strict' | 'best';
  readonly lock_timeout_ms?: number;
  readonly max_parallel?: number;
  readonly maintenance_window?: MaintenanceWindow;
  readonly approval?: boolean;
}

export interface Migration {
  readonly uuid: Uuid;
  readonly organizationUuid: Uuid;
  readonly id: string;
  readonly description: string | null;
  readonly state: MigrationState;
  /** Raised when a run starts and when one is aborted; the fence of protocol section 2. */
  readonly epoch: number;
  /** Raised by every change of what the migration would do; a plan is only good for its revision. */
  readonly revision: number;
  /** Hash of the plan of the last good sync, null when there is none or it was voided. */
  readonly planHash: string | null;
  /** What that plan can promise. */
  readonly atomicity: AtomicityLevel | null;
  readonly parameters: JsonObject;
  readonly options: MigrationOptions;
  readonly apiUuids: readonly Uuid[];
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export function migrationStateError(state: MigrationState, suggestion: string): EdenError {
  return new EdenError('MIGRATION_STATE', { state, suggestion }, { sentence: `Migration is in state "${state}"` });
}

/** @throws EdenError MIGRATION_STATE when a run of this kind cannot start from the state. */
export function assertRunnable({ state }: Pick<Migration, 'state'>, kind: RunKind): void {
  const { from, suggestion } = RUNNABLE[kind];
  if (!from.includes(state)) throw migrationStateError(state, suggestion);
}

const AFTER_COMPLETED = 'Create a new migration, or roll this one back first';

/** The table of contract section 5: from which states a run may start. */
const RUNNABLE: Readonly<Record<RunKind, { readonly from: readonly MigrationState[]; readonly suggestion: string }>> = {
  sync: { from: ['Pending', 'Failed', 'Rolled Back'], suggestion: AFTER_COMPLETED },
  migrate: { from: ['Pending'], suggestion: 'Run sync first: only a pending, synced migration can be run' },
  rollback: { from: ['Completed'], suggestion: 'Only a completed migration can be rolled back' },
};

/** The answer of `migrate` when there is no good sync: with the errors of the last one, where it failed. */
export function notSyncedError(errors: readonly StoredError[]): EdenError {
  return new EdenError('MIGRATION_NOT_SYNCED', {
    suggestion: 'Run sync and try again',
    errors: errors.map(({ code, error, context }) => ({ error, code, ...context })),
  });
}
