import { isEdenError } from '@eden/domain';
import { lockTimeoutOf } from '@eden/work';
import { blockedOf } from '../control/blockers.js';
import { Interrupted } from '../control/failure.js';
import { jitter } from '../control/pacing.js';
import { classOf } from '../participants/classes.js';
import type { OpenParticipant } from '../participants/participant.js';
import { closeAll } from '../participants/participant.js';
import type { Attempt } from './attempt.js';
import { entangled } from './entangled.js';
import { openSessions } from './sessions.js';
import { enterSources } from './sources/enter-sources.js';

/** Between two tries at the gates. */
const RETRY_MS = 100;

/**
 * Enters every database, on sessions that are open already where that is so. A gate that stays taken makes the run let go
 * of all and try again.
 * @throws EdenError LOCK_TIMEOUT (context: blockers) when the migration's lock timeout is over
 * @throws CommittedBefore, Interrupted
 */
export async function enterGates(attempt: Attempt): Promise<readonly OpenParticipant[]> {
  const { deps, work, interrupted, ownership, early } = attempt;
  const { epoch } = ownership.current.run;
  const deadline = deps.clock.elapsedMs() + lockTimeoutOf(work.migration, deps.settings.lockTimeoutMs);
  for (;;) {
    const participants = (await early.take(epoch)) ?? (await openSessions(attempt, attempt.participants, epoch));
    try {
      await enterAll(attempt, participants);
      await deps.crashPoints.reach('after-begin');
      return participants;
    } catch (error) {
      await closeAll(participants);
      const mayPass = isEdenError(error, 'LOCK_TIMEOUT') && deps.clock.elapsedMs() < deadline;
      if (!mayPass || interrupted.aborted) throw error;
      attempt.reportBlocked(blockedOf(error.context));
      await deps.clock.sleep(jitter(deps, RETRY_MS));
    }
  }
}

async function enterAll(attempt: Attempt, participants: readonly OpenParticipant[]): Promise<void> {
  const { interrupted } = attempt;
  const letGo = (): void => void closeAll(participants);
  interrupted.addEventListener('abort', letGo);
  try {
    await Promise.all(entangled(participants).map((group) => enterInOrder(attempt, group)));
    // The tools' own locks are everybody's: all runs take them in one order.
    for (const participant of participants) await enterSources(attempt, participant);
  } finally {
    interrupted.removeEventListener('abort', letGo);
  }
}

/** In the order of the databases, as whoever executes an API that reads several of them. */
async function enterInOrder({ interrupted }: Attempt, participants: readonly OpenParticipant[]): Promise<void> {
  for (const participant of participants) {
    if (interrupted.aborted) throw new Interrupted('before all gates were closed');
    await classOf(participant).enter(participant.session);
  }
}
