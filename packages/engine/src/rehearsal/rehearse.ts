import { CannotBePrepared, EdenError, isEdenError, toStoredError } from '@eden/domain';
import type { Plan } from '@eden/domain';
import { lockTimeoutError } from '@eden/work';
import type { Attempt, LockedRun } from '../attempt/attempt.js';
import { prepareAttempt, settlingOf, startAttempt } from '../attempt/attempt.js';
import { enterGates } from '../attempt/enter-gates.js';
import { executeStages } from '../attempt/execute-stages.js';
import { confirmSources } from '../attempt/sources/confirm-sources.js';
import { voteOf } from '../attempt/vote.js';
import { executionError, ExecutionFailed, Interrupted, isLost } from '../control/failure.js';
import { settleAll } from '../control/pacing.js';
import { timeOf } from '../control/time-of.js';
import { classOf } from '../participants/classes.js';
import type { OpenParticipant, Participant } from '../participants/participant.js';
import { closeAll } from '../participants/participant.js';
import { assertParticipantsAlone } from '../plan/one-database.js';
import type { PlannedWork } from '../plan/planned-work.js';
import { Observer } from './observer.js';
import { refuseUnrehearsable } from './refuse-unrehearsable.js';

/** Told of the participants before anything of them can be left. */
type Noted = (participants: readonly Participant[]) => void;

/**
 * Runs the plan as a migrate does, gates closed, up to the last vote, and takes it all back. Answers the plan with what was
 * seen. Its sync has a token and participants meanwhile: whoever adopts it rolls back what it has left prepared, and no state of a
 * sync leads to a commit.
 * @throws EdenError REHEARSAL_REFUSED, REHEARSAL_FAILED, LOCK_TIMEOUT; FENCED
 * @throws Interrupted with nothing or something left prepared: the run has to be aborted
 */
export async function rehearse(locked: Omit<LockedRun, 'prepared'>, planned: PlannedWork, noted: Noted): Promise<Plan> {
  refuseUnrehearsable(planned.plan);
  const { deps, ownership } = locked;
  const observer = new Observer(deps.clock);
  const attempt = await begin({ ...locked, deps: { ...deps, targets: observer.over(deps.targets) } }, planned);
  noted(attempt.participants);
  observer.names((number) => attempt.places.get(number)?.template ?? stepAt(attempt, number));
  const outcome = await perform(attempt, observer);
  // Also where somebody else has the run by now: nobody can want to keep it.
  await takeBack(attempt);
  const failures = 'error' in outcome && outcome.error instanceof ExecutionFailed ? outcome.error.failures : [];
  await ownership.advance((owned) => deps.journal.endRehearsal(owned));
  noted([]);
  await deps.journal.recordApis(ownership.current, attempt.progress.aborted(failures));
  if ('error' in outcome) throw failureOf(attempt, outcome.error);
  return outcome.plan;
}

/** @throws EdenError FENCED, PLAN_OUT_OF_DATE */
async function begin(observed: Omit<LockedRun, 'prepared'>, planned: PlannedWork): Promise<Attempt> {
  const { journal } = observed.deps;
  const prepared = await prepareAttempt(observed, planned, observed.ownership.current.run.epoch);
  try {
    return await startAttempt({ ...observed, prepared }, prepared, (owned, start) =>
      journal.beginRehearsal(owned, start),
    );
  } catch (error) {
    await prepared.early.close();
    throw error;
  }
}

type Outcome = { readonly plan: Plan } | { readonly error: unknown };

/** From the gates to the last vote. An interruption closes all sessions, in the middle of whatever they are doing. */
async function perform(attempt: Attempt, observer: Observer): Promise<Outcome> {
  const { deps, interrupted, recorder, notices } = attempt;
  let participants: readonly OpenParticipant[] = [];
  const letGo = (): void => void closeAll(participants);
  interrupted.addEventListener('abort', letGo);
  const startedAt = deps.clock.elapsedMs();
  try {
    participants = await enterGates(attempt);
    await assertParticipantsAlone(deps, attempt, participants);
    await executeStages(attempt, participants);
    await confirmSources(attempt, participants);
    await recorder.flush();
    const voteMs = await voteAll(attempt, participants);
    return { plan: seen(attempt, observer, { startedAt, voteMs }) };
  } catch (error) {
    return { error: interrupted.aborted ? new Interrupted('while it was rehearsed', { cause: error }) : error };
  } finally {
    interrupted.removeEventListener('abort', letGo);
    await Promise.all([closeAll(participants), recorder.stop()]);
    await notices.flush();
  }
}

/** Answers how long each took. */
async function voteAll(attempt: Attempt, participants: readonly OpenParticipant[]): Promise<readonly number[]> {
  const { deps } = attempt;
  const voteMs: number[] = [];
  for (const participant of participants) {
    const { number } = participant.row;
    const since = deps.clock.elapsedMs();
    await deps.crashPoints.reach('before-prepare', number);
    await voteOf(attempt, participant);
    voteMs[number] = deps.clock.elapsedMs() - since;
    await deps.crashPoints.reach('after-prepare', number);
  }
  return voteMs;
}

function seen(
  attempt: Attempt,
  observer: Observer,
  { startedAt, voteMs }: { readonly startedAt: number; readonly voteMs: readonly number[] },
): Plan {
  const { deps, plan, progress } = attempt;
  const now = deps.clock.elapsedMs();
  const done = new Map(progress.all().map(({ api, bindings }) => [api, bindings]));
  const apis = plan.apis.map((api) => ({
    ...api,
    bindings: api.bindings.map((binding, index) => {
      const { rows = 0, executionTimeMs = 0 } = done.get(api.api)?.[index] ?? {};
      return { ...binding, rehearsed: { rows, executionTimeMs: Math.round(executionTimeMs) } };
    }),
  }));
  const databases = plan.databases.map(({ identity }, number) => ({
    key: identity.key,
    locks: observer.locksOf(number).map(({ sinceMs, ...lock }) => ({ ...lock, heldMs: Math.round(now - sinceMs) })),
    walBytes: observer.walBytesOf(number),
    voteMs: Math.round(voteMs[number] ?? 0),
  }));
  const rehearsal = { at: timeOf(deps), gatesClosedMs: Math.round(now - startedAt), databases };
  return { ...plan, apis, rehearsal };
}

/** Of a file there is no template: its path is known by its place. */
function stepAt({ places, plan }: Attempt, number: number): string {
  const { api, binding } = places.get(number) ?? {};
  const planned = plan.apis.find((each) => each.api === api)?.bindings[binding ?? -1];
  return planned?.templateId ?? '';
}

/** Nobody has decided anything, and nobody can: what is prepared is rolled back in any order. @throws Interrupted */
async function takeBack(attempt: Attempt): Promise<void> {
  const settling = settlingOf(attempt, attempt.participants, true);
  const undo = (participant: Participant) => classOf(participant).abort(settling, participant);
  const results = await settleAll(attempt.participants, undo, attempt.deps.settings.maxParallel);
  for (const result of results) {
    if (result.status === 'fulfilled' && result.value !== null) continue;
    const cause: unknown = result.status === 'rejected' ? result.reason : undefined;
    if (isLost(cause)) throw cause;
    throw new Interrupted('a database could not be asked to take its rehearsal back', { cause });
  }
}

function failureOf({ work }: Attempt, error: unknown): unknown {
  if (error instanceof Interrupted || isLost(error) || isEdenError(error, 'SERVICE_UNAVAILABLE')) return error;
  if (isEdenError(error, 'LOCK_TIMEOUT')) return lockTimeoutError(work.migration.id, error);
  if (error instanceof ExecutionFailed) return rehearsalFailed(executionError(error.failures).context);
  if (error instanceof CannotBePrepared)
    return rehearsalFailed({ ...error.context, details: 'It cannot be prepared: sync again' });
  const { code, error: sentence, context } = toStoredError(error);
  return rehearsalFailed({ details: 'Nothing of it has stayed', errors: [{ error: sentence, code, ...context }] });
}

function rehearsalFailed(context: EdenError['context']): EdenError {
  return new EdenError('REHEARSAL_FAILED', context);
}
