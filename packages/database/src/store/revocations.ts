import { asUuid, type OrganizationReader, type OrganizationTransactor, type Revocation } from '@eden/domain';
import type { RevokedSubject } from '../generated/client.js';
import type { Scope } from '../scope.js';
import { newUuid } from '../uuid.js';
import { readPage } from './paging.js';
import { found } from './references.js';

function toRevocation({ uuid, subject, reason, revokedBy, createdAt }: RevokedSubject): Revocation {
  return { uuid: asUuid(uuid), subject, reason, revokedBy, createdAt };
}

export function revocationReads({ db }: Scope): Pick<OrganizationReader, 'revocations'> {
  return {
    revocations: (page) => readPage(page, (keyset) => db.revokedSubject.findMany({ ...keyset }), toRevocation),
  };
}

export function revocationWrites({
  db,
  organizationUuid,
}: Scope): Pick<OrganizationTransactor, 'revokeSubject' | 'deleteRevocation'> {
  return {
    revokeSubject: async ({ subject, reason, revokedBy }) => {
      const row = { uuid: newUuid(), organizationUuid, subject, reason, revokedBy };
      await db.revokedSubject.createMany({ data: [row], skipDuplicates: true });
      return toRevocation(await db.revokedSubject.findFirstOrThrow({ where: { subject } }));
    },
    deleteRevocation: async (uuid) => {
      const row = found(await db.revokedSubject.findFirst({ where: { uuid } }), 'RevokedSubject', uuid);
      await db.revokedSubject.delete({ where: { uuid } });
      return toRevocation(row);
    },
  };
}
