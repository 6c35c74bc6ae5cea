import type { Ref, Subject } from '@eden/domain';
import type { CoordinatorDeps } from '../deps.js';
import { dropLocks } from '../drop-locks.js';
import { withMigrationLock } from '../migrations/migration-lock.js';
import { transactAudited } from '../transact-audited.js';

/**
 * Takes a folder out of a migration, with its API, and voids the plan.
 * @throws EdenError MIGRATION_NOT_FOUND, SOURCE_NOT_FOUND, RUN_IN_PROGRESS, LOCK_TIMEOUT
 */
export async function deleteSource(
  deps: CoordinatorDeps,
  subject: Subject,
  { migration: ref, source: sourceRef }: { readonly migration: Ref; readonly source: Ref },
): Promise<void> {
  const organization = deps.store.organization(subject.organizationUuid);
  const migration = await organization.migration(ref);
  const source = await organization.source(migration.uuid, sourceRef);
  const api = await organization.api(source.apiUuid);
  await withMigrationLock(deps, subject, { migration, api, purpose: 'delete source' }, (held) =>
    transactAudited(deps, subject, {
      action: 'source.delete',
      data: { migration: migration.uuid },
      held,
      work: async (tx) => {
        await tx.deleteSource(source);
        return source;
      },
    }),
  );
  await dropLocks(deps, [{ kind: 'api', uuid: source.apiUuid }]);
}
