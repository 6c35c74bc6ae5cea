import { assertRunnable, notSyncedError } from '@eden/domain';
import type { EdenError, Migration, OrganizationReader, Plan, Run } from '@eden/domain';
import { loadWork, planHash, planOutOfDate } from '@eden/work';

/**
 * The plan of the last sync that nobody has cancelled, if that was good and it still fits. Where that sync has failed,
 * its errors say more than the state that an earlier run has left.
 * @throws EdenError MIGRATION_NOT_SYNCED, MIGRATION_STATE, PLAN_OUT_OF_DATE
 */
export async function currentPlan(reader: OrganizationReader, migration: Migration): Promise<Plan> {
  const plan = migration.planHash === null ? null : await reader.plan(migration.uuid);
  const lastSync = await reader.latestRun(migration.uuid, 'sync', 'cancelled');
  if (lastSync?.state === 'failed') throw notSyncedError(lastSync.error ? [lastSync.error] : []);
  assertRunnable(migration, 'migrate');
  if (plan === null) throw withoutPlan(lastSync);
  if (planHash(await loadWork(reader, migration.uuid), plan) !== plan.hash) throw planOutOfDate();
  return plan;
}

/** A good sync has left a plan: whoever has changed something since has voided it. */
function withoutPlan(lastSync: Run | null): EdenError {
  return lastSync?.state === 'succeeded' ? planOutOfDate() : notSyncedError([]);
}
