import type { Migration, NewMigration, Subject } from '@eden/domain';
import type { CoordinatorDeps } from '../deps.js';
import { transactAudited } from '../transact-audited.js';

export type CreateMigration = Omit<NewMigration, 'createdBy'>;

/** Creates a migration without APIs. Its lock exists from its first use. @throws EdenError MIGRATION_EXISTS */
export function createMigration(deps: CoordinatorDeps, subject: Subject, command: CreateMigration): Promise<Migration> {
  return transactAudited(deps, subject, {
    action: 'migration.create',
    work: (tx) => tx.insertMigration({ ...command, createdBy: subject.username }),
  });
}
