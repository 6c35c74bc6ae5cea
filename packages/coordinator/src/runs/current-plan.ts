import { notSyncedError, type Migration, type OrganizationReader, type Plan } from '@eden/domain';
import { loadWork, planHash, planOutOfDate } from '@eden/work';

/** The plan of the last sync that nobody has cancelled, if that was good and it still fits. @throws EdenError MIGRATION_NOT_SYNCED, PLAN_OUT_OF_DATE */
export async function currentPlan(reader: OrganizationReader, migration: Migration): Promise<Plan> {
  const plan = migration.planHash === null ? null : await reader.plan(migration.uuid);
  const lastSync = await reader.latestRun(migration.uuid, 'sync', 'cancelled');
  if (plan === null || lastSync?.state === 'failed') throw notSyncedError(lastSync?.error ? [lastSync.error] : []);
  if (planHash(await loadWork(reader, migration.uuid), plan) !== plan.hash) throw planOutOfDate();
  return plan;
}
