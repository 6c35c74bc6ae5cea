import { EdenError, isFinished, noRunInProgress } from '@eden/domain';
import type { OrganizationTransactor, Ref, Run, Subject, Uuid } from '@eden/domain';
import type { CoordinatorDeps } from '../deps.js';

/**
 * Stops the unfinished run of a migration before its commit point, and a migrate that waits behind its sync with it.
 * A run that has touched nothing is `cancelled` when this returns; another one is `aborting`, and any worker undoes it.
 * To cancel what is cancelled already is no error: the answer is the same.
 * @throws EdenError MIGRATION_NOT_FOUND, NO_RUN_IN_PROGRESS, RUN_NOT_CANCELLABLE
 */
export async function cancelRun(deps: CoordinatorDeps, subject: Subject, ref: Ref): Promise<Run> {
  const { asked, cancelled } = await deps.store.organization(subject.organizationUuid).transact(async (tx) => {
    const { uuid } = await tx.migration(ref);
    const unfinished = await tx.unfinishedRuns(uuid);
    const asked = unfinished[0] ?? (await cancelledBefore(tx, uuid));
    const cancelled = asked.cancelledBy === null ? unfinished : [];
    for (const run of cancelled) await cancel(tx, subject, run);
    return { asked: await tx.run(asked.uuid), cancelled: await Promise.all(cancelled.map((run) => tx.run(run.uuid))) };
  });
  for (const { uuid, kind, migrationId } of cancelled.filter((run) => isFinished(run.state))) {
    deps.telemetry.runFinished(kind, 'cancelled', { run: uuid, migration: migrationId });
  }
  return asked;
}

async function cancelledBefore(tx: OrganizationTransactor, migrationUuid: Uuid): Promise<Run> {
  const latest = await tx.latestRun(migrationUuid);
  if (latest?.state === 'cancelled') return latest;
  throw noRunInProgress(latest === null ? {} : { run_uuid: latest.uuid, state: latest.state });
}

async function cancel(tx: OrganizationTransactor, { username, origin }: Subject, run: Run): Promise<void> {
  if (!(await tx.cancelRun(run, username))) throw notCancellable(run);
  const data = { run_uuid: run.uuid, kind: run.kind, state: run.state };
  await tx.audit({ actor: username, origin, action: 'migration.cancel', subject: run.migrationId, data });
}

function notCancellable({ uuid, state }: Run): EdenError {
  return new EdenError('RUN_NOT_CANCELLABLE', { run_uuid: uuid, state, suggestion: SUGGESTIONS[state] ?? PAST });
}

const PAST = 'It has passed its commit point: wait until it has finished, then roll the migration back';
const SUGGESTIONS: Readonly<Partial<Record<Run['state'], string>>> = {
  aborting: 'It has failed and is being undone: nothing of it will stay',
  compensating: 'Its steps are being taken back: nothing of it will stay that can be undone',
  in_doubt: 'Look at its evidence and resolve it',
};
