import { asUuid, type AccessLevel, type BrowserSession, type IdentityStore } from '@eden/domain';
import type { Client } from './client.js';
import { Prisma } from './generated/client.js';
import { newUuid } from './uuid.js';

interface SessionRow {
  readonly uuid: string;
  readonly organization_uuid: string;
  readonly user_uuid: string | null;
  readonly subject: string | null;
  readonly level: AccessLevel | null;
  readonly logged_in_at: Date;
  readonly expires_at: Date;
}

/** Found by their secrets, before an organization is known. By the clock of the database, which also dates the logins. */
export function sessions(client: Client): Pick<IdentityStore, 'openSession' | 'session' | 'closeSession'> {
  return {
    openSession: async (secretHash, { organizationUuid, userUuid, provided, loggedInAt, expiresAt }) => {
      const owner = { userUuid, subject: provided?.subject ?? null, level: provided?.level ?? null };
      const times = { loggedInAt, expiresAt };
      await client.session.create({
        data: { uuid: newUuid(), organizationUuid, ...owner, secretHash: Buffer.from(secretHash), ...times },
      });
    },
    session: async (secretHash) => {
      const [row] = await client.$queryRaw<SessionRow[]>(Prisma.sql`
        SELECT uuid, organization_uuid, user_uuid, subject, level, logged_in_at, expires_at FROM sessions
         WHERE secret_hash = ${Buffer.from(secretHash)} AND expires_at > now()`);
      return row === undefined ? null : toSession(row);
    },
    closeSession: async (secretHash) => {
      await client.session.deleteMany({ where: { secretHash: Buffer.from(secretHash) } });
    },
  };
}

function toSession(row: SessionRow): BrowserSession {
  const { subject, level } = row;
  return {
    uuid: asUuid(row.uuid),
    organizationUuid: asUuid(row.organization_uuid),
    userUuid: row.user_uuid === null ? null : asUuid(row.user_uuid),
    provided: subject === null || level === null ? null : { subject, level },
    loggedInAt: row.logged_in_at,
    expiresAt: row.expires_at,
  };
}
