import type { Api, HeldLock, LockResource, Migration, OrganizationReader, Subject, Uuid } from '@eden/domain';
import { isFinished, runInProgress } from '@eden/domain';
import { lockTimeoutOf } from '@eden/work';
import type { CoordinatorDeps } from '../deps.js';
import { withWriteLock } from '../with-write-lock.js';

export interface MigrationChange {
  readonly migration: Migration;
  /** The API that joins or leaves; absent when only the migration itself changes. */
  readonly api?: Api;
  readonly purpose: string;
}

/**
 * Changes a migration while neither a run nor an execution uses what changes. A run in progress holds the lock for
 * all of its time: it is refused at once instead of waited for.
 * @throws EdenError RUN_IN_PROGRESS, LOCK_TIMEOUT (guide), SERVICE_UNAVAILABLE
 */
export async function withMigrationLock<T>(
  deps: CoordinatorDeps,
  subject: Subject,
  change: MigrationChange,
  work: (held: HeldLock) => Promise<T>,
): Promise<T> {
  const { migration, api, purpose } = change;
  await assertNoRun(deps.store.organization(subject.organizationUuid), migration.uuid);
  const ofMigration: LockResource = { kind: 'migration', uuid: migration.uuid };
  const resources: readonly LockResource[] =
    api === undefined ? [ofMigration] : [ofMigration, { kind: 'api', uuid: api.uuid }];
  const timeoutMs = lockTimeoutOf(migration, deps.settings.lockTimeoutMs);
  return withWriteLock(deps, { resources, purpose, timeoutMs, migrationId: migration.id }, work);
}

/** Early and without a lock; the store checks again in the transaction. @throws EdenError RUN_IN_PROGRESS */
export async function assertNoRun(organization: OrganizationReader, migrationUuid: Uuid): Promise<void> {
  const latest = await organization.latestRun(migrationUuid);
  if (latest === null || isFinished(latest.state)) return;
  throw runInProgress(latest.uuid);
}
