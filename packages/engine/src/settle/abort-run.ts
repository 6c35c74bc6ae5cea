import pMap from 'p-map';
import { EdenError, toStoredError } from '@eden/domain';
import type { AbortOutcome, Run, RunApi } from '@eden/domain';
import type { EngineDeps } from '../deps.js';
import { classOf } from '../participants/classes.js';
import type { Settling } from '../participants/participant.js';

export interface Abort {
  /** Unless somebody cancels the run meanwhile. */
  readonly outcome: AbortOutcome;
  /** What became of the APIs, as far as this process knows. */
  readonly apis: readonly RunApi[];
}

/**
 * Presumed abort: the decision first, with a raised epoch, then every participant, then the end of the run.
 * @throws EdenError FENCED when the run was decided otherwise, or by somebody else
 */
export async function abortRun(settling: Settling, abort: Abort): Promise<void> {
  const { deps, ownership } = settling;
  await ownership.advance((owned) => deps.journal.beginAbort(owned, abort.outcome));
  await deps.crashPoints.reach('after-begin-abort');
  await settleAbort(settling, abort);
}

/** What becomes of a run that was stopped from outside: another attempt, as often as allowed. */
export function afterInterruption({ settings }: EngineDeps, run: Run): AbortOutcome {
  if (run.attempt < settings.maxAttempts) return { kind: 'requeue' };
  const context = { failed_apis: [], details: `Each of ${run.attempt} attempts lost its worker or its lock` };
  return { kind: 'failed', error: toStoredError(new EdenError('MIGRATION_EXECUTION_FAILED', context)) };
}

/** The second half, which recovery enters when it finds a run `aborting`. Others wait for the targets: these come first. */
export async function settleAbort(settling: Settling, abort: Abort): Promise<void> {
  const { deps, ownership, participants } = settling;
  const settled = await pMap(participants, (each) => classOf(each).abort(settling, each), {
    concurrency: deps.settings.maxParallel,
  });
  if (!settled.every(Boolean)) return;
  if (abort.apis.length > 0) await deps.journal.recordApis(ownership.current, abort.apis);
  await deps.crashPoints.reach('before-finish-abort');
  const end = await deps.journal.finishAbort(ownership.current, abort.outcome);
  reportEnd(settling, abort.outcome, end);
}

function reportEnd(
  { deps, ownership }: Settling,
  outcome: AbortOutcome,
  end: 'failed' | 'cancelled' | 'requeued',
): void {
  const { uuid, migrationId, kind } = ownership.current.run;
  const { error } = end === 'failed' && outcome.kind === 'failed' ? outcome : { error: null };
  deps.telemetry.runFinished(kind, end, {
    run: uuid,
    migration: migrationId,
    ...(error === null ? {} : { code: error.code, ...error.context }),
  });
}
