import type { Revocation, Subject, Uuid } from '@eden/domain';
import type { IdentityDeps, SubjectDeps } from './deps.js';
import { endKeptSubjects } from './end-kept-subjects.js';

export interface RevokeSubject {
  /** The `sub` of the identity provider's tokens. */
  readonly subject: string;
  readonly reason: string | null;
}

/** From the next request on, on every gateway. Somebody who was revoked before stays so. */
export async function revokeSubject(
  deps: SubjectDeps,
  by: Subject,
  { subject, reason }: RevokeSubject,
): Promise<Revocation> {
  const revoked = await deps.store.organization(by.organizationUuid).transact(async (tx) => {
    const { username: actor, origin } = by;
    const revocation = await tx.revokeSubject({ subject, reason, revokedBy: actor });
    await tx.audit({ actor, origin, action: 'subject.revoke', subject, data: { uuid: revocation.uuid, reason } });
    return revocation;
  });
  await endKeptSubjects(deps, by.organizationUuid);
  return revoked;
}

/** Nobody keeps that somebody may not come in. @throws EdenError REVOCATION_NOT_FOUND */
export async function restoreSubject({ store }: Pick<IdentityDeps, 'store'>, by: Subject, uuid: Uuid): Promise<void> {
  await store.organization(by.organizationUuid).transact(async (tx) => {
    const { username: actor, origin } = by;
    const { subject } = await tx.deleteRevocation(uuid);
    await tx.audit({ actor, origin, action: 'subject.restore', subject, data: { uuid } });
  });
}
