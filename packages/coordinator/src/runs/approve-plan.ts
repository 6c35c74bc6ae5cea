import { approvalOf, EdenError, runInProgress, type Migration, type Ref, type Subject } from '@eden/domain';
import type { CoordinatorDeps } from '../deps.js';
import { assertUninvolved } from '../migrations/involvement.js';
import { currentPlan } from './current-plan.js';

/**
 * Lets the plan that there is run. Whoever names a hash has seen that plan, and approves no other. To approve what is
 * approved already is no error: the first approval stays.
 * @throws EdenError MIGRATION_NOT_FOUND, APPROVAL_NOT_WANTED, RUN_IN_PROGRESS, MIGRATION_STATE, MIGRATION_NOT_SYNCED,
 *         PLAN_OUT_OF_DATE, APPROVER_INVOLVED
 */
export function approvePlan(
  { store, settings }: Pick<CoordinatorDeps, 'store' | 'settings'>,
  subject: Subject,
  ref: Ref,
  seen: string | undefined,
): Promise<Migration> {
  return store.organization(subject.organizationUuid).transact(async (tx) => {
    const { uuid } = await tx.migration(ref);
    // Holds the migration: its plan stays, and of two approvals one is the first.
    const [active] = await tx.unfinishedRuns(uuid);
    const migration = await tx.migration(uuid);
    if (migration.options.approval !== true) throw notWanted(migration);
    if (seen !== undefined && migration.planHash !== null && seen !== migration.planHash) throw otherPlan(migration);
    if (approvalOf(migration) !== null) return migration;
    if (active !== undefined) throw runInProgress(active.uuid);
    const { hash } = await currentPlan(tx, migration);
    await assertUninvolved(settings, tx, subject, migration);
    const { username: actor, origin } = subject;
    await tx.audit({
      actor,
      origin,
      action: 'migration.approve',
      subject: migration.id,
      data: { uuid, plan_hash: hash },
    });
    return tx.approvePlan(uuid, hash, actor);
  });
}

function otherPlan({ planHash: hash }: Migration): EdenError {
  return new EdenError('PLAN_OUT_OF_DATE', {
    plan_hash: hash,
    suggestion: 'There is another plan by now: look at it, and approve that one',
  });
}

function notWanted({ id }: Migration): EdenError {
  const suggestion = 'It runs without one; options.approval makes its plans wait for somebody else';
  return new EdenError('APPROVAL_NOT_WANTED', { migration_id: id, suggestion });
}
