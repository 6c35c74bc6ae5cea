import type { LockView, Subject, Uuid } from '@eden/domain';
import { isEdenError } from '@eden/domain';
import type { CoordinatorDeps } from '../deps.js';
import { inspectMigrationLock } from './inspect-migration-lock.js';

export interface MigrationLockView extends LockView {
  readonly migrationId: string;
}

/**
 * Every lock that somebody holds or waits for, of the migrations that have a run under way.
 * @param hidden Migrations that the caller may not read.
 * @throws EdenError SERVICE_UNAVAILABLE
 */
export async function inspectLocks(
  deps: CoordinatorDeps,
  subject: Subject,
  hidden: readonly Uuid[],
): Promise<readonly MigrationLockView[]> {
  const runs = await deps.store.organization(subject.organizationUuid).openRuns({ hidden });
  const migrations = new Map(runs.map(({ migrationUuid, migrationId }) => [migrationUuid, migrationId]));
  const locks = await Promise.all(
    [...migrations].map(async ([uuid, migrationId]) => {
      const views = await inspectMigrationLock(deps, subject, uuid).catch(ofNone);
      return views.map((view) => ({ ...view, migrationId }));
    }),
  );
  return locks.flat().filter(({ writer, readers, waiting }) => writer !== null || readers.length + waiting.length > 0);
}

/** Its run may have ended meanwhile, and it may be gone. */
function ofNone(error: unknown): readonly LockView[] {
  if (isEdenError(error, 'MIGRATION_NOT_FOUND')) return [];
  throw error;
}
