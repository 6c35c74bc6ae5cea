import { assertRunnable, canonicalJson, notSyncedError, runInProgress } from '@eden/domain';
import type { JsonObject, Migration, OrganizationTransactor, Ref, Run, RunKind, Subject } from '@eden/domain';
import { loadRollbackWork, loadWork, planHash, planOutOfDate } from '@eden/work';
import type { CoordinatorDeps } from '../deps.js';

export interface RunRequest {
  readonly kind: RunKind;
  /** The `migration` body: overrides of parameters for this run. */
  readonly overrides: JsonObject;
}

/**
 * Accepts a sync, migrate or rollback: writes run and outbox in one transaction. An equal request joins the unfinished run;
 * a migrate that comes while the sync still runs is queued behind it.
 * @throws EdenError MIGRATION_NOT_FOUND, MIGRATION_STATE, MIGRATION_NOT_SYNCED, PLAN_OUT_OF_DATE, ROLLBACK_REFUSED,
 *         RUN_IN_PROGRESS
 */
export function requestRun(deps: CoordinatorDeps, subject: Subject, ref: Ref, request: RunRequest): Promise<Run> {
  return deps.store.organization(subject.organizationUuid).transact(async (tx) => {
    const { uuid } = await tx.migration(ref);
    const unfinished = await tx.unfinishedRuns(uuid);
    const joined = unfinished.find((run) => isEqual(run, request));
    if (joined !== undefined) return joined;
    const migration = await tx.migration(uuid);
    const slot = chooseSlot(unfinished, request);
    if (slot === 'active') await assertStartable(tx, migration, request);
    return tx.insertRun({ migrationUuid: uuid, ...request, slot, actor: subject.username });
  });
}

/** A run that is being cancelled does not do what is asked for. */
function isEqual(run: Run, request: RunRequest): boolean {
  if (run.cancelledBy !== null) return false;
  return run.kind === request.kind && canonicalJson(run.overrides) === canonicalJson(request.overrides);
}

function chooseSlot(unfinished: readonly Run[], request: RunRequest): 'active' | 'behind' {
  const [only] = unfinished;
  if (only === undefined) return 'active';
  const mayFollow = only.kind === 'sync' && only.cancelledBy === null;
  if (unfinished.length === 1 && mayFollow && request.kind === 'migrate') return 'behind';
  throw runInProgress(only.uuid);
}

async function assertStartable(tx: OrganizationTransactor, migration: Migration, request: RunRequest): Promise<void> {
  assertRunnable(migration, request.kind);
  if (request.kind === 'migrate') await assertPlanned(tx, migration);
  if (request.kind === 'rollback') await loadRollbackWork(tx, migration.uuid);
}

async function assertPlanned(tx: OrganizationTransactor, migration: Migration): Promise<void> {
  const plan = migration.planHash === null ? null : await tx.plan(migration.uuid);
  if (plan === null) {
    const lastSync = await tx.latestRun(migration.uuid, 'sync');
    throw notSyncedError(lastSync?.error ? [lastSync.error] : []);
  }
  if (planHash(await loadWork(tx, migration.uuid), plan) !== plan.hash) throw planOutOfDate();
}
