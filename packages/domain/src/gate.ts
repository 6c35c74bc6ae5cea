import type { Uuid } from './ids.js';
import type { MigrationState } from './migration.js';
import { isFinished, type Run, type RunState } from './run.js';

/** What a deployment can wait for. A migration that wants no approval is approved as soon as it is synced. */
export const GATE_GOALS = ['synced', 'approved', 'completed'] as const;
export type GateGoal = (typeof GATE_GOALS)[number];

/** Where a migration stands: all that a gate goes by. */
export interface GateStanding {
  readonly migrationUuid: Uuid;
  readonly state: MigrationState;
  /** There is a plan. */
  readonly isPlanned: boolean;
  /** Nobody has approved it, and somebody has to. */
  readonly awaitsApproval: boolean;
  /** The unfinished one, or else the latest. */
  readonly run: Run | null;
}

/** `open`: go on; `closed`: nothing that is under way leads there any more. */
export type GateVerdict = 'open' | 'waiting' | 'closed';

/** Of a run in doubt nobody can tell yet: it waits for a person. */
export function gateVerdict(standing: GateStanding, goal: GateGoal): GateVerdict {
  const { state, run } = standing;
  if (state === 'Completed' || (goal !== 'completed' && mayMigrate(standing, goal))) return 'open';
  if (run !== null && !isFinished(run.state)) return 'waiting';
  return ENDS.has(state) || isLost(run) ? 'closed' : 'waiting';
}

const ENDS: ReadonlySet<MigrationState> = new Set(['Failed', 'Rolled Back']);
const KEEPS_PLAN: ReadonlySet<RunState> = new Set(['succeeded', 'cancelled']);
const LOST: ReadonlySet<RunState> = new Set(['failed', 'cancelled']);

/** A migrate that came before the approval has only come too early. */
function isLost(run: Run | null): boolean {
  return run !== null && LOST.has(run.state) && run.error?.code !== 'MIGRATION_AWAITS_APPROVAL';
}

/** There is a plan, and nobody is at making another one, or has failed to. */
function mayMigrate({ state, isPlanned, awaitsApproval, run }: GateStanding, goal: GateGoal): boolean {
  if (goal === 'approved' && awaitsApproval) return false;
  return isPlanned && !isUnsynced(run) && (state === 'Pending' || state === 'In Progress');
}

/** By its latest run: whatever plan there is, is not that of the last sync, which is under way or has failed. */
export function isUnsynced(run: Run | null): boolean {
  if (run === null) return false;
  return run.error?.code === 'MIGRATION_NOT_SYNCED' || (run.kind === 'sync' && !KEEPS_PLAN.has(run.state));
}
