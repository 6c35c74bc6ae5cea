import { CommittedBefore } from '@eden/domain';
import { honour } from '../control/decide.js';
import { Interrupted } from '../control/failure.js';
import { pauseUnless } from '../control/pacing.js';
import type { EngineDeps } from '../deps.js';
import { decidingClass } from '../participants/classes.js';
import type { Decision } from '../participants/commit-class.js';
import type { OpenParticipant } from '../participants/participant.js';
import { closeAll } from '../participants/participant.js';
import { assertParticipantsAlone } from '../plan/one-database.js';
import { assertStillPlanned, plannedRollback } from '../plan/planned-work.js';
import type { HeldByRun } from '../settle/commit-run.js';
import { settleRun } from '../settle/settle-run.js';
import { abortAttempt } from './abort-attempt.js';
import type { Attempt, LockedRun } from './attempt.js';
import { settlingOf, startAttempt } from './attempt.js';
import { enterGates } from './enter-gates.js';
import { executeStages } from './execute-stages.js';
import { confirmSources } from './sources/confirm-sources.js';
import { vote } from './vote.js';

/**
 * The atomic commit of docs/protocol.md: T1, all participants in parallel, their votes, the decision, their commits, T3;
 * or the abort. Before T1 a failure leaves everything as it was; from T2 on nothing but the commit is possible.
 */
export async function runMigrate(locked: LockedRun): Promise<void> {
  const { deps, ownership, lock, drain } = locked;
  const since = deps.clock.elapsedMs();
  const planned = locked.planned ?? (await plannedRollback(deps, ownership.current.run, drain));
  const attempt = await startAttempt(locked, planned);
  const startedAt = deps.clock.elapsedMs();
  const held = { lock, since };
  const participants = await voteOrAbort(attempt).catch((error: unknown) => {
    if (!(error instanceof CommittedBefore)) throw error;
    return settleCommitted(attempt, held, error);
  });
  if (participants === 'settled') return;
  if ((await decideOrAbort(attempt, participants, deps.clock.elapsedMs() - startedAt)) !== 'decided') return;
  await settleRun(settlingOf(attempt, participants), held);
}

/** A target refused to begin: the run has been committed by an attempt that the control database has forgotten. */
async function settleCommitted(attempt: Attempt, held: HeldByRun, { token }: CommittedBefore): Promise<'settled'> {
  await honour(attempt.deps, attempt.ownership, token);
  await settleRun(settlingOf(attempt), held);
  return 'settled';
}

/**
 * From T1 to the last vote. An interruption closes all sessions, in the middle of whatever they are doing.
 * @throws CommittedBefore
 */
async function voteOrAbort(attempt: Attempt): Promise<readonly OpenParticipant[] | 'settled'> {
  const { deps, interrupted, recorder, notices } = attempt;
  let participants: readonly OpenParticipant[] = [];
  const letGo = (): void => void closeAll(participants);
  interrupted.addEventListener('abort', letGo);
  try {
    // Checked while the sessions connect, because executions already wait.
    const checked = Promise.allSettled([assertUndisturbed(attempt)]);
    participants = await enterGates(attempt);
    const [check] = await checked;
    if (check.status === 'rejected') throw check.reason;
    await assertParticipantsAlone(deps, attempt, participants);
    await executeStages(attempt, participants);
    await confirmSources(attempt, participants);
    await recorder.flush();
    await vote(attempt, participants);
    await notices.flush();
    await notePrepared(attempt, participants);
    if (interrupted.aborted) throw new Interrupted('before the commit point');
    return participants;
  } catch (error) {
    await Promise.all([closeInTime(deps, participants), recorder.stop()]);
    await notices.flush();
    if (error instanceof CommittedBefore) throw error;
    await abortAttempt(attempt, error, true);
    return 'settled';
  } finally {
    interrupted.removeEventListener('abort', letGo);
  }
}

/** For whoever looks on. A last resource is not prepared. */
async function notePrepared({ deps, ownership }: Attempt, participants: readonly OpenParticipant[]): Promise<void> {
  const prepared = participants.filter(({ row }) => row.class === 'two-phase').length;
  if (prepared > 0) await deps.journal.recordEvent(ownership.current, 'prepared', { participants: prepared });
}

/** What a target that is silent still holds is ended by the undoing, behind a decision that waits for nobody. */
const CLOSE_MS = 1_000;

async function closeInTime({ clock }: EngineDeps, participants: readonly OpenParticipant[]): Promise<void> {
  const closed = new AbortController();
  const closing = closeAll(participants).finally(() => {
    closed.abort();
  });
  await Promise.race([closing, pauseUnless({ clock }, closed.signal, CLOSE_MS)]);
}

/**
 * Nobody has slipped in between the lock and T1. The APIs of a rollback were free until then: an execution that read its
 * API before knows of no gate, and only the lock keeps it out.
 * @throws Interrupted
 */
async function assertUndisturbed({ deps, ownership, plan, lock }: Attempt): Promise<void> {
  const { run } = ownership.current;
  await assertStillPlanned(deps, run, plan);
  if (run.kind === 'rollback' && !(await lock.confirm())) throw new Interrupted('the lock was lost before T1');
}

/** The commit point. `left`: others will settle the run. */
async function decideOrAbort(
  attempt: Attempt,
  participants: readonly OpenParticipant[],
  parallelExecutionMs: number,
): Promise<Decision['kind']> {
  let decision: Decision = { kind: 'left' };
  try {
    decision = await decidingClass(participants).decide(settlingOf(attempt, participants), parallelExecutionMs);
  } finally {
    if (decision.kind !== 'decided') await closeAll(participants);
  }
  if (decision.kind === 'refused') await abortAttempt(attempt, decision.error, false);
  return decision.kind;
}
