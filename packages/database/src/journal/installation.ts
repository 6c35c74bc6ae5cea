import { randomBytes } from 'node:crypto';
import type { RunJournal } from '@eden/domain';
import type { Client } from '../client.js';
import { Prisma } from '../generated/client.js';

/**
 * The id under which this control database prepares transactions on target servers, made at its first use. It belongs
 * to the place (server and database), not to the data: a copy restored elsewhere gets its own, and leaves the
 * original's transactions alone.
 */
export function installations(client: Client): Pick<RunJournal, 'installation' | 'earlierInstallations'> {
  let known: Promise<string> | undefined;
  const own = (): Promise<string> => {
    known ??= findOrInsert(client).catch((error: unknown) => {
      known = undefined;
      throw error;
    });
    return known;
  };
  return {
    installation: own,
    earlierInstallations: async () => {
      const rows = await client.installation.findMany({ where: { id: { not: await own() } }, select: { id: true } });
      return rows.map(({ id }) => id);
    },
  };
}

async function findOrInsert(client: Client): Promise<string> {
  const here = Prisma.sql`
    here AS (
      SELECT c.system_identifier::text AS system_identifier, d.oid::bigint AS database_oid
        FROM pg_control_system() c, pg_database d WHERE d.datname = current_database())`;
  const candidate = randomBytes(6).toString('hex');
  await client.$executeRaw(Prisma.sql`
    WITH ${here}
    INSERT INTO installations (system_identifier, database_oid, id)
    SELECT system_identifier, database_oid, ${candidate} FROM here
    ON CONFLICT (system_identifier, database_oid) DO NOTHING`);
  const [row] = await client.$queryRaw<[{ id: string }]>(Prisma.sql`
    WITH ${here} SELECT id FROM installations JOIN here USING (system_identifier, database_oid)`);
  return row.id;
}
