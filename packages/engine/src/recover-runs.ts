import { workerLost } from '@eden/domain';
import type { OwnedRun, Run } from '@eden/domain';
import { isLost } from './control/failure.js';
import { keepOwnership } from './control/ownership.js';
import { settleAll } from './control/pacing.js';
import { spanOf } from './control/span-of.js';
import type { EngineDeps } from './deps.js';
import { decidingClass } from './participants/classes.js';
import type { Participant, Settling } from './participants/participant.js';
import { participantsOf } from './plan/forgotten-attempt.js';
import { isBegunElsewhere, markInDoubt } from './settle/in-doubt.js';
import { driveSteps, isAtSteps } from './steps/drive-steps.js';
import type { OwnRun } from './steps/stepping.js';
import { abortAfterCrash, abortRun, settleRun } from './settle/settle-run.js';

/**
 * Takes over the runs whose worker died, or which were taken from it, and ends each as the crash table of
 * docs/protocol.md says: before the decision abort and queue again, after it commit, and in between ask whoever decides.
 * Begun at the worker's start and several times a second, whether or not those begun before are through: a run whose
 * target is away takes as long as that, and must not keep the others waiting.
 */
export async function recoverRuns(deps: EngineDeps, stop: AbortSignal): Promise<void> {
  const abandoned = await deps.journal.abandoned(deps.settings.leaseMs);
  const results = await settleAll(abandoned, (run) => recoverRun(deps, run, stop), Infinity);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

async function recoverRun(deps: EngineDeps, run: Run, stop: AbortSignal): Promise<void> {
  const owned = await deps.journal.adopt(run, deps.settings.owner, deps.settings.leaseMs);
  if (owned === null) return;
  const reason = workerLost(run.owner, run.attempt);
  const fields = { run: run.uuid, state: run.state, epoch: run.epoch, attempt: run.attempt, reason };
  deps.telemetry.log.warn('recovering a run that nobody works on', fields);
  await deps.telemetry.traced(spanOf(run, 'recover'), () => goOnWith(deps, owned, run, stop));
}

async function goOnWith(deps: EngineDeps, owned: OwnedRun, run: Run, stop: AbortSignal): Promise<void> {
  const ownership = keepOwnership(deps, owned);
  try {
    await goOn({ deps, ownership, stop: AbortSignal.any([stop, ownership.signal]) }, run);
    deps.telemetry.log.info('run recovered', { run: run.uuid });
  } catch (error) {
    if (!isLost(error)) throw error;
    deps.telemetry.log.info('run was recovered by another worker', { run: run.uuid });
  } finally {
    ownership.stop();
  }
}

async function goOn(own: OwnRun, lost: Run): Promise<void> {
  const { deps, ownership } = own;
  if (isAtSteps(ownership.current.run.state)) return driveSteps(own);
  const participants = await participantsOf(deps, ownership.current);
  return finish({ ...own, participants, isUnsent: false }, lost);
}

/** `abandoned` answers runs between T1 and their end only. @param lost The run as its worker has left it. */
async function finish(settling: Settling, lost: Run): Promise<void> {
  const { deps, ownership, participants } = settling;
  const { run } = ownership.current;
  const abort = abortAfterCrash(deps, lost);
  if (await isBegunElsewhere(deps, participants)) return markForeign(settling);
  if (run.state === 'aborting') return settleRun(settling, null, abort);
  const remaining = await decidingClass(participants).recover(settling);
  if (remaining === 'commit') return settleRun(settling, null);
  if (remaining === 'abort') return abortRun(settling, abort);
}

/** Whatever would be done to the targets might be done to somebody who is still at work there. */
function markForeign({ deps, ownership, participants }: Settling): Promise<void> {
  const details = 'Begun by another installation, whose control database this is a copy of: it may still be at work';
  const doubts = participants.map((participant) => ({ participant, ledger: 'not read', details }) as const);
  return markInDoubt(deps, ownership.current, doubts, ownership.current.run.state === 'committing');
}
