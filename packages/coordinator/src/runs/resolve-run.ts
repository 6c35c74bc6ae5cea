import { isFinished, runNotInDoubt, validationError } from '@eden/domain';
import type { HeldLock, Migration, Ref, Run, RunResolution, Subject } from '@eden/domain';
import { lockTimeoutOf, lockedWith } from '@eden/work';
import type { CoordinatorDeps } from '../deps.js';
import { withWriteLock } from '../with-write-lock.js';

export interface Resolution {
  /** Whether the migration counts as done, or as not done, everywhere (docs/adr/0013); or its steps are tried again. */
  readonly decision: RunResolution['decision'];
  readonly reason: string;
}

/**
 * Ends a run that is in doubt as a person has found it to be, or lets its steps be tried again. Touches no target: what is missing in a database, or too
 * much, is that person's to mend. Steps outside the transaction that are left, behind its commit or to be taken back, workers see to before it ends. Takes the write lock, because the APIs' definitions may change.
 * @throws EdenError MIGRATION_NOT_FOUND, RUN_NOT_IN_DOUBT, VALIDATION_FAILED, LOCK_TIMEOUT
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
  // Whoever ends it tells of its end.
  if (!isFinished(run.state)) return run;
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
    assertFits(run, resolution.decision);
    await tx.resolveRun(run, { ...resolution, actor: subject.username });
    const data = { uuid: migration.uuid, run_uuid: run.uuid, ...resolution, evidence: JSON.stringify(run.error) };
    const { username: actor, origin } = subject;
    await tx.audit({ actor, origin, action: 'migration.resolve', subject: migration.id, data });
    held.signal.throwIfAborted();
    return tx.run(run.uuid);
  });
}

function assertInDoubt(run: Run | null): Run {
  if (run?.state === 'in_doubt') return run;
  throw runNotInDoubt(run === null ? {} : { run_uuid: run.uuid, state: run.state });
}

/** What can be decided of a run depends on what it is in doubt about: databases, or steps outside the transaction. */
function assertFits({ error }: Run, decision: Resolution['decision']): void {
  const message = (MISFITS[error?.code ?? ''] ?? NO_STEPS)[decision];
  if (message !== undefined) throw validationError([{ path: 'decision', message }]);
}

type Misfits = Readonly<Partial<Record<Resolution['decision'], string>>>;

const NO_STEPS: Misfits = {
  retry: 'the run is in doubt about databases and not about steps: "commit" or "abort", as they are found to be',
};

const MISFITS: Readonly<Record<string, Misfits>> = {
  STEP_AFTER_COMMIT_FAILED: {
    abort: 'all databases have committed: "retry" tries the step again, "commit" says that it was done by hand',
  },
  STEP_COMPENSATION_FAILED: {
    commit:
      'the migration has failed: "retry" tries to take the step back again, "abort" says that it was done by hand',
  },
};
