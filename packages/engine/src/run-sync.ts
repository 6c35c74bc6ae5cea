import { toStoredError } from '@eden/domain';
import type { AbortOutcome, Plan, RunStart } from '@eden/domain';
import type { MigrationWork } from '@eden/work';
import { loadWork } from '@eden/work';
import { abortRun } from './settle/settle-run.js';
import type { EngineDeps } from './deps.js';
import type { LockedRun } from './attempt/attempt.js';
import { Interrupted, isLost, WORKER_STOPS, wordsOf } from './control/failure.js';
import type { Participant } from './participants/participant.js';
import { rehearse } from './rehearsal/rehearse.js';
import { afterInterruption } from './settle/turn.js';
import { endpointsByUuid, makePlan } from './plan/make-plan.js';
import type { LeftDatabase } from './plan/schemas.js';
import { noteSchemas } from './plan/schemas.js';
import { identifyDatabases } from './plan/identify-databases.js';

/** A sync has no participants. */
const NOTHING: RunStart = { token: '', apis: [], endpointVersions: new Map(), participants: () => [] };

/**
 * Sync: prepares and validates every API of the migration under its write lock, and stores the plan.
 * A finding ends the run `failed` and leaves the migration as it was. When `drain` aborts, another worker begins anew.
 */
export async function runSync(locked: Omit<LockedRun, 'prepared'>): Promise<void> {
  const { deps, ownership, lockWaitMs, drain } = locked;
  const { journal, telemetry } = deps;
  await ownership.advance((owned) => journal.start(owned, NOTHING, lockWaitMs));
  await deps.crashPoints.reach('after-start');
  const { run } = ownership.current;
  const fields = { run: run.uuid, migration: run.migrationId };
  let participants: readonly Participant[] = [];
  try {
    const reader = journal.reader(run.organizationUuid);
    const version = await reader.workVersion(run.migrationUuid);
    const work = await loadWork(reader, run.migrationUuid);
    const interrupted = AbortSignal.any([drain, ownership.signal]);
    const identified = await identifyDatabases({ deps, ownership, signal: interrupted }, work);
    const made = await makePlan(deps, identified.work, identified.reports, { signal: interrupted });
    const planned = { ...identified, version, plan: made };
    const noted = (taking: readonly Participant[]): void => void (participants = taking);
    const plan = run.rehearse ? await rehearse(locked, planned, noted) : made;
    await noteSchemas(deps, ownership.current, leftBy(plan, identified.work));
    await journal.finishSync(ownership.current, plan);
    telemetry.validated('ok', fields);
    telemetry.runFinished('sync', 'succeeded', fields);
  } catch (error) {
    if (isLost(error) || ownership.signal.aborted) throw error;
    if (drain.aborted || error instanceof Interrupted) return handOver(locked, participants, error);
    const stored = toStoredError(error);
    if (stored.code === 'INTERNAL') telemetry.log.error('sync failed unexpectedly', { ...fields, error });
    await journal.fail(ownership.current, stored);
    telemetry.validated('failed', { ...fields, code: stored.code });
    telemetry.runFinished('sync', 'failed', { ...fields, code: stored.code });
  }
}

function leftBy({ databases }: Plan, work: MigrationWork): readonly LeftDatabase[] {
  const endpoints = endpointsByUuid(work);
  return databases.flatMap(({ identity, endpoint: uuid }) => {
    const endpoint = endpoints.get(uuid);
    return endpoint === undefined ? [] : [{ database: identity, endpoint }];
  });
}

/** Begins anew; what a rehearsal may have left prepared is rolled back first. */
function handOver(
  { deps, ownership, drain }: Omit<LockedRun, 'prepared'>,
  participants: readonly Participant[],
  error: unknown,
): Promise<void> {
  const outcome: AbortOutcome = drain.aborted
    ? { kind: 'requeue', reason: WORKER_STOPS }
    : afterInterruption(deps, ownership.current.run, { reason: wordsOf(error), cause: error });
  const settling = { deps, ownership, participants, isUnsent: true, stop: AbortSignal.any([drain, ownership.signal]) };
  return abortRun(settling, { outcome, changes: () => Promise.resolve([]) });
}
