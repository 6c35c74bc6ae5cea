import type { Ref, Subject } from '@eden/domain';
import type { CoordinatorDeps } from '../deps.js';
import { dropLocks } from '../drop-locks.js';
import { transactAudited } from '../transact-audited.js';

/**
 * Deletes the coordination: migration and lock. Its APIs are free again and keep their migration configuration.
 * @throws EdenError MIGRATION_NOT_FOUND, RUN_IN_PROGRESS
 */
export async function deleteMigration(deps: CoordinatorDeps, subject: Subject, ref: Ref): Promise<void> {
  const { uuid } = await transactAudited(deps, subject, {
    action: 'migration.delete',
    work: async (tx) => {
      const migration = await tx.migration(ref);
      await tx.deleteMigration(migration.uuid);
      return migration;
    },
  });
  await dropLocks(deps, [{ kind: 'migration', uuid }]);
}
