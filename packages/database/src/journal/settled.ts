import { asUuid, describeContradiction, RUN_STEPS } from '@eden/domain';
import type { Contradiction, RunJournal, RunParticipant, RunKind, RunStanding, RunState, Uuid } from '@eden/domain';
import { transaction, type Client, type Db } from '../client.js';
import { Prisma } from '../generated/client.js';
import { toParticipant } from './recovery.js';
import { appendEvent } from './transition.js';

/** What the sweep and the audit (protocol I21) ask and tell. */
export function settled(client: Client): Pick<RunJournal, 'standings' | 'nextToAudit' | 'noteContradiction'> {
  return {
    standings: async (runs) => new Map((await standings(client, runs)).map((run) => [run.uuid, run])),
    nextToAudit: async (limit, keptDays) => standings(client, await claimToAudit(client, limit, keptDays)),
    noteContradiction: (runUuid, contradiction) =>
      transaction(client, (tx) => noteContradiction(tx, runUuid, contradiction)),
  };
}

interface StandingRow {
  readonly uuid: string;
  readonly organization_uuid: string;
  readonly migration_uuid: string;
  readonly kind: RunKind;
  readonly state: RunState;
  readonly token: string;
  readonly is_resolved: boolean;
  readonly is_rolled_back: boolean;
}

async function standings(client: Client, runs: readonly Uuid[]): Promise<readonly RunStanding[]> {
  if (runs.length === 0) return [];
  const rows = await client.$queryRaw<StandingRow[]>(Prisma.sql`
    SELECT uuid, organization_uuid, migration_uuid, kind, state, token,
           finished_at IS NOT NULL AND in_doubt_since IS NOT NULL AS is_resolved,
           kind = 'migrate' AND EXISTS (
             SELECT FROM runs later
              WHERE later.migration_uuid = run.migration_uuid AND later.kind = 'rollback'
                AND later.state = ${RUN_STEPS.complete.to} AND later.created_at > run.created_at) AS is_rolled_back
      FROM runs run WHERE uuid = ANY(${[...runs]}::uuid[])`);
  const participants = await participantsOf(client, runs);
  return rows.map((row) => ({
    uuid: asUuid(row.uuid),
    organizationUuid: asUuid(row.organization_uuid),
    migrationUuid: asUuid(row.migration_uuid),
    kind: row.kind,
    state: row.state,
    token: row.token,
    isResolved: row.is_resolved,
    isRolledBack: row.is_rolled_back,
    participants: participants.get(row.uuid) ?? [],
  }));
}

/** Of the latest attempt of each that reached T1. */
async function participantsOf(client: Client, runs: readonly Uuid[]): Promise<Map<string, RunParticipant[]>> {
  const rows = await client.runParticipant.findMany({
    where: { runUuid: { in: [...runs] } },
    orderBy: [{ attempt: 'desc' }, { number: 'asc' }],
  });
  const latest = new Map<string, number>();
  const participants = new Map<string, RunParticipant[]>();
  for (const row of rows) {
    if (!latest.has(row.runUuid)) latest.set(row.runUuid, row.attempt);
    if (latest.get(row.runUuid) !== row.attempt) continue;
    participants.set(row.runUuid, [...(participants.get(row.runUuid) ?? []), toParticipant(row)]);
  }
  return participants;
}

/** Runs from before there were tokens have left no ledger. What retention may take at any time is not looked at. */
async function claimToAudit(client: Client, limit: number, keptDays: number): Promise<readonly Uuid[]> {
  const claimed = await client.$queryRaw<{ uuid: string }[]>(Prisma.sql`
    UPDATE runs SET audited_at = now() WHERE uuid IN (
      SELECT uuid FROM runs run
       WHERE finished_at IS NOT NULL AND kind <> 'sync' AND finished_at > now() - ${keptDays} * interval '1 day'
         AND (state <> ${RUN_STEPS.complete.to} OR token <> '')
         AND (audited_at IS NULL OR audited_at < now() - interval '1 hour')
         AND EXISTS (SELECT FROM run_participants p WHERE p.run_uuid = run.uuid)
       ORDER BY audited_at NULLS FIRST, uuid LIMIT ${limit} FOR UPDATE SKIP LOCKED)
    RETURNING uuid`);
  return claimed.map(({ uuid }) => asUuid(uuid));
}

async function noteContradiction(db: Db, runUuid: Uuid, contradiction: Contradiction): Promise<boolean> {
  const { database, trace } = contradiction;
  await db.$queryRaw(Prisma.sql`SELECT FROM runs WHERE uuid = ${runUuid}::uuid FOR NO KEY UPDATE`);
  const noted = await db.$executeRaw(Prisma.sql`
    WITH moved AS (
      UPDATE runs SET event_count = event_count + 1
       WHERE uuid = ${runUuid}::uuid AND NOT EXISTS (
         SELECT FROM run_events WHERE run_uuid = ${runUuid}::uuid AND type = 'contradicted'
            AND data ->> 'database' = ${database} AND data ->> 'found' = ${trace})
      RETURNING organization_uuid, uuid, event_count)
    ${appendEvent('contradicted', describeContradiction(contradiction))}`);
  return noted === 1;
}
