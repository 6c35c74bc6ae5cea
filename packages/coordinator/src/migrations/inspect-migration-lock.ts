import type { LockResource, LockView, Ref, Subject } from '@eden/domain';
import type { CoordinatorDeps } from '../deps.js';

/**
 * Who holds or waits for the lock of a migration, and for those of its APIs, which a run takes with it.
 * @throws EdenError MIGRATION_NOT_FOUND, SERVICE_UNAVAILABLE
 */
export async function inspectMigrationLock(
  deps: CoordinatorDeps,
  subject: Subject,
  ref: Ref,
): Promise<readonly LockView[]> {
  const { uuid, apiUuids } = await deps.store.organization(subject.organizationUuid).migration(ref);
  const apis = apiUuids.map((apiUuid): LockResource => ({ kind: 'api', uuid: apiUuid }));
  const resources: readonly LockResource[] = [{ kind: 'migration', uuid }, ...apis];
  return Promise.all(resources.map((resource) => deps.locks.inspect(resource)));
}
