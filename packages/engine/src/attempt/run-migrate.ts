import pMap from 'p-map';
import { lockTimeoutOf } from '@eden/work';
import { abortAttempt } from './abort-attempt.js';
import type { Attempt, MigrateRun } from './attempt.js';
import { startAttempt, whileSettling } from './attempt.js';
import { commitRun } from '../settle/commit-run.js';
import type { CommitTarget } from '../settle/commit-run.js';
import { decide } from '../control/decide.js';
import { executeStages } from './execute-stages.js';
import { Interrupted } from '../control/failure.js';
import { decideByLastResource } from '../participants/last-resource.js';
import type { Decision } from '../participants/last-resource.js';
import { systemValues } from '../plan/migration-values.js';
import type { Participant } from './participants.js';
import { beginParticipants, closeAll } from './participants.js';
import { assertStillPlanned, plannedRollback } from '../plan/planned-work.js';
import { databaseKeys } from '../plan/target-reports.js';

/**
 * Protocol section 3, steps 1–5: T1, all participants in parallel, PREPARE, T2, COMMIT PREPARED, T3; or the abort.
 * Before T1 a failure leaves everything as it was; from T2 on nothing but the commit is possible.
 */
export async function runMigrate(migrate: MigrateRun): Promise<void> {
  const { deps, ownership, drain } = migrate;
  const lockedAt = performance.now();
  const planned = migrate.planned ?? (await plannedRollback(deps, ownership.current.run, drain));
  const attempt = await startAttempt(migrate, planned);
  const startedAt = performance.now();
  const participants = await prepareOrAbort(attempt);
  if (participants === 'aborted') return;
  if ((await decideOrAbort(attempt, participants, performance.now() - startedAt)) !== 'decided') return;
  await commitAttempt(attempt, participants, lockedAt);
}

/** From T1 to the last PREPARE. An interruption closes all sessions, in the middle of whatever they are doing. */
async function prepareOrAbort(attempt: Attempt): Promise<readonly Participant[] | 'aborted'> {
  const { interrupted } = attempt;
  let participants: readonly Participant[] = [];
  const letGo = (): void => void closeAll(participants);
  interrupted.addEventListener('abort', letGo);
  try {
    // Beside the connecting: executions wait by now.
    const checked = Promise.allSettled([assertUndisturbed(attempt)]);
    participants = await beginParticipants(attempt);
    const [check] = await checked;
    if (check.status === 'rejected') throw check.reason;
    await executeBindings(attempt, participants);
    await prepareAll(attempt, participants);
    if (interrupted.aborted) throw new Interrupted('before the commit point');
    return participants;
  } catch (error) {
    await closeAll(participants);
    await abortAttempt(attempt, error);
    return 'aborted';
  } finally {
    interrupted.removeEventListener('abort', letGo);
  }
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

async function executeBindings(attempt: Attempt, participants: readonly Participant[]): Promise<void> {
  const { deps, ownership, work, reports, progress, reportBlocked } = attempt;
  const { run } = ownership.current;
  const values = {
    system: systemValues(work, run, run.startedAt ?? new Date()),
    overrides: run.overrides,
    parameters: work.migration.parameters,
  };
  const limits = {
    maxParallel: work.migration.options.max_parallel ?? deps.settings.maxParallel,
    lockTimeoutMs: lockTimeoutOf(work.migration, deps.settings.lockTimeoutMs),
  };
  const databaseOf = databaseKeys(reports);
  await executeStages({ deps, ownership, participants, databaseOf, values, progress, ...limits, reportBlocked }, work);
  await deps.crashPoints.reach('after-bindings');
}

async function prepareAll({ deps, ownership }: Attempt, participants: readonly Participant[]): Promise<void> {
  await pMap(
    participants,
    async ({ session, number, lastResource }) => {
      await deps.crashPoints.reach('before-prepare', number);
      await (lastResource ? session.recordOutcome() : session.prepare());
      await deps.crashPoints.reach('after-prepare', number);
    },
    { concurrency: deps.settings.maxParallel },
  );
  await deps.journal.recordEvent(ownership.current, 'prepared', { participants: participants.length });
}

/** The commit point: T2, or the COMMIT of the last resource where there is one. `left`: others will settle the run. */
async function decideOrAbort(
  attempt: Attempt,
  participants: readonly Participant[],
  parallelExecutionMs: number,
): Promise<Decision['kind']> {
  let decision: Decision = { kind: 'left' };
  try {
    decision = await decideAttempt(attempt, participants, parallelExecutionMs);
  } finally {
    if (decision.kind !== 'decided') await closeAll(participants);
  }
  if (decision.kind === 'refused') await abortAttempt(attempt, decision.error);
  return decision.kind;
}

async function decideAttempt(
  attempt: Attempt,
  participants: readonly Participant[],
  parallelExecutionMs: number,
): Promise<Decision> {
  const last = participants.find(({ lastResource }) => lastResource);
  if (last !== undefined) return decideByLastResource(attempt, last, parallelExecutionMs);
  try {
    await decide(attempt.deps, attempt.ownership, parallelExecutionMs);
    return { kind: 'decided' };
  } catch (error) {
    return { kind: 'refused', error };
  }
}

async function commitAttempt(attempt: Attempt, participants: readonly Participant[], lockedAt: number): Promise<void> {
  const { deps, ownership, lock } = attempt;
  const sessions = new Map(participants.map(({ number, session }) => [number, session]));
  const targets = attempt.targets.map((target): CommitTarget => {
    const session = sessions.get(target.participant.number);
    return session === undefined ? target : { ...target, session };
  });
  await commitRun(deps, ownership, targets, { held: { lock, since: lockedAt }, stop: whileSettling(attempt) });
}
