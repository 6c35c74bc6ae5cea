import type { Ref, Subject } from '@eden/domain';
import type { CoordinatorDeps } from '../deps.js';
import { refuseManaged } from '../apis/refuse-managed.js';
import { transactAudited } from '../transact-audited.js';
import { withMigrationLock } from './migration-lock.js';

/**
 * Takes an API out of a migration and voids the migration's plan.
 * @throws EdenError MIGRATION_NOT_FOUND, API_NOT_FOUND, API_NOT_IN_MIGRATION, RUN_IN_PROGRESS, LOCK_TIMEOUT
 */
export async function removeApiFromMigration(
  deps: CoordinatorDeps,
  subject: Subject,
  ref: Ref,
  apiRef: Ref,
): Promise<void> {
  const organization = deps.store.organization(subject.organizationUuid);
  const [migration, api] = [await organization.migration(ref), await organization.api(apiRef)];
  refuseManaged(api);
  await withMigrationLock(deps, subject, { migration, api, purpose: 'remove api' }, (held) =>
    transactAudited(deps, subject, {
      action: 'migration.remove_api',
      data: { api: api.uuid },
      held,
      work: async (tx) => {
        await tx.detachApi(migration.uuid, api.uuid);
        return migration;
      },
    }),
  );
}
