import { asUuid, isUuid, type IdentityStore, type Organization, type Ref, type Uuid } from '@eden/domain';
import { appendAudit } from './audit/audit-log.js';
import type { Authentications, SubjectRow } from './authentications.js';
import { transaction, type Client } from './client.js';
import { Prisma } from './generated/client.js';
import type { ProvidedSubjects } from './provided-subjects.js';
import { sessions } from './sessions.js';
import { findByRef } from './store/references.js';
import { userRow } from './store/users.js';
import { newUuid } from './uuid.js';

/** Lookups before an organization is known, hence the only ones outside the scope. */
export function createIdentityStore(
  client: Client,
  authentications: Authentications,
  provided: ProvidedSubjects,
): IdentityStore {
  return {
    createOrganization: (organization) => createOrganization(client, organization),
    findLogin: async (ref, username) => {
      // An id may look like a uuid: what really has that uuid goes first. Waits for a change of the password that is under
      // way: with the old one nobody logs in behind the revocation.
      const uuid = isUuid(ref) ? ref : null;
      const [row] = await client.$queryRaw<(SubjectRow & { password_hash: string })[]>(Prisma.sql`
        SELECT o.uuid AS organization_uuid, o.id AS organization_id,
               u.uuid AS user_uuid, u.username, u.access_level, u.grants_version, u.password_hash
          FROM organizations o JOIN users u ON u.organization_uuid = o.uuid
         WHERE (o.uuid = ${uuid}::uuid OR o.id = ${ref}) AND u.username = ${username} AND u.kind = 'user'
         ORDER BY o.uuid = ${uuid}::uuid DESC NULLS LAST LIMIT 1
           FOR SHARE OF u`);
      if (row === undefined) return null;
      return { subject: await authentications.toSubject(row, null), passwordHash: row.password_hash };
    },
    organizationUuid: (ref) => organizationUuid(client, ref),
    now: async () => {
      // To the millisecond, as the columns it is compared with.
      const [row] = await client.$queryRaw<[{ now: Date }]>(
        Prisma.sql`SELECT clock_timestamp()::timestamptz(3) AS now`,
      );
      return row.now;
    },
    authenticate: (userUuid, jti, loggedInAt) => authentications.byToken({ userUuid, jti, loggedInAt }),
    authenticateKey: (hash) => authentications.byKey(hash),
    authenticateProvided: (question) => provided.authenticate(question),
    ...sessions(client),
    revokeToken: async (jti, expiresAt) => {
      await client.revokedToken.createMany({ data: [{ jti, expiresAt }], skipDuplicates: true });
    },
  };
}

async function organizationUuid({ organization }: Client, ref: Ref): Promise<Uuid | null> {
  const row = await findByRef(
    ref,
    (uuid) => organization.findUnique({ where: { uuid } }),
    (id) => organization.findUnique({ where: { id } }),
  );
  return row === null ? null : asUuid(row.uuid);
}

type NewOrganization = Parameters<IdentityStore['createOrganization']>[0];

function createOrganization(
  client: Client,
  { id, description, superAdmins, origin }: NewOrganization,
): Promise<Organization> {
  return transaction(client, async (tx) => {
    const organizationUuid = newUuid();
    const { createdAt } = await tx.organization.create({ data: { uuid: organizationUuid, id, description } });
    await tx.user.createMany({
      data: superAdmins.map((user) => ({ ...userRow(user), uuid: newUuid(), organizationUuid })),
    });
    const data = { uuid: organizationUuid, super_admins: superAdmins.map(({ username }) => username) };
    const entry = { actor: 'installation', action: 'organization.create', subject: id, data, origin };
    await appendAudit(tx, organizationUuid, entry);
    return { uuid: organizationUuid, id, description, createdAt };
  });
}
