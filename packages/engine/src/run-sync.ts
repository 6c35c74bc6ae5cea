import { toStoredError } from '@eden/domain';
import type { RunStart } from '@eden/domain';
import { loadWork } from '@eden/work';
import { abortRun } from './settle/settle-run.js';
import type { EngineDeps } from './deps.js';
import { isLost, WORKER_STOPS } from './control/failure.js';
import { makePlan } from './plan/make-plan.js';
import type { Ownership } from './control/ownership.js';
import { identifyDatabases } from './plan/identify-databases.js';

/** A sync has no participants. */
const NOTHING: RunStart = { token: '', apis: [], endpointVersions: new Map(), participants: () => [] };

/**
 * Sync: prepares and validates every API of the migration under its write lock, and stores the plan.
 * A finding ends the run `failed` and leaves the migration as it was. When `drain` aborts, another worker begins anew.
 */
export async function runSync(
  deps: EngineDeps,
  ownership: Ownership,
  { lockWaitMs, drain }: { readonly lockWaitMs: number; readonly drain: AbortSignal },
): Promise<void> {
  const { journal, telemetry } = deps;
  await ownership.advance((owned) => journal.start(owned, NOTHING, lockWaitMs));
  await deps.crashPoints.reach('after-start');
  const { run } = ownership.current;
  const fields = { run: run.uuid, migration: run.migrationId };
  try {
    const work = await loadWork(journal.reader(run.organizationUuid), run.migrationUuid);
    const interrupted = AbortSignal.any([drain, ownership.signal]);
    const identified = await identifyDatabases({ deps, ownership, signal: interrupted }, work);
    const plan = await makePlan(deps, identified.work, identified.reports, interrupted);
    await journal.finishSync(ownership.current, plan);
    telemetry.validated('ok', fields);
    telemetry.runFinished('sync', 'succeeded', fields);
  } catch (error) {
    if (isLost(error) || ownership.signal.aborted) throw error;
    if (drain.aborted) return handOver(deps, ownership, drain);
    const stored = toStoredError(error);
    if (stored.code === 'INTERNAL') telemetry.log.error('sync failed unexpectedly', { ...fields, error });
    await journal.fail(ownership.current, stored);
    telemetry.validated('failed', { ...fields, code: stored.code });
    telemetry.runFinished('sync', 'failed', { ...fields, code: stored.code });
  }
}

function handOver(deps: EngineDeps, ownership: Ownership, stop: AbortSignal): Promise<void> {
  return abortRun(
    { deps, ownership, participants: [], isUnsent: true, stop },
    { outcome: { kind: 'requeue', reason: WORKER_STOPS }, changes: () => Promise.resolve([]) },
  );
}
