import { isRemark, requireScope } from '@eden/domain';
import type { Migration, MigrationChanges, OrganizationReader, Ref, Subject } from '@eden/domain';
import { changesNothing, differing } from '../changes-nothing.js';
import type { CoordinatorDeps } from '../deps.js';
import { transactAudited } from '../transact-audited.js';
import { assertUninvolved } from './involvement.js';
import { withMigrationLock } from './migration-lock.js';

/**
 * Changes a migration and voids its plan, unless that is history already or the changes are remarks. What is as it was
 * already changes nothing, also during a run.
 * @throws EdenError MIGRATION_NOT_FOUND, RUN_IN_PROGRESS, LOCK_TIMEOUT, and what keeps the subject from taking the approval away
 */
export async function updateMigration(
  deps: CoordinatorDeps,
  subject: Subject,
  ref: Ref,
  wanted: MigrationChanges,
): Promise<Migration> {
  const organization = deps.store.organization(subject.organizationUuid);
  const migration = await organization.migration(ref);
  if (changesNothing(migration, wanted)) return migration;
  return withMigrationLock(deps, subject, { migration, purpose: 'update migration' }, async (held) => {
    const changes = differing(await organization.migration(migration.uuid), wanted);
    return transactAudited(deps, subject, {
      // Whoever updates a migration does not approve it.
      action: isRemark(changes) ? 'migration.remark' : 'migration.update',
      data: { changed: Object.keys(changes) },
      held,
      work: async (tx) => {
        await assertApprovalStays({ deps, tx, subject }, await tx.migration(migration.uuid), changes);
        return tx.updateMigration(migration.uuid, changes);
      },
    });
  });
}

interface Asking {
  readonly deps: CoordinatorDeps;
  readonly tx: OrganizationReader;
  readonly subject: Subject;
}

/**
 * Plans that need no approval any more are as good as approved: only who could approve takes that away.
 * @throws EdenError INSUFFICIENT_PERMISSIONS, APPROVER_INVOLVED
 */
async function assertApprovalStays(
  { deps, tx, subject }: Asking,
  migration: Migration,
  { options }: MigrationChanges,
): Promise<void> {
  if (migration.options.approval !== true || options === undefined || options.approval === true) return;
  requireScope(subject, { scopes: ['approve'], level: 'Admin' });
  await assertUninvolved(deps.settings, tx, subject, migration);
}
