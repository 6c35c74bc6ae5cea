import type { Changes, Migration, NewMigration, Ref, Subject } from '@eden/domain';
import type { CoordinatorDeps } from '../deps.js';
import { transactAudited } from '../transact-audited.js';
import { withMigrationLock } from './migration-lock.js';

export type MigrationChanges = Changes<Pick<NewMigration, 'description' | 'parameters' | 'options'>>;

/**
 * Changes a migration and voids its plan, unless that is history already.
 * @throws EdenError MIGRATION_NOT_FOUND, RUN_IN_PROGRESS, LOCK_TIMEOUT
 */
export async function updateMigration(
  deps: CoordinatorDeps,
  subject: Subject,
  ref: Ref,
  changes: MigrationChanges,
): Promise<Migration> {
  const migration = await deps.store.organization(subject.organizationUuid).migration(ref);
  return withMigrationLock(deps, subject, { migration, purpose: 'update migration' }, (held) =>
    transactAudited(deps, subject, {
      action: 'migration.update',
      data: { changed: Object.keys(changes) },
      held,
      work: (tx) => tx.updateMigration(migration.uuid, changes),
    }),
  );
}
