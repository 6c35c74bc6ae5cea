import { approvalWanted, hasBegun, isSameDatabase, mayRun } from '@eden/domain';
import type { Plan, PlannedDatabase, Run } from '@eden/domain';
import {
  allEndpoints,
  inspectTargets,
  loadRollbackWork,
  loadWork,
  planHash,
  planOutOfDate,
  refuseRollback,
  reportOf,
} from '@eden/work';
import type { InspectedTarget, MigrationWork, TargetReports } from '@eden/work';
import type { EngineDeps } from '../deps.js';
import { Interrupted } from '../control/failure.js';
import { makePlan } from './make-plan.js';
import { assertOneDatabaseEach } from './one-database.js';

/** What a run is going to do, and the targets as they were found just before. */
export interface PlannedWork {
  readonly work: MigrationWork;
  /** Of the work, from before it was read. */
  readonly version: string;
  readonly plan: Plan;
  readonly reports: TargetReports;
}

/**
 * The stored plan of a migrate, if the migration and its targets are still as they were at sync. It is looked at before
 * executions have to wait: what still changes of the migration, T1 and `assertStillPlanned` find out.
 * @throws EdenError PLAN_OUT_OF_DATE, MIGRATION_AWAITS_APPROVAL
 */
export async function plannedAtSync(deps: EngineDeps, run: Run): Promise<PlannedWork> {
  const reader = deps.journal.reader(run.organizationUuid);
  const version = await reader.workVersion(run.migrationUuid);
  const work = await loadWork(reader, run.migrationUuid);
  const plan = await reader.plan(run.migrationUuid);
  if (plan === null) throw planOutOfDate('The plan was voided after the run had been accepted');
  const reports = await inspectTargets(deps, work);
  assertSameWays(work, reports);
  assertSameTargets(plan, reports, await databasesStepped(deps, run, plan));
  if (planHash(work, plan) !== plan.hash) throw planOutOfDate('The migration has changed');
  // It may have been accepted behind its sync, before there was this plan.
  if (!mayRun(work.migration, plan.hash)) throw approvalWanted(work.migration, plan.hash);
  return { work, version, plan, reports };
}

/** A name may have been given to another machine: the endpoint is as it was, and leads elsewhere. */
function assertSameWays(work: MigrationWork, reports: TargetReports): void {
  const changed = allEndpoints(work).filter(
    ({ uuid, database }) => database !== null && !isSameDatabase(database, reportOf(uuid, reports).identity),
  );
  const names = changed.map(({ id }) => id).join(', ');
  if (changed.length > 0) throw planOutOfDate(`Another database than at the sync is behind ${names}`);
}

/** The schemas of databases, by their keys, that the run's own steps have changed already; null where that is not known. */
async function databasesStepped(
  { journal }: EngineDeps,
  run: Run,
  plan: Plan,
): Promise<ReadonlyMap<string, string | null>> {
  if (!plan.apis.some(({ bindings }) => bindings.some(({ outside }) => outside !== undefined))) return new Map();
  const steps = await journal.reader(run.organizationUuid).outsideSteps(run.uuid);
  return new Map(steps.filter(hasBegun).map(({ database, schemaFingerprint }) => [database.key, schemaFingerprint]));
}

function assertSameTargets(plan: Plan, reports: TargetReports, stepped: ReadonlyMap<string, string | null>): void {
  const found = plan.databases.map((planned) => ({ planned, report: reportOn(planned, reports) }));
  const changed = found.filter(({ planned: { identity, schemaFingerprint }, report }) => {
    const expected = stepped.has(identity.key) ? stepped.get(identity.key) : schemaFingerprint;
    return expected !== null && report?.schemaFingerprint !== expected;
  });
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
  const version = await reader.workVersion(run.migrationUuid);
  const work = await loadRollbackWork(reader, run.migrationUuid);
  const reports = await inspectTargets(deps, work);
  await assertOneDatabaseEach(deps, work, reports);
  const stepped = (await reader.outsideSteps(run.uuid)).filter(hasBegun);
  const plan = await makePlan(deps, work, reports, { signal: drain, stepped }).catch((error: unknown) => {
    throw drain.aborted ? new Interrupted('while it was planned') : error;
  });
  assertSameDatabases(plan, await reader.plan(run.migrationUuid));
  return { work, version, plan, reports };
}

/** What is undone must be where it was done: an endpoint may lead elsewhere by now. */
function assertSameDatabases({ databases }: Plan, committed: Plan | null): void {
  const known = committed?.databases.map(({ identity }) => identity) ?? [];
  const foreign = databases.filter(({ identity }) => !known.some((each) => isSameDatabase(each, identity)));
  if (foreign.length === 0) return;
  throw refuseRollback(foreign.map(({ identity }) => `The migration did not run in "${identity.name}"`));
}

/**
 * A rollback as it stands before its lock: what runs outside the transaction may come before that. Null where nothing may be
 * outside. @throws as `plannedRollback`
 */
export async function plannedStepsOfRollback(
  deps: EngineDeps,
  run: Run,
  drain: AbortSignal,
): Promise<PlannedWork | null> {
  const { options } = await deps.journal.reader(run.organizationUuid).migration(run.migrationUuid);
  return options.atomicity === 'best' ? plannedRollback(deps, run, drain) : null;
}

/**
 * From T1 on nobody changes the definitions; somebody who had lost the lock without noticing may have done so just
 * before it. Another attempt finds the plan out of date.
 * @throws Interrupted
 */
export async function assertStillPlanned(deps: EngineDeps, run: Run, { version }: PlannedWork): Promise<void> {
  const found = await deps.journal.reader(run.organizationUuid).workVersion(run.migrationUuid);
  if (found !== version) throw new Interrupted('changed just before T1');
}
