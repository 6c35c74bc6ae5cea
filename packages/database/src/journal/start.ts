import {
  RUN_STEPS,
  approvalWanted,
  assertRunnable,
  decisionOf,
  EdenError,
  mayRun,
  RUN_OUTCOMES,
  type MigrationOptions,
  type MigrationState,
  type OwnedRun,
  type Run,
  type RunApi,
  type RunJournal,
  type RunParticipant,
  type RunStart,
  type Uuid,
} from '@eden/domain';
import type pg from 'pg';
import { transaction, type Client, type Db } from '../client.js';
import { Prisma } from '../generated/client.js';
import { roundsIn, transactInRounds, type Answer, type Round, type Step } from '../rounds.js';
import { approvalIn } from '../store/migrations.js';
import { lockDefinitions } from './definitions.js';
import { otherDatabase, unchangedEndpoints } from './endpoint-versions.js';
import { moveMembersSteps } from './outcome.js';
import { insertParticipantsStep } from './participants.js';
import { runApiRows } from './run-apis.js';
import { runBindingRows } from './run-bindings.js';
import {
  appendEvent,
  fenced,
  guard,
  lockMigrationStep,
  readRun,
  readRunStep,
  runIn,
  transitionStep,
} from './transition.js';

/** T1 (protocol I5): from here on the epoch fences every effect of the run. */
export function starts(client: Client, pool: pg.Pool): Pick<RunJournal, 'start' | 'beginRehearsal' | 'endRehearsal'> {
  return {
    beginRehearsal: (owned, start) => transaction(client, (tx) => beginRehearsal(tx, owned, start)),
    endRehearsal: (owned) => transaction(client, (tx) => endRehearsal(tx, owned)),
    start: (owned, start, lockWaitMs) =>
      transactInRounds(pool, (round) => startRun(round, owned, { ...start, lockWaitMs })),
  };
}

/** In two rounds, because executions wait: only the epoch has to be known for the others. */
async function startRun(
  round: Round,
  owned: OwnedRun,
  start: RunStart & { readonly lockWaitMs: number },
): Promise<OwnedRun> {
  const [locked] = await round([lockMigrationStep(owned, PLANNED)]);
  const [migration] = (locked?.rows ?? []) as readonly [PlannedRow];
  const epoch = Number(migration.epoch) + 1;
  const answers = await round([
    ...movesToStarted(owned, { ...start, epoch, migration }),
    ...insertApis(owned, start.apis),
    ...insertParticipants(owned, start.participants(epoch), start.endpointVersions),
    readRunStep(owned.run.uuid),
  ]);
  return { run: runIn(answers.at(-1)), owner: owned.owner };
}

interface Started extends RunStart {
  readonly epoch: number;
  readonly lockWaitMs: number;
  readonly migration: PlannedRow;
}

/** The run, its migration and the members of that. */
function movesToStarted(owned: OwnedRun, { token, lockWaitMs, epoch, migration, apis }: Started): readonly Step[] {
  const { run } = owned;
  const waitMs = Math.round(lockWaitMs);
  const moved = transitionStep(owned, 'start', {
    epoch,
    set: Prisma.sql`lock_wait_ms = ${waitMs}, started_at = ${beganAt(run)}, token = ${token}, timeline = eden_timeline(), reason = NULL`,
    data: { epoch, attempt: run.attempt, lock_wait_ms: waitMs },
  });
  const { started } = RUN_OUTCOMES[run.kind];
  const state = started.migration === 'same' ? migration.state : started.migration;
  const raised = Prisma.sql`
    UPDATE migrations SET epoch = ${epoch}, state = ${state} WHERE uuid = ${run.migrationUuid}::uuid`;
  return [
    { ...moved, check: inTurn(moved.check, () => assertStartable(run, migration)) },
    { sql: raised },
    ...moveMembersSteps(run.migrationUuid, started),
    ...(run.kind === 'sync' ? [] : claimMembers(run, apis)),
  ];
}

/** All attempts of a run tell one time to what it runs. A sync tells when it last had the lock of its APIs. */
function beganAt({ kind }: Run): Prisma.Sql {
  return kind === 'sync' ? Prisma.sql`now()` : Prisma.sql`coalesce(started_at, now())`;
}

function inTurn(first: Step['check'], second: () => void): (answer: Answer) => void {
  return (answer) => {
    first?.(answer);
    second();
  };
}

/** A rehearsal moves its sync nowhere. */
const REHEARSES = Prisma.sql`kind = 'sync' AND state = ${RUN_STEPS.start.to}`;

async function beginRehearsal(db: Db, owned: OwnedRun, start: RunStart): Promise<OwnedRun> {
  const { run, owner } = owned;
  const participants = start.participants(run.epoch);
  const begun = await db.$executeRaw(Prisma.sql`
    WITH moved AS (
      UPDATE runs SET event_count = event_count + 1, heartbeat_at = now(), token = ${start.token}
       WHERE ${guard(owned)} AND ${REHEARSES}
      RETURNING organization_uuid, uuid, event_count)
    ${appendEvent('rehearsing', { databases: participants.length, apis: start.apis.length })}`);
  if (begun !== 1) throw fenced(owned);
  await roundsIn(db)(insertParticipants(owned, participants, start.endpointVersions));
  return { run: await readRun(db, run.uuid), owner };
}

/** What is found under its token from here on is nobody's. */
async function endRehearsal(db: Db, owned: OwnedRun): Promise<OwnedRun> {
  const { run, owner } = owned;
  const ended = await db.$executeRaw(Prisma.sql`
    UPDATE runs SET heartbeat_at = now(), token = '' WHERE ${guard(owned)} AND ${REHEARSES}`);
  if (ended !== 1) throw fenced(owned);
  await db.runParticipant.deleteMany({ where: { runUuid: run.uuid, attempt: run.attempt } });
  return { run: await readRun(db, run.uuid), owner };
}

const PLANNED = Prisma.sql`
  state, epoch, id, options, plan_hash AS "planHash", approved_hash AS "approvedHash", approved_by AS "approvedBy",
  approved_at AS "approvedAt"`;

type PlannedRow = Parameters<typeof approvalIn>[0] & {
  readonly state: MigrationState;
  readonly epoch: string;
  readonly id: string;
  readonly options: MigrationOptions;
  readonly planHash: string | null;
};

/** The plan may have been voided after the run was accepted, by a change of a template. */
function assertStartable({ kind }: Run, planned: PlannedRow): void {
  const { state, id, options, planHash } = planned;
  if (kind !== 'migrate') return assertRunnable({ state }, kind);
  assertRunnable({ state }, kind, 'Run sync and try again');
  if (planHash === null) throw new EdenError('PLAN_OUT_OF_DATE', { suggestion: 'Run sync and try again' });
  const approved = { id, options, approval: approvalIn(planned) };
  if (!mayRun(approved, planHash)) throw approvalWanted(approved, planHash);
}

/** A migrate has its APIs since they were added, a rollback since a moment ago. */
function claimMembers({ kind, migrationUuid }: Run, apis: readonly RunApi[]): readonly Step[] {
  const sql = Prisma.sql`
    SELECT FROM memberships
     WHERE migration_uuid = ${migrationUuid}::uuid AND active AND api_uuid = ANY(${apis.map(({ api }) => api)}::uuid[])`;
  const assertAll = ({ count }: Answer): void => {
    if (count === apis.length) return;
    throw new EdenError('API_HAS_MIGRATION', { details: 'An API has left the migration since its sync' });
  };
  return [{ sql, reads: true, check: assertAll }, ...lockDefinitions(migrationUuid, decisionOf(kind).definitions)];
}

/** An attempt replaces what the one before has left. There may be thousands: one statement writes them all. */
function insertApis({ run }: OwnedRun, apis: readonly RunApi[]): readonly Step[] {
  const ofRun = Prisma.sql`${run.organizationUuid}::uuid, ${run.uuid}::uuid`;
  const forgotten = Prisma.sql`DELETE FROM run_apis WHERE run_uuid = ${run.uuid}::uuid`;
  const rows = Prisma.sql`
    INSERT INTO run_apis (organization_uuid, run_uuid, api_uuid, api_id, stage, position, state, class)
    SELECT ${ofRun}, api.* FROM ${runApiRows(apis)}`;
  const bindings = Prisma.sql`
    INSERT INTO run_bindings (organization_uuid, run_uuid, api_uuid, position, record)
    SELECT ${ofRun}, binding.* FROM ${runBindingRows(bindingsOf(apis))} AS binding`;
  return [...(run.attempt > 1 ? [forgotten] : []), ...(apis.length === 0 ? [] : [rows, bindings])].map((sql) => ({
    sql,
  }));
}

function bindingsOf(apis: readonly RunApi[]): Parameters<typeof runBindingRows>[0] {
  return apis.flatMap(({ api, bindings }) => bindings.map((binding, position) => ({ api, position, binding })));
}

/** The participants of earlier attempts stay, for what they may have left in a target. */
function insertParticipants(
  { run }: OwnedRun,
  participants: readonly RunParticipant[],
  versions: ReadonlyMap<Uuid, number>,
): readonly Step[] {
  if (participants.length === 0) return [];
  return [insertParticipantsStep(run, participants), noteDatabases({ run }, participants, versions)];
}

/** Where what is left behind has to be looked for. */
function noteDatabases(
  { run }: Pick<OwnedRun, 'run'>,
  participants: readonly RunParticipant[],
  versions: ReadonlyMap<Uuid, number>,
): Step {
  const { organizationUuid, uuid: runUuid, attempt } = run;
  const used = [...new Set(participants.map(({ endpointUuid }) => endpointUuid))];
  const noted = Prisma.sql`
    WITH used AS (${unchangedEndpoints(used, versions)})
    INSERT INTO target_databases (organization_uuid, endpoint_uuid, database_key)
    SELECT DISTINCT ON (database_key, endpoint_uuid)
           ${organizationUuid}::uuid, endpoint_uuid, database_key
      FROM run_participants JOIN used ON used.uuid = endpoint_uuid
     WHERE run_uuid = ${runUuid}::uuid AND attempt = ${attempt}
    ON CONFLICT (database_key, endpoint_uuid) DO UPDATE SET last_used_at = now()`;
  const databases = new Set(participants.map(({ endpointUuid, database }) => `${endpointUuid} ${database.key}`));
  const assertAll = ({ count }: Answer): void => {
    if (count !== databases.size) throw otherDatabase();
  };
  return { sql: noted, check: assertAll };
}
