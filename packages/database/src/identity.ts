import { isUuid, type IdentityStore, type Organization } from '@eden/domain';
import { toSubject, type Authentications, type SubjectRow } from './authentications.js';
import { transaction, type Client } from './client.js';
import { Prisma } from './generated/client.js';
import { userRow } from './store/users.js';
import { newUuid } from './uuid.js';

/** Lookups before an organization is known, hence the only ones outside the scope. */
export function createIdentityStore(client: Client, authentications: Authentications): IdentityStore {
  return {
    createOrganization: (organization) => createOrganization(client, organization),
    findLogin: async (ref, username) => {
      // An id may look like a uuid: what really has that uuid goes first. Waits for a change of the password that is under
      // way: with the old one nobody logs in behind the revocation.
      const uuid = isUuid(ref) ? ref : null;
      const [row] = await client.$queryRaw<(SubjectRow & { password_hash: string })[]>(Prisma.sql`
        SELECT o.uuid AS organization_uuid, o.id AS organization_id,
               u.uuid AS user_uuid, u.username, u.access_level, u.password_hash
          FROM organizations o JOIN users u ON u.organization_uuid = o.uuid
         WHERE (o.uuid = ${uuid}::uuid OR o.id = ${ref}) AND u.username = ${username}
         ORDER BY o.uuid = ${uuid}::uuid DESC NULLS LAST LIMIT 1
           FOR SHARE OF u`);
      return row === undefined ? null : { subject: toSubject(row), passwordHash: row.password_hash };
    },
    now: async () => {
      // To the millisecond, as the columns it is compared with.
      const [row] = await client.$queryRaw<[{ now: Date }]>(
        Prisma.sql`SELECT clock_timestamp()::timestamptz(3) AS now`,
      );
      return row.now;
    },
    authenticate: (userUuid, jti, loggedInAt) => authentications.authenticate({ userUuid, jti, loggedInAt }),
    revokeToken: async (jti, expiresAt) => {
      await client.revokedToken.createMany({ data: [{ jti, expiresAt }], skipDuplicates: true });
    },
  };
}

type NewOrganization = Parameters<IdentityStore['createOrganization']>[0];

function createOrganization(client: Client, { id, description, superAdmins }: NewOrganization): Promise<Organization> {
  return transaction(client, async (tx) => {
    const organizationUuid = newUuid();
    const { createdAt } = await tx.organization.create({ data: { uuid: organizationUuid, id, description } });
    await tx.user.createMany({
      data: superAdmins.map((user) => ({ ...userRow(user), uuid: newUuid(), organizationUuid })),
    });
    return { uuid: organizationUuid, id, description, createdAt };
  });
}
