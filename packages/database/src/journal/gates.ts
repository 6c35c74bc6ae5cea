import type { Run, RunParticipant } from '@eden/domain';
import type { Db } from '../client.js';
import { Prisma } from '../generated/client.js';
import { roundsIn, type Step } from '../rounds.js';

/*
 * What the gates in the targets hold once a run has committed (protocol I32), so that whoever reads a standby knows
 * whether it has replayed that. Only the databases that the latest attempt changes have these gates.
 */

type Closing = Pick<Run, 'uuid' | 'organizationUuid'>;
type ClosedGates = Pick<RunParticipant, 'database' | 'gates'>;

/** In the transaction that decides, behind the change of the definitions: what T1 has recorded. */
export async function noteGates(db: Db, run: Closing): Promise<void> {
  await roundsIn(db)([noteGatesStep(run)]);
}

/** The same, to go with others. */
export function noteGatesStep({ uuid, organizationUuid }: Closing): Step {
  return note(
    organizationUuid,
    Prisma.sql`
      SELECT database_key, database_place, gates FROM run_participants
       WHERE run_uuid = ${uuid}::uuid
         AND attempt = (SELECT max(attempt) FROM run_participants WHERE run_uuid = ${uuid}::uuid)`,
  );
}

/** Of an attempt whose T1 may be forgotten. */
export async function noteGatesOf(db: Db, run: Closing, participants: readonly ClosedGates[]): Promise<void> {
  const rows = participants.map(({ database, gates }) => ({
    database_key: database.key,
    database_place: database.place,
    gates,
  }));
  const told = Prisma.sql`
      SELECT * FROM json_to_recordset(${JSON.stringify(rows)}::json)
        AS told (database_key text, database_place text, gates uuid[])`;
  await roundsIn(db)([note(run.organizationUuid, told)]);
}

function note(organizationUuid: string, participants: Prisma.Sql): Step {
  const sql = Prisma.sql`
    UPDATE apis SET gates = apis.gates || closed.gates
      FROM (SELECT api.uuid, jsonb_object_agg(p.database_key,
                     jsonb_build_object('place', p.database_place, 'version', api.schema_version)) AS gates
              FROM (${participants}) p CROSS JOIN unnest(p.gates) AS closed (api_uuid)
              JOIN apis api ON api.uuid = closed.api_uuid AND api.organization_uuid = ${organizationUuid}::uuid
             GROUP BY api.uuid) closed
     WHERE closed.uuid = apis.uuid`;
  return { sql };
}

/**
 * Before what was decided is taken back, while the APIs still have the version that the decision gave them: of its gates
 * the targets have what they had before, and nothing is expected of a standby.
 */
export async function forgetGates(db: Db, { migrationUuid }: Pick<Run, 'migrationUuid'>): Promise<void> {
  await db.$executeRaw(Prisma.sql`
    UPDATE apis SET gates = (
        SELECT coalesce(jsonb_object_agg(key, value), '{}') FROM jsonb_each(apis.gates)
         WHERE (value ->> 'version')::bigint <> apis.schema_version)
     WHERE uuid IN (SELECT api_uuid FROM memberships WHERE migration_uuid = ${migrationUuid}::uuid AND active)`);
}
