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
import type { Attempt, LockedRun, PreparedAttempt } from './attempt.js';
import { prepareAttempt, settlingOf, startAttempt } from './attempt.js';
import { enterGates } from './enter-gates.js';
import { executeStages } from './execute-stages.js';
import { confirmSources } from './sources/confirm-sources.js';
import { vote } from './vote.js';

/**
 * The atomic commit of docs/protocol.md: T1, all participants in parallel, their votes, the decision, their commits, T3;
 * or the abort. Before T1 a failure leaves everything as it was; from T2 on nothing but the commit is possible.
 */
export async function runMigrate(locked: LockedRun): Promise<void> {
  const { deps, lock } = locked;
  const since = deps.clock.elapsedMs();
  const attempt = await begin(locked);
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

async function begin(locked: LockedRun): Promise<Attempt> {
  const prepared = locked.prepared ?? (await prepareRollback(locked));
  try {
    return await startAttempt(locked, prepared);
  } catch (error) {
    await prepared.early.close();
    throw error;
  }
}

async function prepareRollback({ deps, ownership, drain }: LockedRun): Promise<PreparedAttempt> {
  const planned = await plannedRollback(deps, ownership.current.run, drain);
  return prepareAttempt({ deps, ownership }, planned, planned.work.migration.epoch + 1);
}

/** A target refused to begin: the run has been committed by an attempt that the control database has forgotten. */
async function settleCommitted(attempt: Attempt, held: HeldByRun, { token }: CommittedBefore): Promise<'settled'> {
  await honour(attempt, token);
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
  // Beside the work, because executions already wait.
  const check = new Check(assertUndisturbed(attempt), letGo);
  try {
    participants = await enterGates(attempt);
    check.throwIfFailed();
    await assertParticipantsAlone(deps, attempt, participants);
    await executeStages(attempt, participants);
    await confirmSources(attempt, participants);
    await check.passed();
    // What a rollback needs of the records is durable before T2, too.
    await Promise.all([vote(attempt, participants), recorder.flush()]);
    await notices.flush();
    if (interrupted.aborted) throw new Interrupted('before the commit point');
    return participants;
  } catch (error) {
    await Promise.all([closeInTime(deps, participants), recorder.stop()]);
    await notices.flush();
    if (error instanceof CommittedBefore) throw error;
    await abortAttempt(attempt, check.failure?.error ?? error, true);
    return 'settled';
  } finally {
    interrupted.removeEventListener('abort', letGo);
  }
}

/** Something that has to hold before the votes, and is found out beside the work before them. */
class Check {
  failure: { readonly error: unknown } | null = null;
  private readonly done: Promise<void>;

  /** @param onFailure Ends the work, which is then in vain. */
  constructor(work: Promise<void>, onFailure: () => void) {
    this.done = work.catch((error: unknown) => {
      this.failure = { error };
      onFailure();
    });
  }

  throwIfFailed(): void {
    if (this.failure !== null) throw this.failure.error;
  }

  async passed(): Promise<void> {
    await this.done;
    this.throwIfFailed();
  }
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
async function assertUndisturbed(attempt: Attempt): Promise<void> {
  const { deps, ownership, lock } = attempt;
  const { run } = ownership.current;
  await assertStillPlanned(deps, run, attempt);
  if (run.kind === 'rollback' && !(await lock.confirm())) throw new Interrupted('the lock was lost before T1');
}

/** The commit point. `left`: others will settle the run. */
async function decideOrAbort(
  attempt: Attempt,
  participants: readonly OpenParticipant[],
  parallelExecutionMs: number,
): Promise<Decision['kind']> {
  let decision: Decision = { kind: 'left' };
  // A last resource is not prepared.
  const prepared = participants.filter(({ row }) => row.class === 'two-phase').length;
  const votes = { parallelExecutionMs, prepared };
  try {
    decision = await decidingClass(participants).decide(settlingOf(attempt, participants), votes);
  } finally {
    if (decision.kind !== 'decided') await closeAll(participants);
  }
  if (decision.kind === 'refused') await abortAttempt(attempt, decision.error, false);
  return decision.kind;
}
