import pMap from 'p-map';
import { isEdenError } from '@eden/domain';
import { abortAttempt } from './abort-attempt.js';
import type { Attempt, MigrateRun } from './attempt.js';
import { startAttempt, whileSettling } from './attempt.js';
import { commitRun } from './commit-run.js';
import type { CommitTarget } from './commit-run.js';
import { executeStages } from './execute-stages.js';
import { Interrupted } from './failure.js';
import { systemValues } from './migration-values.js';
import type { Participant } from './participants.js';
import { beginParticipants, closeAll } from './participants.js';
import { assertStillPlanned, plannedWork } from './planned-work.js';
import { databaseKeys } from './target-reports.js';

/**
 * Protocol section 3, steps 1–5: T1, all participants in parallel, PREPARE, T2, COMMIT PREPARED, T3; or the abort.
 * Before T1 a failure leaves everything as it was; from T2 on nothing but the commit is possible.
 */
export async function runMigrate(migrate: MigrateRun): Promise<void> {
  const planned = await plannedWork(migrate.deps, migrate.ownership.current.run, migrate.drain);
  const attempt = await startAttempt(migrate, planned);
  const pausedAt = performance.now();
  const participants = await decideOrAbort(attempt, pausedAt);
  if (participants === 'aborted') return;
  await commitAttempt(attempt, participants);
  migrate.deps.telemetry.apiPaused(performance.now() - pausedAt);
}

/** From T1 to T2. An interruption closes all sessions, in the middle of whatever they are doing. */
async function decideOrAbort(attempt: Attempt, pausedAt: number): Promise<readonly Participant[] | 'aborted'> {
  const { deps, ownership, interrupted, plan } = attempt;
  let participants: readonly Participant[] = [];
  const letGo = (): void => void closeAll(participants);
  interrupted.addEventListener('abort', letGo);
  try {
    await assertStillPlanned(deps, ownership.current.run, plan);
    participants = await beginParticipants(attempt);
    await executeBindings(attempt, participants);
    await prepareAll(attempt, participants);
    if (interrupted.aborted) throw new Interrupted('before the commit point');
    await decide(attempt, performance.now() - pausedAt);
    return participants;
  } catch (error) {
    await closeAll(participants);
    await abortAttempt(attempt, error);
    return 'aborted';
  } finally {
    interrupted.removeEventListener('abort', letGo);
  }
}

async function executeBindings(attempt: Attempt, participants: readonly Participant[]): Promise<void> {
  const { deps, ownership, work, reports, progress } = attempt;
  const { run } = ownership.current;
  const values = {
    system: systemValues(work, run, run.startedAt ?? new Date()),
    overrides: run.overrides,
    parameters: work.migration.parameters,
  };
  const maxParallel = work.migration.options.max_parallel ?? deps.run.maxParallel;
  const databaseOf = databaseKeys(reports);
  await executeStages({ deps, ownership, participants, databaseOf, values, progress, maxParallel }, work);
  await deps.crashPoints.reach('after-bindings');
}

async function prepareAll({ deps, ownership }: Attempt, participants: readonly Participant[]): Promise<void> {
  await pMap(
    participants,
    async ({ session, number }) => {
      await deps.crashPoints.reach('before-prepare', number);
      await session.prepare();
      await deps.crashPoints.reach('after-prepare', number);
    },
    { concurrency: deps.run.maxParallel },
  );
  await deps.journal.recordEvent(ownership.current, 'prepared', { participants: participants.length });
}

/** T2. When its reply is lost, the row under FOR UPDATE tells whether it happened. */
async function decide({ deps, ownership }: Attempt, parallelExecutionMs: number): Promise<void> {
  await deps.crashPoints.reach('before-decide');
  try {
    await deps.journal.decide(ownership.current, parallelExecutionMs);
  } catch (error) {
    if (!isEdenError(error, 'SERVICE_UNAVAILABLE')) throw error;
    const settled = await deps.journal.state(ownership.current.run.uuid);
    const { epoch } = ownership.current.run;
    if (settled?.state !== 'committing' || settled.epoch !== epoch) throw error;
  }
  await deps.crashPoints.reach('after-decide');
}

async function commitAttempt(attempt: Attempt, participants: readonly Participant[]): Promise<void> {
  const { deps, ownership, lock } = attempt;
  const sessions = new Map(participants.map(({ number, session }) => [number, session]));
  const targets = attempt.targets.map((target): CommitTarget => {
    const session = sessions.get(target.participant.number);
    return session === undefined ? target : { ...target, session };
  });
  await commitRun(deps, ownership, targets, { lock, stop: whileSettling(attempt) });
}
