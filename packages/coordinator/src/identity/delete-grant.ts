import type { Ref, Subject, User } from '@eden/domain';
import { EdenError } from '@eden/domain';
import { transactAudited } from '../transact-audited.js';
import type { SubjectDeps } from './deps.js';
import { endKeptSubjects } from './end-kept-subjects.js';
import { assertMayGrant, currentLevel, levelOfGranter } from './grant-rules.js';
import type { ResourceRef } from './put-grants.js';

/**
 * Takes a grant away: what its subject may do there follows from the level in the organization again, which must not
 * be above that of whoever does it, as if it were given.
 * @throws EdenError …_NOT_FOUND of the resource, USER_NOT_FOUND, GRANT_NOT_FOUND, INSUFFICIENT_PERMISSIONS
 */
export async function deleteGrant(
  deps: SubjectDeps,
  subject: Subject,
  { kind, ref }: ResourceRef,
  memberRef: Ref,
): Promise<void> {
  await transactAudited(deps, subject, {
    action: 'grants.delete',
    data: { subject: memberRef },
    work: async (tx) => {
      const resource = await tx.resource(kind, ref);
      const [member] = (await tx.grantees([memberRef])) as [User];
      const current = currentLevel(await tx.grantsOn(resource.uuid), member);
      assertMayGrant(levelOfGranter(subject, resource.uuid), current, member.accessLevel);
      if (!(await tx.deleteGrant(resource.uuid, member.uuid))) {
        const suggestion = 'Verify subject has a grant on this resource: GET …/subjects';
        throw new EdenError('GRANT_NOT_FOUND', { subject: member.username, suggestion });
      }
      return resource;
    },
  });
  await endKeptSubjects(deps, subject.organizationUuid);
}
