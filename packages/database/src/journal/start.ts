import {
  assertRunnable,
  decisionOf,
  EdenError,
  RUN_OUTCOMES,
  type MigrationState,
  type OwnedRun,
  type RunApi,
  type RunJournal,
  type RunParticipant,
  type RunStart,
  type Uuid,
} from '@eden/domain';
import { transaction, type Client, type Db } from '../client.js';
import { Prisma } from '../generated/client.js';
import { lockDefinitions } from './definitions.js';
import { moveMembers } from './outcome.js';
import { runBindingRows } from './run-bindings.js';
import { lockMigrationOf, readRun, transition } from './transition.js';

/** T1 (protocol I5): from here on the epoch fences every effect of the run. */
export function starts(client: Client): Pick<RunJournal, 'start'> {
  return {
    start: (owned, start, lockWaitMs) => transaction(client, (tx) => startRun(tx, owned, { ...start, lockWaitMs })),
  };
}

async function startRun(db: Db, owned: OwnedRun, start: RunStart & { readonly lockWaitMs: number }): Promise<OwnedRun> {
  const { run, owner } = owned;
  const migration = await lockMigrationOf(db, owned);
  const epoch = migration.epoch + 1;
  const lockWaitMs = Math.round(start.lockWaitMs);
  await transition(db, owned, 'start', {
    epoch,
    set: Prisma.sql`lock_wait_ms = ${lockWaitMs}, started_at = now(), token = ${start.token}, timeline = eden_timeline(), reason = NULL`,
    data: { epoch, attempt: run.attempt, lock_wait_ms: lockWaitMs },
  });
  await assertStartable(db, owned, migration.state);
  const { started } = RUN_OUTCOMES[run.kind];
  const state = started.migration === 'same' ? migration.state : started.migration;
  await db.migration.update({ where: { uuid: run.migrationUuid }, data: { epoch, state }, select: { uuid: true } });
  await moveMembers(db, run.migrationUuid, started);
  if (run.kind !== 'sync') await claimMembers(db, owned, start.apis);
  await insertApis(db, owned, start.apis);
  await insertParticipants(db, owned, start.participants(epoch), start.endpointVersions);
  return { run: await readRun(db, run.uuid), owner };
}

/** The plan may have been voided after the run was accepted, by a change of a template. */
async function assertStartable(db: Db, { run }: OwnedRun, state: MigrationState): Promise<void> {
  const { kind, migrationUuid: uuid } = run;
  if (kind !== 'migrate') return assertRunnable({ state }, kind);
  assertRunnable({ state }, kind, 'Run sync and try again');
  const planned = await db.migration.findFirst({ where: { uuid, planHash: { not: null } }, select: { uuid: true } });
  if (planned === null) throw new EdenError('PLAN_OUT_OF_DATE', { suggestion: 'Run sync and try again' });
}

/** A migrate has its APIs since they were added, a rollback since a moment ago. */
async function claimMembers(db: Db, { run }: OwnedRun, apis: readonly RunApi[]): Promise<void> {
  const { kind, migrationUuid } = run;
  const claimed = await db.membership.count({
    where: { migrationUuid, active: true, apiUuid: { in: apis.map(({ api }) => api) } },
  });
  if (claimed !== apis.length) {
    throw new EdenError('API_HAS_MIGRATION', { details: 'An API has left the migration since its sync' });
  }
  await lockDefinitions(db, migrationUuid, decisionOf(kind).definitions);
}

/** An attempt replaces what the one before has left. */
async function insertApis(db: Db, { run }: OwnedRun, apis: readonly RunApi[]): Promise<void> {
  const { organizationUuid, uuid: runUuid } = run;
  if (run.attempt > 1) await db.runApi.deleteMany({ where: { runUuid } });
  await db.runApi.createMany({
    data: apis.map(({ api: apiUuid, apiId, stage, position, state, class: atomicity }) => ({
      organizationUuid,
      runUuid,
      apiUuid,
      apiId,
      stage,
      position,
      state,
      class: atomicity,
    })),
  });
  await insertBindings(db, { run }, apis);
}

/** There may be thousands: one statement writes them all. */
async function insertBindings(db: Db, { run }: Pick<OwnedRun, 'run'>, apis: readonly RunApi[]): Promise<void> {
  const rows = apis.flatMap(({ api, bindings }) => bindings.map((binding, position) => ({ api, position, binding })));
  if (rows.length === 0) return;
  await db.$executeRaw(Prisma.sql`
    INSERT INTO run_bindings (organization_uuid, run_uuid, api_uuid, position, record)
    SELECT ${run.organizationUuid}::uuid, ${run.uuid}::uuid, binding.* FROM ${runBindingRows(rows)} AS binding`);
}

/** The participants of earlier attempts stay, for what they may have left in a target. */
async function insertParticipants(
  db: Db,
  { run }: OwnedRun,
  participants: readonly RunParticipant[],
  versions: ReadonlyMap<Uuid, number>,
): Promise<void> {
  const { organizationUuid, uuid: runUuid, attempt } = run;
  if (participants.length === 0) return;
  await db.runParticipant.createMany({
    data: participants.map(({ endpointUuid, database, gates, ...participant }) => ({
      ...participant,
      endpointUuid,
      databaseKey: database.key,
      databasePlace: database.place,
      databaseName: database.name,
      gates: [...gates],
      organizationUuid,
      runUuid,
      attempt,
    })),
  });
  const used = [...new Set(participants.map(({ endpointUuid }) => endpointUuid))];
  const noted = await db.$executeRaw(Prisma.sql`
    WITH used AS (
      SELECT e.uuid FROM endpoints e
        JOIN unnest(${used}::uuid[], ${used.map((uuid) => versions.get(uuid) ?? 0)}::int[]) AS looked_at (uuid, version)
          ON e.uuid = looked_at.uuid AND e.version = looked_at.version
         FOR KEY SHARE OF e)
    INSERT INTO target_databases (organization_uuid, endpoint_uuid, database_key)
    SELECT DISTINCT ON (database_key, endpoint_uuid)
           ${organizationUuid}::uuid, endpoint_uuid, database_key
      FROM run_participants JOIN used ON used.uuid = endpoint_uuid
     WHERE run_uuid = ${runUuid}::uuid AND attempt = ${attempt}
    ON CONFLICT (database_key, endpoint_uuid) DO UPDATE SET last_used_at = now()`);
  const databases = new Set(participants.map(({ endpointUuid, database }) => `${endpointUuid} ${database.key}`));
  // Not the database that was planned, perhaps: one that shared its id with another has got its own meanwhile.
  if (noted !== databases.size) throw new EdenError('PLAN_OUT_OF_DATE', { suggestion: 'Run sync and try again' });
}
