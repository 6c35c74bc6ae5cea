import {
  asUuid,
  EdenError,
  type ErrorContext,
  type MigrationState,
  type OwnedRun,
  type Run,
  type RunEventType,
  type RunState,
} from '@eden/domain';
import type { Db } from '../client.js';
import { Prisma } from '../generated/client.js';
import { RUN_INCLUDE, toRun } from '../store/runs.js';

/*
 * Every arrow of the run's state machine is one of these statements: it moves the run and appends the event of the
 * same name, guarded by the run's owner, epoch and states. When the guard hits no row, somebody else has the run.
 *
 * Order of locks in every transaction: the migration, then its runs, then its APIs.
 */

export interface Transition {
  readonly from: readonly RunState[];
  /** The columns that change, as the SET of an UPDATE. */
  readonly set: Prisma.Sql;
  readonly event: RunEventType;
  readonly data?: ErrorContext;
}

/** @throws EdenError FENCED */
export async function transition(db: Db, owned: OwnedRun, { from, set, event, data = {} }: Transition): Promise<void> {
  const appended = await db.$executeRaw(Prisma.sql`
    WITH moved AS (
      UPDATE runs SET ${set}, event_count = event_count + 1
       WHERE ${guard(owned)} AND state = ANY(${[...from]}::text[])
      RETURNING organization_uuid, uuid, event_count)
    ${appendEvent(event, data)}`);
  if (appended !== 1) throw fenced(owned);
}

/** Appends an event for the rows of the CTE `moved`: (organization_uuid, uuid, event_count). */
export function appendEvent(event: RunEventType, data: ErrorContext): Prisma.Sql {
  return Prisma.sql`
    INSERT INTO run_events (organization_uuid, run_uuid, sequence, type, data)
    SELECT organization_uuid, uuid, event_count, ${event}, ${JSON.stringify(data)}::json FROM moved`;
}

export function guard({ run, owner }: OwnedRun): Prisma.Sql {
  return Prisma.sql`uuid = ${run.uuid}::uuid AND owner = ${owner} AND epoch = ${run.epoch}`;
}

export function fenced({ run }: OwnedRun): EdenError {
  return new EdenError('FENCED', { run_uuid: run.uuid, epoch: run.epoch });
}

/** What a run leaves behind at its end; the trigger on finished_at wakes who waits for it. */
export function finished(state: 'succeeded' | 'failed' | 'cancelled'): Prisma.Sql {
  return Prisma.sql`state = ${state}, slot = NULL, owner = NULL, heartbeat_at = NULL, finished_at = now()`;
}

/** Locks the run's migration. @throws EdenError FENCED when it is deleted */
export async function lockMigrationOf(db: Db, owned: OwnedRun): Promise<{ state: MigrationState; epoch: number }> {
  const [row] = await db.$queryRaw<{ state: MigrationState; epoch: bigint }[]>(Prisma.sql`
    SELECT state, epoch FROM migrations WHERE uuid = ${owned.run.migrationUuid}::uuid AND deleted_at IS NULL
       FOR NO KEY UPDATE`);
  if (row === undefined) throw fenced(owned);
  return { state: row.state, epoch: Number(row.epoch) };
}

/** Moves the run's migration, fenced by the epoch that its T1 gave it. @throws EdenError FENCED */
export async function moveMigration(db: Db, owned: OwnedRun, set: Prisma.Sql): Promise<void> {
  const { migrationUuid, epoch } = owned.run;
  const moved = await db.$executeRaw(Prisma.sql`
    UPDATE migrations SET ${set}
     WHERE uuid = ${migrationUuid}::uuid AND epoch = ${epoch} AND deleted_at IS NULL`);
  if (moved !== 1) throw fenced(owned);
}

/** The run as it is now. */
export async function readRun(db: Db, uuid: Run['uuid']): Promise<Run> {
  return toRun(await db.run.findUniqueOrThrow({ where: { uuid: asUuid(uuid) }, include: RUN_INCLUDE }));
}
