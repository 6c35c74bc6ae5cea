import type { LedgerRow } from '@eden/domain';
import { decideAtLast, enterDeciding, honour, type Votes } from '../control/decide.js';
import type { CommitClass, Decision, Remaining } from './commit-class.js';
import type { Participant, Settling } from './participant.js';
import { untilSettled } from './settlement.js';
import { undo } from './undo.js';

/*
 * The one participant that cannot be prepared decides the run by its own COMMIT (protocol I13):
 *
 *   all others prepared ─▶ deciding ─▶ COMMIT ─▶ T2 ─▶ COMMIT PREPARED everywhere else
 *                                        │ no answer: end its session, raise its fence, read its ledger
 *                                        ├─ the row is there ─▶ T2
 *                                        ├─ it is not ─▶ abort
 *                                        └─ unreachable ─▶ nothing; whoever adopts the run asks again
 */
export const lastResource: CommitClass = {
  enter: (session) => session.begin(),
  vote: (session) => session.recordOutcome(),
  decide: decideByCommit,
  // Its COMMIT came before T2.
  commit: () => Promise.resolve('earlier'),
  abort: undo,
  recover: askForDecision,
};

/** What the ledger says of the COMMIT, of whichever attempt; `unreachable` when it could not be asked in time. */
type LedgerAnswer = { readonly committed: string } | 'absent' | 'unreachable';

/** From the PREPAREs of all others to T2. Once COMMIT has been sent, no error leads to an abort but through the ledger. */
async function decideByCommit(settling: Settling, votes: Votes): Promise<Decision> {
  const { deps, ownership } = settling;
  await deps.crashPoints.reach('before-deciding');
  try {
    await enterDeciding(deps, ownership, votes);
  } catch (error) {
    return { kind: 'refused', error };
  }
  await deps.crashPoints.reach('after-deciding');
  const { answer, error } = await commit(settling);
  if (answer === 'absent') return { kind: 'refused', error };
  if (answer === 'unreachable') return { kind: 'left' };
  await deps.crashPoints.reach('after-last-resource');
  return { kind: (await decideFor(settling, answer.committed)) ? 'decided' : 'left' };
}

/** T2, also where the control database has forgotten the attempt that has committed. */
async function decideFor(settling: Settling, token: string): Promise<boolean> {
  const { deps, ownership, stop } = settling;
  if (token === ownership.current.run.token) return decideAtLast(deps, ownership, stop);
  await honour(settling, token);
  return true;
}

interface Committed {
  readonly answer: LedgerAnswer;
  /** What met the COMMIT where the ledger had to be asked. */
  readonly error?: unknown;
}

async function commit(settling: Settling): Promise<Committed> {
  const { deps, ownership, participants } = settling;
  const { session, row } = lastOf(participants);
  if (session === null) throw new TypeError('a last resource without a session');
  try {
    await session.commit();
    return { answer: { committed: ownership.current.run.token } };
  } catch (error) {
    const fields = { run: ownership.current.run.uuid, participant: row.number, reason: String(error) };
    deps.telemetry.log.warn('commit of the last resource not answered, asking its ledger', fields);
    await session.close();
    return { answer: await askLedger(settling), error };
  } finally {
    await session.close();
  }
}

/** Until it was `deciding`, nobody was allowed to commit; after T2 nobody has to be asked. */
async function askForDecision(settling: Settling): Promise<Remaining> {
  const { state } = settling.ownership.current.run;
  if (state !== 'deciding') return state === 'committing' ? 'commit' : 'abort';
  const answer = await askLedger(settling);
  if (answer === 'absent') return 'abort';
  if (answer === 'unreachable') return 'nothing yet';
  return (await decideFor(settling, answer.committed)) ? 'commit' : 'nothing yet';
}

/**
 * Whether it has committed. Its sessions are ended and its fence is raised first, which waits out a COMMIT in flight:
 * after that nothing can change the answer.
 */
async function askLedger(settling: Settling): Promise<LedgerAnswer> {
  const { uuid, migrationUuid, epoch } = settling.ownership.current.run;
  const last = lastOf(settling.participants);
  let ledger: readonly LedgerRow[] = [];
  const isAsked = await untilSettled(settling, last, async (settlement) => {
    await settlement.endBackends(uuid, epoch + 1);
    ({ ledger } = await settlement.raiseFence(uuid, migrationUuid, epoch + 1));
  });
  if (!isAsked) return 'unreachable';
  const [committed] = ledger;
  return committed === undefined ? 'absent' : { committed: committed.token };
}

function lastOf(participants: readonly Participant[]): Participant {
  const last = participants.find(({ row }) => row.class === 'last-resource');
  if (last === undefined) throw new TypeError('a run without a last resource');
  return last;
}
