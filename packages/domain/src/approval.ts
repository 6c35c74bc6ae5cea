import { EdenError } from './errors.js';
import type { Migration } from './migration.js';

/** A plan of the migration that nobody has approved, or the one that there is to be. */
type Approvable = Pick<Migration, 'planHash' | 'approval' | 'options'>;

/** Whether a plan of that hash may run, as far as approvals go. */
export function mayRun({ approval, options }: Pick<Approvable, 'approval' | 'options'>, planHash: string): boolean {
  return options.approval !== true || approval?.planHash === planHash;
}

/** There is a plan, and it waits for somebody to approve it. */
export function awaitsApproval(migration: Approvable): boolean {
  return migration.planHash !== null && !mayRun(migration, migration.planHash);
}

/** The approval of the plan that there is. */
export function approvalOf({ planHash, approval }: Approvable): Migration['approval'] {
  return approval?.planHash === planHash ? approval : null;
}

/** The answer to whoever wants to run a plan that nobody has approved. */
export function approvalWanted({ id, approval }: Pick<Migration, 'id' | 'approval'>, planHash: string): EdenError {
  const suggestion = 'Have somebody else approve the plan: POST /migrations/{m}/approve, or eden approve';
  const earlier = approval === null ? {} : { approved_plan_hash: approval.planHash };
  return new EdenError('MIGRATION_AWAITS_APPROVAL', { migration_id: id, plan_hash: planHash, ...earlier, suggestion });
}
