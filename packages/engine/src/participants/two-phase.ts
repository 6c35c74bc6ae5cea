import type { Settlement } from '@eden/domain';
import { decide } from '../control/decide.js';
import type { CommitAnswer, CommitClass, Decision } from './commit-class.js';
import { InDoubt } from './doubt.js';
import type { Participant, Settling } from './participant.js';
import { untilSettled } from './settlement.js';
import { undo } from './undo.js';

/** Is prepared, and then follows the decision of the control database. */
export const twoPhase: CommitClass = {
  enter: (session) => session.begin(),
  vote: (session) => session.prepare(),
  decide: decideByControlDatabase,
  commit: commitPrepared,
  abort: undo,
  // T2 is the decision, and the run's row has it.
  recover: ({ ownership }) => Promise.resolve(ownership.current.run.state === 'committing' ? 'commit' : 'abort'),
};

async function decideByControlDatabase({ deps, ownership }: Settling, parallelExecutionMs: number): Promise<Decision> {
  try {
    await decide(deps, ownership, parallelExecutionMs);
    return { kind: 'decided' };
  } catch (error) {
    return { kind: 'refused', error };
  }
}

async function commitPrepared(settling: Settling, participant: Participant): Promise<CommitAnswer> {
  const { crashPoints } = settling.deps;
  const { number, preparedId } = participant.row;
  await crashPoints.reach('before-commit-prepared', number);
  const isCommitted =
    (await commitOnSession(settling, participant)) ||
    (await untilSettled(settling, participant, async (settlement) => {
      const answer = await settlement.commitPrepared(preparedId);
      if (answer === 'missing') await assertCommitted(settling, participant, settlement);
    }));
  await crashPoints.reach('after-commit-prepared', number);
  return isCommitted ? 'committed' : 'left';
}

/** The fast path. Whatever it cannot finish, the settlement does, on a session of its own. */
async function commitOnSession({ deps }: Settling, { session, row }: Participant): Promise<boolean> {
  if (session === null) return false;
  try {
    return (await session.commitPrepared()) === 'committed';
  } catch (error) {
    const fields = { participant: row.preparedId, reason: String(error) };
    deps.telemetry.log.warn('commit on the preparing session failed', fields);
    await session.close();
    return false;
  }
}

/** An unknown id is fine when its ledger is there, or when somebody finished the run and removed the ledger. */
async function assertCommitted(
  { deps, ownership }: Settling,
  participant: Participant,
  settlement: Settlement,
): Promise<void> {
  const { run } = ownership.current;
  if (await settlement.readLedger(run.uuid, run.epoch, participant.row.number)) return;
  const now = await deps.journal.state(run.uuid);
  if (now?.state !== 'succeeded') throw new InDoubt(participant);
}
