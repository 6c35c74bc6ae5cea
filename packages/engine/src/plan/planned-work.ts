import { isSameDatabase } from '@eden/domain';
import type { Plan, PlannedDatabase, Run } from '@eden/domain';
import { loadRollbackWork, loadWork, planHash, planOutOfDate, refuseRollback } from '@eden/work';
import type { MigrationWork } from '@eden/work';
import type { EngineDeps } from '../deps.js';
import { Interrupted } from '../control/failure.js';
import { makePlan } from './make-plan.js';
import { assertOneDatabaseEach } from './one-database.js';
import type { InspectedTarget, TargetReports } from './target-reports.js';
import { allEndpoints, inspectTargets, reportOf } from './target-reports.js';

/** What a run is going to do, and the targets as they were found just before. */
export interface PlannedWork {
  readonly work: MigrationWork;
  readonly plan: Plan;
  readonly reports: TargetReports;
}

/**
 * The stored plan of a migrate, if the migration and its targets are still as they were at sync. It is looked at before
 * executions have to wait: what still changes of the migration, T1 and `assertStillPlanned` find out.
 * @throws EdenError PLAN_OUT_OF_DATE
 */
export async function plannedAtSync(deps: EngineDeps, run: Run): Promise<PlannedWork> {
  const reader = deps.journal.reader(run.organizationUuid);
  const work = await loadWork(reader, run.migrationUuid);
  const plan = await reader.plan(run.migrationUuid);
  if (plan === null) throw planOutOfDate('The plan was voided after the run had been accepted');
  const reports = await inspectTargets(deps, work);
  assertSameWays(work, reports);
  assertSameTargets(plan, reports);
  if (planHash(work, plan) !== plan.hash) throw planOutOfDate('The migration has changed');
  return { work, plan, reports };
}

/** A name may have been given to another machine: the endpoint is as it was, and leads elsewhere. */
function assertSameWays(work: MigrationWork, reports: TargetReports): void {
  const changed = allEndpoints(work).filter(
    ({ uuid, database }) => database !== null && !isSameDatabase(database, reportOf(uuid, reports).identity),
  );
  const names = changed.map(({ id }) => id).join(', ');
  if (changed.length > 0) throw planOutOfDate(`Another database than at the sync is behind ${names}`);
}

function assertSameTargets(plan: Plan, reports: TargetReports): void {
  const found = plan.databases.map((planned) => ({ planned, report: reportOn(planned, reports) }));
  const changed = found.filter(({ planned, report }) => report?.schemaFingerprint !== planned.schemaFingerprint);
  if (changed.length > 0) throw planOutOfDate(`The schema of ${namesOf(changed)} has changed`);
  const moved = found.filter(({ planned, report }) => report?.identity.place !== planned.identity.place);
  if (moved.length > 0) throw planOutOfDate(`The database ${namesOf(moved)} has moved`);
  const unprepared = found.filter(({ planned, report }) => planned.class === 'two-phase' && report?.class !== '2pc');
  if (unprepared.length > 0)
    throw planOutOfDate(`The server of ${namesOf(unprepared)} no longer prepares transactions`);
}

/** Where several addresses lead to the database, the one that it was known by. */
function reportOn({ identity }: PlannedDatabase, reports: TargetReports): InspectedTarget | undefined {
  const same = [...reports.values()].filter((report) => isSameDatabase(report.identity, identity));
  return same.find((report) => report.identity.place === identity.place) ?? same[0];
}

function namesOf(databases: readonly { readonly planned: PlannedDatabase }[]): string {
  return databases.map(({ planned }) => planned.identity.name).join(', ');
}

/**
 * A rollback is planned now, under its lock.
 * @param drain Aborted when the process has to let go of the run.
 * @throws EdenError ROLLBACK_REFUSED, and what keeps it from being planned
 * @throws Interrupted
 */
export async function plannedRollback(deps: EngineDeps, run: Run, drain: AbortSignal): Promise<PlannedWork> {
  const reader = deps.journal.reader(run.organizationUuid);
  const work = await loadRollbackWork(reader, run.migrationUuid);
  const reports = await inspectTargets(deps, work);
  await assertOneDatabaseEach(deps, work, reports);
  const plan = await makePlan(deps, work, reports, drain).catch((error: unknown) => {
    throw drain.aborted ? new Interrupted('while it was planned') : error;
  });
  assertSameDatabases(plan, await reader.plan(run.migrationUuid));
  return { work, plan, reports };
}

/** What is undone must be where it was done: an endpoint may lead elsewhere by now. */
function assertSameDatabases({ databases }: Plan, committed: Plan | null): void {
  const known = committed?.databases.map(({ identity }) => identity) ?? [];
  const foreign = databases.filter(({ identity }) => !known.some((each) => isSameDatabase(each, identity)));
  if (foreign.length === 0) return;
  throw refuseRollback(foreign.map(({ identity }) => `The migration did not run in "${identity.name}"`));
}

/**
 * From T1 on nobody changes the definitions; somebody who had lost the lock without noticing may have done so just
 * before it. Another attempt finds the plan out of date.
 * @throws Interrupted
 */
export async function assertStillPlanned(deps: EngineDeps, run: Run, plan: Plan): Promise<void> {
  const load = run.kind === 'rollback' ? loadRollbackWork : loadWork;
  const work = await load(deps.journal.reader(run.organizationUuid), run.migrationUuid);
  if (planHash(work, plan) !== plan.hash) throw new Interrupted('changed just before T1');
}
