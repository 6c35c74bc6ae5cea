import type { GrantLevel, NewGrant, OrganizationTransactor, Ref, Resource, ResourceGrant, Subject } from '@eden/domain';
import { validationError } from '@eden/domain';
import { transactAudited } from '../transact-audited.js';
import type { SubjectDeps } from './deps.js';
import { endKeptSubjects } from './end-kept-subjects.js';
import { assertMayGrant, currentLevel, levelOfGranter } from './grant-rules.js';

export interface GrantToGive {
  /** A user, a robot or a subject of the identity provider, by name or uuid. */
  readonly member: Ref;
  readonly level: GrantLevel;
}

/** What grants are on: a kind, and an id or uuid. */
export type ResourceRef = Pick<Resource, 'kind'> & { readonly ref: Ref };

/**
 * Gives levels on one resource, in place of those in the organization; all of them or none.
 * @throws EdenError …_NOT_FOUND of the resource, USER_NOT_FOUND, INSUFFICIENT_PERMISSIONS, GRANTS_EXCEEDED
 */
export async function putGrants(
  deps: SubjectDeps,
  subject: Subject,
  { kind, ref }: ResourceRef,
  grants: readonly GrantToGive[],
): Promise<readonly ResourceGrant[]> {
  const resource = await transactAudited(deps, subject, {
    action: 'grants.put',
    data: { subjects: grants.map(({ member, level }) => [member, level]) },
    work: async (tx) => {
      const found = await tx.resource(kind, ref);
      await tx.putGrants(found, await checked(tx, subject, found, grants));
      return found;
    },
  });
  await endKeptSubjects(deps, subject.organizationUuid);
  return deps.store.organization(subject.organizationUuid).grantsOn(resource.uuid);
}

async function checked(
  tx: OrganizationTransactor,
  subject: Subject,
  resource: Resource,
  grants: readonly GrantToGive[],
): Promise<readonly NewGrant[]> {
  const own = levelOfGranter(subject, resource.uuid);
  const members = await tx.grantees(grants.map(({ member }) => member));
  const present = await tx.grantsOn(resource.uuid);
  const given = new Map<string, NewGrant>();
  for (const [index, member] of members.entries()) {
    const { level } = grants[index] as GrantToGive;
    assertMayGrant(own, level, currentLevel(present, member));
    if (given.has(member.uuid)) throw validationError([{ path: `subjects[${index}]`, message: 'is named twice' }]);
    given.set(member.uuid, { userUuid: member.uuid, level });
  }
  return [...given.values()];
}
