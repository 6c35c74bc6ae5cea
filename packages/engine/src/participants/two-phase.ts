import type { Settlement } from '@eden/domain';
import { decide, type Votes } from '../control/decide.js';
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

async function decideByControlDatabase({ deps, ownership }: Settling, votes: Votes): Promise<Decision> {
  try {
    await decide(deps, ownership, votes);
    return { kind: 'decided' };
  } catch (error) {
    return { kind: 'refused', error };
  }
}

async function commitPrepared(settling: Settling, participant: Participant): Promise<CommitAnswer> {
  const { crashPoints } = settling.deps;
  const { number } = participant.row;
  await crashPoints.reach('before-commit-prepared', number);
  const isCommitted =
    (await commitOnSession(settling, participant)) ||
    (await untilSettled(settling, participant, (settlement) => commitToken(settling, participant, settlement)));
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

/**
 * Whatever its id: the control database may have forgotten the attempt, and then does not know its epoch. Nothing
 * prepared is fine when the ledger has the token.
 */
async function commitToken(
  { deps, ownership }: Settling,
  participant: Participant,
  settlement: Settlement,
): Promise<void> {
  const { uuid, token } = ownership.current.run;
  const prepared = await settlement.listPrepared(await deps.journal.installation());
  for (const each of prepared.filter((one) => one.runUuid === uuid && one.token === token)) {
    await settlement.commitPrepared(each.preparedId);
  }
  const ledger = await settlement.readLedger(uuid);
  if (ledger.some((row) => row.token === token)) return;
  throw new InDoubt(
    participant,
    ledger.map((row) => row.token),
  );
}
