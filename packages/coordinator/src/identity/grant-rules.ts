import type { GrantLevel, OrganizationReader, ResourceGrant, Subject, User, Uuid } from '@eden/domain';
import { EdenError, hasLevel, levelOn } from '@eden/domain';

/**
 * What the subject counts as where grants of a resource are given: a grant takes nothing from a SuperAdmin here, or
 * nobody might be left who can give it back.
 */
export function levelOfGranter(subject: Subject, resource: Uuid): GrantLevel {
  return subject.level === 'SuperAdmin' ? subject.level : levelOn(subject, resource);
}

/** What somebody has on the resource now. */
export function currentLevel(grants: readonly ResourceGrant[], { uuid, accessLevel }: User): GrantLevel {
  return grants.find(({ user }) => user.uuid === uuid)?.level ?? accessLevel;
}

/**
 * Nobody gives more than they have, and nobody takes from those who have more than they.
 * @throws EdenError INSUFFICIENT_PERMISSIONS
 */
export function assertMayGrant(own: GrantLevel, ...levels: readonly GrantLevel[]): void {
  const highest = levels.find((level) => !hasLevel(own, level));
  if (highest === undefined) return;
  throw new EdenError('INSUFFICIENT_PERMISSIONS', {
    required_level: highest,
    user_level: own,
    details:
      'Nobody gives a level above their own, changes the grant of somebody whose level is above their own, or gets the key or the password of somebody with more',
  });
}

/**
 * Whoever has the key or the password of somebody can do what they can, on each resource.
 * @throws EdenError INSUFFICIENT_PERMISSIONS where somebody else has more on a resource than the subject
 */
export async function assertMayActAs(
  organization: Pick<OrganizationReader, 'grantsOf'>,
  subject: Subject,
  { uuid, accessLevel }: Pick<User, 'uuid' | 'accessLevel'>,
): Promise<void> {
  if (uuid === subject.userUuid) return;
  const theirs = await organization.grantsOf(uuid);
  for (const resource of new Set([...theirs.keys(), ...subject.grants.keys()])) {
    assertMayGrant(levelOfGranter(subject, resource), theirs.get(resource) ?? accessLevel);
  }
}

/**
 * What somebody whom the subject makes is given along: where a grant keeps the subject below the level that it can give, it
 * keeps the new one as well, or the subject would come in by that one's key or password.
 */
export function resourcesKeptFrom({ level, grants }: Subject): readonly Uuid[] {
  if (level === 'SuperAdmin') return [];
  return [...grants].filter(([, own]) => !hasLevel(own, 'Write')).map(([resource]) => resource);
}
