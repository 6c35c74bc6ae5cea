import type { BackfillOptions } from './backfill.js';
import type { StoredError } from './errors.js';
import { EdenError } from './errors.js';
import type { Uuid } from './ids.js';
import type { JsonObject } from './json.js';
import type { MaintenanceWindow } from './maintenance-window.js';
import type { AtomicityLevel } from './plan.js';

/** What moves them: run-outcomes.ts. */
export const MIGRATION_STATES = ['Pending', 'In Progress', 'Completed', 'Failed', 'Rolled Back'] as const;
export type MigrationState = (typeof MIGRATION_STATES)[number];

export interface MigrationOptions {
  readonly atomicity?: 'strict' | 'best';
  readonly lock_timeout_ms?: number;
  readonly max_parallel?: number;
  readonly maintenance_window?: MaintenanceWindow;
  readonly backfill?: BackfillOptions;
  readonly approval?: boolean;
}

/** Somebody's word that a plan may run. It holds for the plan of this hash and for no other. */
export interface Approval {
  readonly planHash: string;
  readonly approvedBy: string;
  readonly approvedAt: Date;
}

/** Whatever people sort their migrations by: a commit, a team. */
export type Labels = Readonly<Record<string, string>>;

export interface Migration {
  readonly uuid: Uuid;
  readonly organizationUuid: Uuid;
  readonly id: string;
  readonly description: string | null;
  readonly state: MigrationState;
  /** Raised when a run starts and when one is aborted; the fence (protocol I5). */
  readonly epoch: number;
  /** Raised by every change of what the migration would do; a plan is only good for its revision. */
  readonly revision: number;
  /** Hash of the plan of the last good sync, null when there is none or it was voided. */
  readonly planHash: string | null;
  /** What that plan can promise. */
  readonly atomicity: AtomicityLevel | null;
  /** The latest, also where it is of an earlier plan. */
  readonly approval: Approval | null;
  readonly parameters: JsonObject;
  readonly options: MigrationOptions;
  readonly labels: Labels;
  readonly notes: string | null;
  readonly apiUuids: readonly Uuid[];
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** What is said of a migration and decides nothing that it does. */
const REMARKS: ReadonlySet<string> = new Set(['labels', 'notes'] satisfies (keyof Migration)[]);

/** Whether the migration does the same as before: its plan stays good, and who remarks has made nothing of it. */
export function isRemark(changes: object): boolean {
  return Object.entries(changes).every(([key, value]) => value === undefined || REMARKS.has(key));
}

export function migrationStateError(state: MigrationState, suggestion: string): EdenError {
  return new EdenError('MIGRATION_STATE', { state, suggestion }, { sentence: `Migration is in state "${state}"` });
}

/** From T1 on the plan is history, which a rollback goes by. Another attempt compares it with what is there by then. */
export const PLAN_IS_HISTORY: readonly MigrationState[] = ['In Progress', 'Completed'];

/** @throws EdenError MIGRATION_STATE when the migration takes no further API */
export function assertTakesApis({ state }: Pick<Migration, 'state'>): void {
  if (state === 'Completed') throw migrationStateError(state, 'Create a new migration for further APIs');
}

/** The answer of `migrate` when there is no good sync: with the errors of the last one, where it failed. */
export function notSyncedError(errors: readonly StoredError[]): EdenError {
  return new EdenError('MIGRATION_NOT_SYNCED', {
    suggestion: 'Run sync and try again',
    errors: errors.map(({ code, error, context }) => ({ error, code, ...context })),
  });
}
