import { approvalWanted, assertRunnable, canonicalJson, mayRun, runInProgress, validationError } from '@eden/domain';
import type {
  JsonObject,
  Migration,
  OrganizationReader,
  OrganizationTransactor,
  Origin,
  Ref,
  Run,
  RunKind,
  SourcePort,
  Subject,
} from '@eden/domain';
import { loadRollbackWork, obstaclesOfFolder, refuseRollback } from '@eden/work';
import type { CoordinatorDeps } from '../deps.js';
import { currentPlan } from './current-plan.js';

export interface RunRequest {
  readonly kind: RunKind;
  /** The `migration` body: overrides of parameters for this run. */
  readonly overrides: JsonObject;
  /** Of a sync: everything is run, too, and taken back. */
  readonly rehearse?: boolean;
}

/**
 * Accepts a sync, migrate or rollback: writes run and outbox in one transaction. An equal request joins the unfinished run;
 * a migrate that comes while the sync still runs is queued behind it.
 * @throws EdenError MIGRATION_NOT_FOUND, MIGRATION_STATE, MIGRATION_NOT_SYNCED, PLAN_OUT_OF_DATE, MIGRATION_AWAITS_APPROVAL,
 *         ROLLBACK_REFUSED, RUN_IN_PROGRESS, VALIDATION_FAILED for overrides where plans have to be approved
 */
export async function requestRun(deps: CoordinatorDeps, subject: Subject, ref: Ref, request: RunRequest): Promise<Run> {
  const organization = deps.store.organization(subject.organizationUuid);
  if (request.kind === 'rollback') await assertUndoable(deps.sources, organization, await organization.migration(ref));
  const traceparent = deps.telemetry.traceparent();
  const asked = { ...request, actor: subject.username, origin: subject.origin, traceparent };
  return organization.transact((tx) => acceptRun(tx, ref, asked));
}

/** Who asks, and from where. */
interface RunAsker {
  readonly actor: string;
  readonly origin: Origin | undefined;
  readonly traceparent: string | null;
}

/** The same within a transaction that writes more. */
export async function acceptRun(
  tx: OrganizationTransactor,
  ref: Ref,
  { actor, origin, traceparent, ...request }: RunRequest & RunAsker,
): Promise<Run> {
  const { uuid } = await tx.migration(ref);
  const unfinished = await tx.unfinishedRuns(uuid);
  const joined = unfinished.find((run) => isEqual(run, request));
  if (joined !== undefined) return joined;
  const migration = await tx.migration(uuid);
  refuseOverrides(migration, request);
  const slot = chooseSlot(unfinished, request);
  if (slot === 'active') await assertStartable(tx, migration, request);
  const run = await tx.insertRun({ migrationUuid: uuid, ...request, slot, actor, traceparent });
  const data = { uuid, run_uuid: run.uuid, overrides: Object.keys(request.overrides) };
  await tx.audit({ actor, origin, action: `migration.${request.kind}`, subject: migration.id, data });
  return run;
}

/** Folders are read before anything is locked. @throws EdenError ROLLBACK_REFUSED (context: reasons) */
async function assertUndoable(
  sources: SourcePort,
  reader: OrganizationReader,
  { uuid, state }: Migration,
): Promise<void> {
  const plan = state === 'Completed' ? await reader.plan(uuid) : null;
  const ran = plan?.apis.filter((api) => api.source !== undefined && api.bindings.length > 0) ?? [];
  if (ran.length === 0) return;
  const known = await reader.sources(uuid);
  const reasons: string[] = [];
  for (const api of ran) {
    const source = known.find(({ apiUuid }) => apiUuid === api.api);
    if (source === undefined) continue;
    const folder = { ...source, files: await reader.sourceFiles(source.uuid) };
    reasons.push(...obstaclesOfFolder(sources, folder, api));
  }
  if (reasons.length > 0) throw refuseRollback(reasons);
}

/** A run that is being cancelled does not do what is asked for. */
function isEqual(run: Run, request: RunRequest): boolean {
  if (run.cancelledBy !== null) return false;
  if (run.rehearse !== (request.rehearse ?? false)) return false;
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
  if (request.kind === 'migrate') return assertPlanned(tx, migration);
  assertRunnable(migration, request.kind);
  if (request.kind === 'rollback') await loadRollbackWork(tx, migration.uuid);
}

/** What was approved is the plan with the parameters of the migration. */
function refuseOverrides({ options }: Migration, { overrides }: RunRequest): void {
  if (options.approval !== true || Object.keys(overrides).length === 0) return;
  const message = 'cannot be given where a plan has to be approved: change the parameters of the migration';
  throw validationError([{ path: 'migration', message }]);
}

/** @throws EdenError MIGRATION_NOT_SYNCED, MIGRATION_STATE, PLAN_OUT_OF_DATE, MIGRATION_AWAITS_APPROVAL */
async function assertPlanned(tx: OrganizationTransactor, migration: Migration): Promise<void> {
  const { hash } = await currentPlan(tx, migration);
  if (!mayRun(migration, hash)) throw approvalWanted(migration, hash);
}
