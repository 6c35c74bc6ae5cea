import pMap from 'p-map';
import { CannotBePrepared } from '@eden/domain';
import { classOf } from '../participants/classes.js';
import type { OpenParticipant } from '../participants/participant.js';
import type { Attempt } from './attempt.js';

/** Of the server's words, which may be of any length. */
const LONGEST_REASON = 500;

/** All that can still fail, in all databases at once. @throws CannotBePrepared, which the next sync knows of then */
export async function vote(attempt: Attempt, participants: readonly OpenParticipant[]): Promise<void> {
  const { deps } = attempt;
  await pMap(
    participants,
    async (participant) => {
      const { number } = participant.row;
      await deps.crashPoints.reach('before-prepare', number);
      await voteOf(attempt, participant);
      await deps.crashPoints.reach('after-prepare', number);
    },
    { concurrency: deps.settings.maxParallel },
  );
}

/** @throws as `vote` */
export async function voteOf({ deps, ownership, plan }: Attempt, participant: OpenParticipant): Promise<void> {
  try {
    await classOf(participant).vote(participant.session);
  } catch (error) {
    if (error instanceof CannotBePrepared) {
      const reason = String(error.context['message']).slice(0, LONGEST_REASON);
      const found = { planHash: plan.hash, databaseKey: participant.row.database.key, reason };
      await deps.journal.noteUnprepared(ownership.current, found);
    }
    throw error;
  }
}
