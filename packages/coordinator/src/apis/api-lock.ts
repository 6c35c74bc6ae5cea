import type { Api, HeldLock, Subject } from '@eden/domain';
import type { CoordinatorDeps } from '../deps.js';
import { withWriteLock } from '../with-write-lock.js';
import { activeMigrationOf } from './load-api-work.js';

/**
 * Does the work while no execution of the API runs, and so no process serves a definition that is being changed.
 * @throws EdenError LOCK_TIMEOUT (guide), SERVICE_UNAVAILABLE
 */
export async function withApiLock<T>(
  deps: CoordinatorDeps,
  subject: Subject,
  { api, purpose }: { readonly api: Api; readonly purpose: string },
  work: (held: HeldLock) => Promise<T>,
): Promise<T> {
  const organization = deps.store.organization(subject.organizationUuid);
  const migrationUuid = activeMigrationOf(api);
  const migrationId = migrationUuid === null ? null : (await organization.migration(migrationUuid)).id;
  const resources = [{ kind: 'api', uuid: api.uuid }] as const;
  return withWriteLock(deps, { resources, purpose, migrationId, timeoutMs: deps.settings.lockTimeoutMs }, work);
}
