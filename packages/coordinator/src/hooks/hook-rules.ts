import { EdenError, hasLevel, isEdenError, requireLevelOn } from '@eden/domain';
import type { OrganizationReader, Ref, Subject, Uuid } from '@eden/domain';

/**
 * Whoever has the secret of a hook lets its migrations run: nobody gets one for what a grant keeps from themselves.
 * @param migrations None: the hook may run them all.
 * @throws EdenError INSUFFICIENT_PERMISSIONS
 */
export async function assertMayRun(
  organization: Pick<OrganizationReader, 'resource'>,
  subject: Subject,
  migrations: readonly Ref[],
): Promise<void> {
  if (subject.grants.size === 0) return;
  for (const ref of migrations) {
    const uuid = await uuidOf(organization, ref);
    if (uuid !== null) requireLevelOn(subject, uuid, 'Admin');
  }
  const isKeptFromSome = [...subject.grants.values()].some((level) => !hasLevel(level, 'Admin'));
  if (migrations.length > 0 || !isKeptFromSome) return;
  const suggestion = 'Name the migrations of the hook: a grant keeps some from you';
  throw new EdenError('INSUFFICIENT_PERMISSIONS', { required_level: 'Admin', user_level: subject.level, suggestion });
}

/** Null of one that is still to come. */
async function uuidOf(organization: Pick<OrganizationReader, 'resource'>, ref: Ref): Promise<Uuid | null> {
  try {
    return (await organization.resource('migration', ref)).uuid;
  } catch (error) {
    if (isEdenError(error, 'MIGRATION_NOT_FOUND')) return null;
    throw error;
  }
}
