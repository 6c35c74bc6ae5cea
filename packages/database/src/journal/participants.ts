import type { Run, RunParticipant } from '@eden/domain';
import type { Db } from '../client.js';
import { Prisma } from '../generated/client.js';
import { roundsIn, type Step } from '../rounds.js';

/** Those of an attempt. */
export function insertParticipantsStep(run: Run, participants: readonly RunParticipant[]): Step {
  const { organizationUuid, uuid: runUuid, attempt } = run;
  const rows = participants.map(({ endpointUuid, database, preparedId, ...participant }) => ({
    ...participant,
    prepared_id: preparedId,
    endpoint_uuid: endpointUuid,
    database_key: database.key,
    database_place: database.place,
    database_name: database.name,
  }));
  const sql = Prisma.sql`
    INSERT INTO run_participants (organization_uuid, run_uuid, attempt, number, endpoint_uuid, database_key, database_place,
                                  database_name, gates, prepared_id, class)
    SELECT ${organizationUuid}::uuid, ${runUuid}::uuid, ${attempt}::int, taking.*
      FROM json_to_recordset(${JSON.stringify(rows)}::json) AS taking
           (number int, endpoint_uuid uuid, database_key text, database_place text, database_name text, gates uuid[],
            prepared_id text, class text)`;
  return { sql };
}

/** Of an attempt whose T1 was forgotten: from now on they are asked as those of any other, by sweep and audit, too. */
export async function noteFound(db: Db, run: Run, participants: readonly RunParticipant[]): Promise<void> {
  if ((await db.runParticipant.count({ where: { runUuid: run.uuid } })) > 0) return;
  const noted = Prisma.sql`
    INSERT INTO target_databases (organization_uuid, endpoint_uuid, database_key)
    SELECT DISTINCT p.organization_uuid, e.uuid, p.database_key
      FROM run_participants p JOIN endpoints e ON e.uuid = p.endpoint_uuid
     WHERE p.run_uuid = ${run.uuid}::uuid
    ON CONFLICT (database_key, endpoint_uuid) DO UPDATE SET last_used_at = now()`;
  await roundsIn(db)([insertParticipantsStep(run, participants), { sql: noted }]);
}
