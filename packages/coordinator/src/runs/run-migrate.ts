import pMap from 'p-map';
import { EdenError, databaseKey, isEdenError, toStoredError } from '@eden/domain';
import type { AbortOutcome, HeldLock, Plan, RunParticipant, StoredError, Uuid } from '@eden/domain';
import { abortRun, afterInterruption } from './abort-run.js';
import { commitRun } from './commit-run.js';
import type { CommitTarget } from './commit-run.js';
import type { RunDeps } from './deps.js';
import { executeStages } from './execute-stages.js';
import type { ApiFailure } from './failure.js';
import { ExecutionFailed, Interrupted, executionError, isBesideTheWork, isLost } from './failure.js';
import { loadWork } from './load-work.js';
import type { MigrationWork } from './load-work.js';
import { endpointsByUuid } from './make-plan.js';
import { systemValues } from './migration-values.js';
import type { Ownership } from './ownership.js';
import type { Participant } from './participants.js';
import { beginParticipants, closeAll, participantRows } from './participants.js';
import { planHash } from './plan-hash.js';
import { Progress } from './progress.js';
import { planOutOfDate } from './request-run.js';
import type { SettlementTarget } from './settle.js';
import type { TargetReports } from './target-reports.js';
import { databaseKeys, inspectTargets } from './target-reports.js';

/** A migrate run under its write lock. */
export interface MigrateRun {
  readonly deps: RunDeps;
  readonly ownership: Ownership;
  readonly lock: HeldLock;
  /** How long the run waited for the lock, all tries together. */
  readonly lockWaitMs: number;
  /** Aborted when the process stops. */
  readonly drain: AbortSignal;
}

/** After this long the run is left to recovery, so that a target that is away blocks no slot of the worker. */
const SETTLE_MS = 15_000;

/**
 * Protocol section 3, steps 1–5: T1, all participants in parallel, PREPARE, T2, COMMIT PREPARED, T3; or the abort.
 * Before T1 a failure leaves everything as it was; from T2 on nothing but the commit is possible.
 */
export async function runMigrate(migrate: MigrateRun): Promise<void> {
  const { deps, ownership, lockWaitMs } = migrate;
  const { run } = ownership.current;
  const work = await loadWork(deps.journal.reader(run.organizationUuid), run.migrationUuid);
  const { plan, reports } = await currentPlan(deps, work, run.organizationUuid);
  const progress = new Progress(work, plan);
  const installation = await deps.journal.installation();
  const participants = (epoch: number): readonly RunParticipant[] =>
    participantRows(plan, { installation, runUuid: run.uuid, epoch });
  ownership.advance(await deps.journal.start(ownership.current, { apis: progress.all(), participants }, lockWaitMs));
  await deps.crashPoints.reach('after-start');
  await attempt(migrate, { work, plan, reports, progress, rows: participants(ownership.current.run.epoch) });
}

interface Attempt {
  readonly work: MigrationWork;
  readonly plan: Plan;
  readonly reports: TargetReports;
  readonly progress: Progress;
  readonly rows: readonly RunParticipant[];
}

async function attempt(migrate: MigrateRun, { work, plan, reports, progress, rows }: Attempt): Promise<void> {
  const { deps, ownership, lock, drain } = migrate;
  const interrupted = AbortSignal.any([lock.signal, ownership.signal, drain]);
  const pausedAt = performance.now();
  let participants: readonly Participant[] = [];
  const letGo = (): void => void closeAll(participants);
  interrupted.addEventListener('abort', letGo);
  try {
    await assertUnchanged(migrate, plan);
    participants = await beginParticipants({ deps, ownership, interrupted }, work, plan);
    await deps.crashPoints.reach('after-begin');
    await execute(migrate, { work, plan, reports, progress, rows }, participants);
    await prepareAll(deps, ownership, participants);
    if (interrupted.aborted) throw new Interrupted('before the commit point');
    await decide(deps, ownership, performance.now() - pausedAt);
  } catch (error) {
    await closeAll(participants);
    if (isLost(error) || ownership.signal.aborted) throw error;
    const isInterrupted = interrupted.aborted || isBesideTheWork(error);
    const failure = isInterrupted ? new Interrupted('while running', { cause: error }) : error;
    await abortAttempt(migrate, { work, plan, reports, progress, rows }, failure);
    return;
  } finally {
    interrupted.removeEventListener('abort', letGo);
  }
  const targets = settlementTargets(work, rows).map((target, index) => withSession(target, participants[index]));
  await commitRun(deps, ownership, targets, { lock, stop: whileSettling(migrate) });
  deps.telemetry.apiPaused(performance.now() - pausedAt);
}

/** When what follows the decision is left to whoever adopts the run. */
function whileSettling({ drain, ownership }: MigrateRun): AbortSignal {
  return AbortSignal.any([drain, ownership.signal, AbortSignal.timeout(SETTLE_MS)]);
}

/**
 * From T1 on nobody changes the definitions; somebody who had lost the lock without noticing may have done so just
 * before it. Another attempt finds the plan out of date.
 */
async function assertUnchanged({ deps, ownership }: MigrateRun, plan: Plan): Promise<void> {
  const { run } = ownership.current;
  const work = await loadWork(deps.journal.reader(run.organizationUuid), run.migrationUuid);
  if (planHash(work, plan.databases) !== plan.hash) throw new Interrupted('changed just before T1');
}

function withSession(target: SettlementTarget, participant: Participant | undefined): CommitTarget {
  return participant === undefined ? target : { ...target, session: participant.session };
}

function settlementTargets(work: MigrationWork, rows: readonly RunParticipant[]): readonly SettlementTarget[] {
  const endpoints = endpointsByUuid(work);
  return rows.flatMap((participant) => {
    const endpoint = endpoints.get(participant.endpointUuid);
    return endpoint === undefined ? [] : [{ participant, endpoint }];
  });
}

async function execute(
  { deps, ownership }: MigrateRun,
  { work, reports, progress }: Attempt,
  participants: readonly Participant[],
): Promise<void> {
  const { run } = ownership.current;
  const values = {
    system: systemValues(work, run, run.startedAt ?? new Date()),
    overrides: run.overrides,
    parameters: work.migration.parameters,
  };
  const maxParallel = work.migration.options.max_parallel ?? deps.run.maxParallel;
  const databaseOf = databaseKeys(reports);
  await executeStages({ deps, ownership, participants, databaseOf, values, progress, maxParallel }, work);
  await deps.crashPoints.reach('after-bindings');
}

async function prepareAll(deps: RunDeps, ownership: Ownership, participants: readonly Participant[]): Promise<void> {
  await pMap(
    participants,
    async ({ session, number }) => {
      await deps.crashPoints.reach('before-prepare', number);
      await session.prepare();
      await deps.crashPoints.reach('after-prepare', number);
    },
    { concurrency: deps.run.maxParallel },
  );
  await deps.journal.recordEvent(ownership.current, 'prepared', { participants: participants.length });
}

/** T2. When its reply is lost, the row under FOR UPDATE tells whether it happened. */
async function decide(deps: RunDeps, ownership: Ownership, parallelExecutionMs: number): Promise<void> {
  await deps.crashPoints.reach('before-decide');
  try {
    await deps.journal.decide(ownership.current, parallelExecutionMs);
  } catch (error) {
    if (!isEdenError(error, 'SERVICE_UNAVAILABLE')) throw error;
    const settled = await deps.journal.state(ownership.current.run.uuid);
    const { epoch } = ownership.current.run;
    if (settled?.state !== 'committing' || settled.epoch !== epoch) throw error;
  }
  await deps.crashPoints.reach('after-decide');
}

/** The stored plan, if the migration and its targets are still as they were at sync. @throws EdenError PLAN_OUT_OF_DATE */
async function currentPlan(
  deps: RunDeps,
  work: MigrationWork,
  organizationUuid: Uuid,
): Promise<{ plan: Plan; reports: TargetReports }> {
  const plan = await deps.journal.reader(organizationUuid).plan(work.migration.uuid);
  if (plan === null) throw planOutOfDate('The plan was voided after the run had been accepted');
  const reports = await inspectTargets(deps, work);
  const fingerprints = new Map([...reports.values()].map((r) => [databaseKey(r.identity), r.schemaFingerprint]));
  const changed = plan.databases.filter((d) => fingerprints.get(databaseKey(d.identity)) !== d.schemaFingerprint);
  if (changed.length > 0) {
    throw planOutOfDate(`The schema of ${changed.map((d) => d.identity.databaseName).join(', ')} has changed`);
  }
  if (planHash(work, plan.databases) !== plan.hash) throw planOutOfDate('The migration has changed');
  return { plan, reports };
}

async function abortAttempt(migrate: MigrateRun, { work, progress, rows }: Attempt, error: unknown): Promise<void> {
  const { deps, ownership } = migrate;
  const isInterrupted = error instanceof Interrupted;
  const failures = isInterrupted ? [] : failuresOf(work, error);
  const outcome = isInterrupted ? outcomeOfInterruption(migrate) : failed(work, failures, error);
  const targets = settlementTargets(work, rows);
  await abortRun(deps, ownership, { outcome, targets, apis: progress.aborted(failures), stop: whileSettling(migrate) });
}

/** However often workers are replaced, that is not the run's fault. */
function outcomeOfInterruption({ deps, ownership, drain }: MigrateRun): AbortOutcome {
  return drain.aborted ? { kind: 'requeue' } : afterInterruption(deps, ownership.current.run);
}

function failed(work: MigrationWork, failures: readonly ApiFailure[], error: unknown): AbortOutcome {
  const isLockTimeout = isEdenError(error, 'LOCK_TIMEOUT');
  return { kind: 'failed', error: isLockTimeout ? gateTimeout(work, error) : executionError(failures) };
}

/** The guide's lock timeout, with the blockers that the target named. */
function gateTimeout({ migration }: MigrationWork, error: EdenError): StoredError {
  const suggestion = 'Another migration may be in progress';
  return toStoredError(new EdenError(error.code, { migration_id: migration.id, suggestion, ...error.context }));
}

/** What is not a failure of one API (a target that cannot be reached, a PREPARE that was refused) is everybody's. */
function failuresOf(work: MigrationWork, error: unknown): readonly ApiFailure[] {
  if (error instanceof ExecutionFailed) return error.failures;
  return work.apis.map((api) => ({ api, error }));
}
