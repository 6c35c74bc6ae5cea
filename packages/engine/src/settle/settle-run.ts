import type { HeldWriteLock, Run } from '@eden/domain';
import { rolledBack } from '../attempt/progress.js';
import type { EngineDeps } from '../deps.js';
import type { Participant, Settling } from '../participants/participant.js';
import { participantsOf } from '../plan/forgotten-attempt.js';
import { commitRun, type HeldByRun } from './commit-run.js';
import { afterCrash } from './turn.js';
import { undoRun, type Abort } from './undo-run.js';

/**
 * Brings a run that is `committing` or `aborting` to its end. What the targets show may turn it: the control database
 * may have forgotten a commit that was begun, or an abort that was finished (protocol I20).
 * @param held Null for a run that was adopted.
 */
export async function settleRun(settling: Settling, held: HeldByRun | null, abort?: Abort): Promise<void> {
  const { deps, ownership } = settling;
  let turn =
    ownership.current.run.state === 'committing'
      ? await commitRun(settling, held)
      : await undoRun(settling, abort ?? afterCrashOf(settling));
  while (turn === 'turned' && !settling.stop.aborted) {
    const turned = { ...settling, participants: await turnedParticipants(settling), isUnsent: false };
    const isCommitting = ownership.current.run.state === 'committing';
    turn = isCommitting ? await commitRun(turned, held) : await undoRun(turned, afterCrashOf(turned));
  }
  if (turn === 'turned') deps.telemetry.log.info('run left to whoever adopts it', { run: ownership.current.run.uuid });
}

/** Without their sessions; of an attempt of which none were known, those that were found. */
async function turnedParticipants({ deps, ownership, participants }: Settling): Promise<readonly Participant[]> {
  if (participants.length === 0) return participantsOf(deps, ownership.current);
  return participants.map((each) => ({ ...each, session: null }));
}

/**
 * Presumed abort: the decision first, with a raised epoch, then every participant, then the end of the run.
 * @param lock Let go of once the abort is decided: from then on the gates in the targets keep executions off what is not
 *   undone yet, and a target that is silent keeps nobody out of the others.
 * @throws EdenError FENCED when the run was decided otherwise, or by somebody else
 */
export async function abortRun(settling: Settling, abort: Abort, lock?: HeldWriteLock): Promise<void> {
  const { deps, ownership } = settling;
  const { outcome } = abort;
  await ownership.advance((owned) => deps.journal.beginAbort(owned, outcome));
  void lock?.release();
  const { uuid: run, attempt } = ownership.current.run;
  deps.telemetry.log.warn('run is being undone', { run, attempt, outcome: outcome.kind, reason: outcome.reason });
  await deps.crashPoints.reach('after-begin-abort');
  await settleRun(settling, null, abort);
}

function afterCrashOf({ deps, ownership }: Settling): Abort {
  return abortAfterCrash(deps, ownership.current.run);
}

/** What the run's worker has left in the records is all that is known of it. */
export function abortAfterCrash(deps: EngineDeps, run: Run): Abort {
  const apis = () => deps.journal.reader(run.organizationUuid).runApis(run.uuid);
  return { outcome: afterCrash(deps, run), changes: async () => rolledBack(await apis()) };
}
