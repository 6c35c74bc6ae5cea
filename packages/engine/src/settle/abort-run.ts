import pMap from 'p-map';
import { EdenError, toStoredError } from '@eden/domain';
import type { AbortOutcome, Run, RunApi, Settlement } from '@eden/domain';
import type { EngineDeps } from '../deps.js';
import type { Ownership } from '../control/ownership.js';
import { untilSettled } from '../participants/settlement.js';
import type { SettlementTarget } from '../participants/settlement.js';

export interface Abort {
  /** Unless somebody cancels the run meanwhile. */
  readonly outcome: AbortOutcome;
  readonly targets: readonly SettlementTarget[];
  /** What became of the APIs, as far as this process knows. */
  readonly apis: readonly RunApi[];
  /** Ends the attempt; whoever adopts the run goes on. */
  readonly stop: AbortSignal;
}

/**
 * Presumed abort: the decision first, with a raised epoch, then every target, then the end of the run.
 * @throws EdenError FENCED when the run was decided otherwise, or by somebody else
 */
export async function abortRun(deps: EngineDeps, ownership: Ownership, abort: Abort): Promise<void> {
  await ownership.advance((owned) => deps.journal.beginAbort(owned, abort.outcome));
  await deps.crashPoints.reach('after-begin-abort');
  await settleAbort(deps, ownership, abort);
}

/** What becomes of a run that was stopped from outside: another attempt, as often as allowed. */
export function afterInterruption(deps: EngineDeps, run: Run): AbortOutcome {
  if (run.attempt < deps.settings.maxAttempts) return { kind: 'requeue' };
  const context = { failed_apis: [], details: `Each of ${run.attempt} attempts lost its worker or its lock` };
  return { kind: 'failed', error: toStoredError(new EdenError('MIGRATION_EXECUTION_FAILED', context)) };
}

/** The second half, which recovery enters when it finds a run `aborting`. Others wait for the targets: these come first. */
export async function settleAbort(deps: EngineDeps, ownership: Ownership, abort: Abort): Promise<void> {
  const { run } = ownership.current;
  const installation = await deps.journal.installation();
  const settled = await pMap(
    abort.targets,
    (target) => untilSettled(deps, target, abort.stop, (settlement) => undo(settlement, target, run, installation)),
    { concurrency: deps.settings.maxParallel },
  );
  if (!settled.every(Boolean)) return;
  for (const api of abort.apis) await deps.journal.recordApi(ownership.current, api);
  await deps.crashPoints.reach('before-finish-abort');
  const end = await deps.journal.finishAbort(ownership.current, abort.outcome);
  const { error } = end === 'failed' && abort.outcome.kind === 'failed' ? abort.outcome : { error: null };
  deps.telemetry.runFinished(run.kind, end, {
    run: run.uuid,
    migration: run.migrationId,
    ...(error === null ? {} : { code: error.code, ...error.context }),
  });
}

/** Ends the run's backends, rolls back what it prepared, fences it, and looks once more for a late PREPARE. */
async function undo(
  settlement: Settlement,
  { participant }: SettlementTarget,
  run: Run,
  installation: string,
): Promise<void> {
  await settlement.endBackends(run.uuid, run.epoch);
  await settlement.rollbackPrepared(participant.preparedId);
  await settlement.raiseFence(run.migrationUuid, run.epoch);
  const prepared = await settlement.listPrepared(installation);
  for (const late of prepared.filter(({ runUuid, epoch }) => runUuid === run.uuid && epoch < run.epoch)) {
    await settlement.rollbackPrepared(late.preparedId);
  }
}
