import { EdenError } from '@eden/domain';
import type { HeldLock, Migration, Ref, Run, Subject } from '@eden/domain';
import { lockTimeoutOf, lockedWith } from '@eden/work';
import type { CoordinatorDeps } from '../deps.js';
import { withWriteLock } from '../with-write-lock.js';

export interface Resolution {
  /** Whether the migration counts as done, or as not done, everywhere (docs/adr/0013). */
  readonly decision: 'commit' | 'abort';
  readonly reason: string;
}

/**
 * Ends a run that is in doubt as a person has found it to be. Touches no target: what is missing there, or too much, is
 * that person's to mend. Takes the write lock, because the APIs' definitions may change.
 * @throws EdenError MIGRATION_NOT_FOUND, RUN_NOT_IN_DOUBT, LOCK_TIMEOUT
 */
export async function resolveRun(
  deps: CoordinatorDeps,
  subject: Subject,
  ref: Ref,
  resolution: Resolution,
): Promise<Run> {
  const organization = deps.store.organization(subject.organizationUuid);
  const migration = await organization.migration(ref);
  assertInDoubt(await organization.latestRun(migration.uuid));
  const request = {
    resources: await lockedWith(organization, migration.uuid),
    purpose: 'resolve',
    timeoutMs: lockTimeoutOf(migration, deps.settings.lockTimeoutMs),
    migrationId: migration.id,
  };
  const run = await withWriteLock(deps, request, (held) => resolve(deps, subject, { migration, resolution, held }));
  const result = resolution.decision === 'commit' ? 'succeeded' : 'failed';
  deps.telemetry.runFinished(run.kind, result, { run: run.uuid, migration: run.migrationId, ...resolution });
  return run;
}

interface Settling {
  readonly migration: Migration;
  readonly resolution: Resolution;
  readonly held: HeldLock;
}

function resolve(deps: CoordinatorDeps, subject: Subject, { migration, resolution, held }: Settling): Promise<Run> {
  return deps.store.organization(subject.organizationUuid).transact(async (tx) => {
    const [active = null] = await tx.unfinishedRuns(migration.uuid);
    const run = assertInDoubt(active);
    await tx.resolveRun(run, { ...resolution, actor: subject.username });
    const data = { uuid: migration.uuid, run_uuid: run.uuid, ...resolution, evidence: JSON.stringify(run.error) };
    await tx.audit({ actor: subject.username, action: 'migration.resolve', subject: migration.id, data });
    held.signal.throwIfAborted();
    return tx.run(run.uuid);
  });
}

function assertInDoubt(run: Run | null): Run {
  if (run?.state === 'in_doubt') return run;
  throw new EdenError('RUN_NOT_IN_DOUBT', run === null ? {} : { run_uuid: run.uuid, state: run.state });
}
