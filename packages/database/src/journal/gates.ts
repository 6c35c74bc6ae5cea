import type { Run } from '@eden/domain';
import type { Db } from '../client.js';
import { Prisma } from '../generated/client.js';

/*
 * What the gates in the targets hold once a run has committed (protocol I32), so that whoever reads a standby knows
 * whether it has replayed that. Only the databases that the latest attempt changes have these gates.
 */

type Closing = Pick<Run, 'uuid' | 'organizationUuid'>;

/** Of each API whose gate the run closes: database key → what is in it from now on. */
function closedBy({ uuid, organizationUuid }: Closing): Prisma.Sql {
  return Prisma.sql`
    SELECT api.uuid, jsonb_object_agg(p.database_key,
             jsonb_build_object('place', p.database_place, 'version', api.schema_version)) AS gates
      FROM run_participants p CROSS JOIN unnest(p.gates) AS closed (api_uuid)
      JOIN apis api ON api.uuid = closed.api_uuid AND api.organization_uuid = ${organizationUuid}::uuid
     WHERE p.run_uuid = ${uuid}::uuid
       AND p.attempt = (SELECT max(attempt) FROM run_participants WHERE run_uuid = ${uuid}::uuid)
     GROUP BY api.uuid`;
}

/** In the transaction that decides, behind the change of the definitions. */
export async function noteGates(db: Db, run: Closing): Promise<void> {
  await db.$executeRaw(Prisma.sql`
    UPDATE apis SET gates = apis.gates || closed.gates FROM (${closedBy(run)}) closed WHERE closed.uuid = apis.uuid`);
}

/** What was decided is taken back, and the targets have what they had before: nothing is expected of a standby. */
export async function forgetGates(db: Db, run: Closing): Promise<void> {
  await db.$executeRaw(Prisma.sql`
    UPDATE apis SET gates = apis.gates - ARRAY (SELECT jsonb_object_keys(closed.gates))
      FROM (${closedBy(run)}) closed WHERE closed.uuid = apis.uuid`);
}
