import { EdenError, noRunInProgress } from '@eden/domain';
import type { Ref, Run, Subject } from '@eden/domain';
import type { CoordinatorDeps } from '../deps.js';

/**
 * Stops the unfinished run of a migration between its batches, or before its atomic part, until somebody resumes it. What has
 * committed stays; nobody works on it once this returns. To pause what is paused is no error.
 * @throws EdenError MIGRATION_NOT_FOUND, NO_RUN_IN_PROGRESS, RUN_NOT_PAUSABLE
 */
export function pauseRun(deps: CoordinatorDeps, subject: Subject, ref: Ref): Promise<Run> {
  const { username, origin, organizationUuid } = subject;
  return deps.store.organization(organizationUuid).transact(async (tx) => {
    const { uuid } = await tx.migration(ref);
    const [run] = await tx.unfinishedRuns(uuid);
    if (run === undefined) throw noRunInProgress();
    if (run.state === 'paused') return run;
    if (!(await tx.pauseRun(run, username))) throw notPausable(run);
    // Behind the change, which whoever would begin a step now waits for, and then finds the run gone.
    const underWay = (await tx.outsideSteps(run.uuid)).filter(({ state }) => state === 'running');
    if (underWay.some((step) => step.class !== 'batched')) throw notPausable(run, WHOLE);
    const data = { run_uuid: run.uuid, kind: run.kind, state: run.state };
    await tx.audit({ actor: username, origin, action: 'migration.pause', subject: run.migrationId, data });
    return tx.run(run.uuid);
  });
}

/**
 * Lets a paused run go on from where it stands. To resume what goes on is no error.
 * @throws EdenError MIGRATION_NOT_FOUND, NO_RUN_IN_PROGRESS
 */
export function resumeRun(deps: CoordinatorDeps, subject: Subject, ref: Ref): Promise<Run> {
  const { username, origin, organizationUuid } = subject;
  return deps.store.organization(organizationUuid).transact(async (tx) => {
    const { uuid } = await tx.migration(ref);
    const [run] = await tx.unfinishedRuns(uuid);
    if (run === undefined) throw noRunInProgress();
    if (!(await tx.resumeRun(run, username))) return run;
    const data = { run_uuid: run.uuid, kind: run.kind };
    await tx.audit({ actor: username, origin, action: 'migration.resume', subject: run.migrationId, data });
    return tx.run(run.uuid);
  });
}

function notPausable(
  { uuid, state, kind }: Run,
  why = kind === 'sync' ? SYNC : (SUGGESTIONS[state] ?? INSIDE),
): EdenError {
  return new EdenError('RUN_NOT_PAUSABLE', { run_uuid: uuid, state, suggestion: why });
}

const WHOLE = 'A step is under way that has no batches to stop between: wait until it is done, or cancel the run';
const SYNC = 'A sync changes nothing, and is not paused: wait until it has finished';
const INSIDE = 'It is in its atomic part, or past it: wait until it has finished';
const SUGGESTIONS: Readonly<Partial<Record<Run['state'], string>>> = {
  finishing: 'It has passed its commit point: make its pace slower, or wait until its last steps are done',
  aborting: 'It has failed or was cancelled, and is being undone',
  compensating: 'It has failed or was cancelled, and its steps are being taken back',
  in_doubt: 'Look at its evidence and resolve it',
};
