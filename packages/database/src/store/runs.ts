import {
  asUuid,
  HISTORY_EVENTS,
  RUN_STEPS,
  type HistoryEvent,
  type NewRun,
  type OrganizationReader,
  type OrganizationTransactor,
  type Run,
  type RunApi,
  type RunDatabase,
  type RunEvent,
  type RunEventData,
  type RunHistory,
  type RunKind,
  type RunState,
  type Uuid,
  runInProgress,
  traceIdOf,
  WAITS_FOR_SYNC,
  WAITS_FOR_WORKER,
} from '@eden/domain';
import type { Db } from '../client.js';
import { Prisma, type Run as RunRow, type RunEvent as RunEventRow } from '../generated/client.js';
import { fromJson, toJson } from '../json.js';
import type { Scope } from '../scope.js';
import { readSteps } from './outside-steps.js';
import { newUuid } from '../uuid.js';
import { lockMigration } from './migration-lock.js';
import { readPage } from './paging.js';
import { found } from './references.js';

const WITH_BINDINGS = { bindings: { orderBy: { position: 'asc' } } } as const satisfies Prisma.RunApiInclude;

type RunApiRow = Prisma.RunApiGetPayload<{ include: typeof WITH_BINDINGS }>;

/** What `toRun` goes by, under the names of the model. */
export const RUN_COLUMNS = Prisma.sql`
  uuid, organization_uuid AS "organizationUuid", migration_uuid AS "migrationUuid", migration_id AS "migrationId", kind, state,
  epoch, token, timeline, attempt, actor, rehearse, overrides, lock_wait_ms AS "lockWaitMs",
  parallel_execution_ms AS "parallelExecutionMs", error, reason, owner, traceparent, cancelled_by AS "cancelledBy", tuning,
  created_at AS "createdAt", started_at AS "startedAt", finished_at AS "finishedAt"`;

export type RunColumns = Omit<
  RunRow,
  'slot' | 'heartbeatAt' | 'waitingSince' | 'eventCount' | 'inDoubtSince' | 'auditedAt' | 'notBefore'
>;

export function toRun(row: RunColumns): Run {
  const { attempt, actor, lockWaitMs, parallelExecutionMs, reason, owner, traceparent, cancelledBy } = row;
  const { createdAt, startedAt, finishedAt } = row;
  return {
    uuid: asUuid(row.uuid),
    organizationUuid: asUuid(row.organizationUuid),
    migrationUuid: asUuid(row.migrationUuid),
    migrationId: row.migrationId,
    kind: row.kind as RunKind,
    state: row.state as RunState,
    epoch: Number(row.epoch),
    token: row.token,
    timeline: row.timeline,
    attempt,
    actor,
    rehearse: row.rehearse,
    overrides: fromJson(row.overrides),
    lockWaitMs,
    parallelExecutionMs,
    error: row.error === null ? null : fromJson(row.error),
    reason,
    owner,
    traceparent,
    cancelledBy,
    tuning: row.tuning === null ? null : fromJson(row.tuning),
    createdAt,
    startedAt,
    finishedAt,
  };
}

/** Runs from before there were rows of bindings have them in a column. */
function toRunApi({ apiUuid, apiId, stage, position, state, bindings, ...row }: RunApiRow): RunApi {
  return {
    api: asUuid(apiUuid),
    apiId,
    stage,
    position,
    state: state as RunApi['state'],
    class: row.class as RunApi['class'],
    bindings: bindings.length > 0 ? bindings.map(({ record }) => fromJson(record)) : fromJson(row.earlierBindings),
  };
}

type RunReads = Pick<
  OrganizationReader,
  'run' | 'runApis' | 'outsideSteps' | 'runs' | 'latestRun' | 'latestRuns' | 'runEvents' | 'runHistory'
>;

export function runReads(scope: Scope): RunReads {
  const { db } = scope;
  return {
    run: async (uuid) => {
      return toRun(found(await db.run.findFirst({ where: { uuid } }), 'Run', uuid));
    },
    runApis: async (runUuid) => {
      const orderBy = [{ stage: 'asc' }, { position: 'asc' }] as const;
      return (await db.runApi.findMany({ where: { runUuid }, orderBy: [...orderBy], include: WITH_BINDINGS })).map(
        toRunApi,
      );
    },
    outsideSteps: (runUuid) => readSteps(db, runUuid),
    runs: (migrationUuid, page) =>
      readPage(
        page,
        ({ where, ...keyset }) => db.run.findMany({ where: { ...where, migrationUuid }, ...keyset }),
        toRun,
      ),
    latestRun: async (migrationUuid, kind, not) => {
      const where = {
        migrationUuid,
        ...(kind === undefined ? {} : { kind }),
        ...(not === undefined ? {} : { NOT: { state: not } }),
      };
      const row = await db.run.findFirst({ where, orderBy: [{ createdAt: 'desc' }, { uuid: 'desc' }] });
      return row === null ? null : toRun(row);
    },
    latestRuns: (migrationUuids) => latestRuns(scope, migrationUuids),
    runEvents: (runUuid, afterSequence, limit) => runEvents(db, runUuid, afterSequence, limit),
    runHistory: (runUuid) => runHistory(scope, runUuid),
  };
}

/** One run a migration, by the index on migration and time, however many there are. */
async function latestRuns(
  { db, organizationUuid }: Scope,
  migrationUuids: readonly Uuid[],
): Promise<ReadonlyMap<Uuid, Run>> {
  const latest = await db.$queryRaw<{ uuid: string }[]>(Prisma.sql`
    SELECT run.uuid
      FROM unnest(${[...migrationUuids]}::uuid[]) AS migration(uuid)
     CROSS JOIN LATERAL (
           SELECT uuid FROM runs
            WHERE organization_uuid = ${organizationUuid}::uuid AND migration_uuid = migration.uuid
            ORDER BY created_at DESC, uuid DESC LIMIT 1) AS run`);
  const rows = await db.run.findMany({ where: { uuid: { in: latest.map(({ uuid }) => uuid) } } });
  return new Map(rows.map(toRun).map((run) => [run.migrationUuid, run]));
}

async function runEvents(db: Db, runUuid: Uuid, afterSequence: number, limit?: number): Promise<readonly RunEvent[]> {
  const rows = await db.runEvent.findMany({
    where: { runUuid, sequence: { gt: afterSequence } },
    orderBy: { sequence: 'asc' },
    ...(limit === undefined ? {} : { take: limit }),
  });
  return rows.map(toRunEvent);
}

function toRunEvent({ sequence, at, type, data }: RunEventRow): RunEvent {
  return { sequence, at, type, data: fromJson(data) } as RunEvent;
}

async function runHistory({ db, organizationUuid }: Scope, runUuid: Uuid): Promise<RunHistory> {
  const rows = await db.runEvent.findMany({
    where: { runUuid, type: { in: [...HISTORY_EVENTS] } },
    orderBy: { sequence: 'asc' },
  });
  const databases = await db.$queryRaw<RunDatabase[]>(Prisma.sql`
    SELECT participant.database_name AS name, endpoint.id AS endpoint, participant.endpoint_uuid AS "endpointUuid"
      FROM runs run
      JOIN run_participants participant ON participant.run_uuid = run.uuid AND participant.attempt = run.attempt
      LEFT JOIN endpoints endpoint ON endpoint.uuid = participant.endpoint_uuid
     WHERE run.uuid = ${runUuid}::uuid AND run.organization_uuid = ${organizationUuid}::uuid
     ORDER BY participant.number`);
  return { databases, events: rows.map(toRunEvent) as HistoryEvent[] };
}

export function runWrites(scope: Scope): Pick<OrganizationTransactor, 'insertRun' | 'unfinishedRuns'> {
  return {
    insertRun: (run) => insertRun(scope, run),
    unfinishedRuns: async (migrationUuid) => {
      await lockMigration(scope, migrationUuid);
      return unfinishedRuns(scope.db, migrationUuid);
    },
  };
}

/** The active one first. */
async function unfinishedRuns(db: Db, migrationUuid: Uuid): Promise<readonly Run[]> {
  const rows = await db.run.findMany({
    where: { migrationUuid, slot: { not: null } },
    orderBy: { slot: 'asc' },
  });
  return rows.map(toRun);
}

function traceIn(traceparent: string | null): { trace_id?: string } {
  const trace = traceIdOf(traceparent);
  return trace === null ? {} : { trace_id: trace };
}

async function insertRun(scope: Scope, run: NewRun): Promise<Run> {
  const { db, organizationUuid } = scope;
  const { migrationUuid, kind, slot, actor, overrides, rehearse = false, traceparent = null } = run;
  const { id: migrationId } = await lockMigration(scope, migrationUuid);
  assertSlotIsFree(await unfinishedRuns(db, migrationUuid), run);
  const uuid = newUuid();
  const reason = slot === 'active' ? WAITS_FOR_WORKER : WAITS_FOR_SYNC;
  const row = await db.run.create({
    data: {
      uuid,
      organizationUuid,
      migrationUuid,
      migrationId,
      kind,
      slot,
      actor,
      overrides: toJson(overrides),
      rehearse,
      reason,
      eventCount: 1,
      traceparent,
    },
  });
  const { event: type } = RUN_STEPS.accept;
  const data = { kind, slot, actor, reason, ...traceIn(traceparent) } satisfies RunEventData[typeof type];
  await db.runEvent.create({ data: { organizationUuid, runUuid: uuid, sequence: 1, type, data } });
  // The run behind gets its message when it becomes active.
  if (slot === 'active') await db.outboxMessage.create({ data: { organizationUuid, runUuid: uuid } });
  return toRun(row);
}

function assertSlotIsFree([active, behind]: readonly Run[], { slot }: NewRun): void {
  if (slot === 'active' && active !== undefined) throw runInProgress(active.uuid);
  if (slot === 'active') return;
  if (active?.kind !== 'sync') throw new TypeError('a run can only wait behind a sync');
  if (behind !== undefined) throw runInProgress(behind.uuid);
}
