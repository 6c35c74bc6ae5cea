import type { Fenced, ParticipantSession } from '@eden/domain';
import type { Votes } from '../control/decide.js';
import type { Participant, Settling } from './participant.js';

/**
 * How the decision of a run went. `decided`: T2 is through. `refused`: nothing has committed, `error` says why. `left`:
 * whoever adopts the run finds out.
 */
export type Decision = { readonly kind: 'decided' | 'left' } | { readonly kind: 'refused'; readonly error: unknown };

/** What is left to do for a run that was adopted: its commit, its abort, or nothing until somebody can be asked. */
export type Remaining = 'commit' | 'abort' | 'nothing yet';

/** `earlier`: there was nothing left to commit. `left`: whoever adopts the run commits it. */
export type CommitAnswer = 'committed' | 'earlier' | 'left';

/** What one class of participant does at each step of the atomic commit (docs/protocol.md). One file for each class. */
export interface CommitClass {
  /** Opens the transaction: gates and fence. @throws EdenError LOCK_TIMEOUT, FENCED */
  enter(session: ParticipantSession): Promise<void>;
  /** Does all that can still fail, and makes the commit possible. */
  vote(session: ParticipantSession): Promise<void>;
  /** Reaches the commit point of a run in which all have voted. Asked of the class that has the word in the run. */
  decide(settling: Settling, votes: Votes): Promise<Decision>;
  /** Commits after T2, for as long as it takes. @throws InDoubt */
  commit(settling: Settling, participant: Participant): Promise<CommitAnswer>;
  /**
   * Leaves nothing of any attempt, after the abort was decided. Answers null when it was left to others.
   * @throws CommittedBefore
   */
  abort(settling: Settling, participant: Participant): Promise<Fenced | null>;
  /** Finds out how a run that was adopted has been decided. Asked of the class that has the word in the run. */
  recover(settling: Settling): Promise<Remaining>;
}
