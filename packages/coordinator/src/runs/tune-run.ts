import { EdenError, isTunable } from '@eden/domain';
import type { Run, RunTuning, Subject, Uuid } from '@eden/domain';
import type { CoordinatorDeps } from '../deps.js';

/**
 * Changes the pace of a run's batches while it is under way, or before. What is not named stays as it is.
 * @throws EdenError RUN_NOT_FOUND, RUN_NOT_TUNABLE
 */
export function tuneRun(deps: CoordinatorDeps, subject: Subject, uuid: Uuid, changes: RunTuning): Promise<Run> {
  const { username, origin, organizationUuid } = subject;
  return deps.store.organization(organizationUuid).transact(async (tx) => {
    const { migrationUuid } = await tx.run(uuid);
    // Under the lock of the migration, so that two who change it at once do not lose one of their changes.
    const run = (await tx.unfinishedRuns(migrationUuid)).find((each) => each.uuid === uuid) ?? (await tx.run(uuid));
    if (!isTunable(run)) throw notTunable(run);
    const tuning = { ...run.tuning, ...changes };
    if (Object.entries(changes).every(([name, value]) => run.tuning?.[name as keyof RunTuning] === value)) return run;
    await tx.tuneRun(run, username, tuning);
    const data = { run_uuid: uuid, ...changes };
    await tx.audit({ actor: username, origin, action: 'run.tune', subject: run.migrationId, data });
    return tx.run(uuid);
  });
}

function notTunable({ uuid, state, kind }: Run): EdenError {
  const suggestion = kind === 'sync' ? 'A sync has no batches' : 'It has finished';
  return new EdenError('RUN_NOT_TUNABLE', { run_uuid: uuid, state, suggestion });
}
