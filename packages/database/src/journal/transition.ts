import {
  asUuid,
  EdenError,
  originsOf,
  stepOf,
  type MigrationState,
  type OwnedRun,
  type Run,
  type RunEventData,
  type RunEventType,
  type RunStep,
  type RunStepData,
  type RunStepName,
} from '@eden/domain';
import type { Db } from '../client.js';
import { Prisma } from '../generated/client.js';
import { roundsIn, type Answer, type Step } from '../rounds.js';
import { RUN_COLUMNS, toRun, type RunColumns } from '../store/runs.js';

/*
 * A step of the run's state machine (domain, run-machine.ts) is one statement: it moves the run and appends the step's
 * event, guarded as the machine says. When the guard hits no row, somebody else has the run.
 *
 * Order of locks in every transaction: the migration, then its runs, then its APIs.
 */

interface Columns {
  /** What the step changes beyond the machine's columns, as the SET of an UPDATE. */
  readonly set?: Prisma.Sql;
  /** The epoch that a step raises to; without it, one more than the run's. */
  readonly epoch?: number;
  /** What has to hold besides. */
  readonly where?: Prisma.Sql;
}

/** What its event says, of which a step can leave out no more than the event can. */
type Said<Name extends RunStepName> = [RunStepData<Name>] extends [never]
  ? { readonly data?: never }
  : Partial<RunStepData<Name>> extends RunStepData<Name>
    ? { readonly data?: RunStepData<Name> }
    : { readonly data: RunStepData<Name> };

export type Change<Name extends RunStepName> = Columns & Said<Name>;

/** Who takes the step: of an unattended run, whoever finds its heartbeat older than `leaseMs`. */
type Taker = Pick<OwnedRun, 'run'> & { readonly owner?: string; readonly leaseMs?: number };

/** A step of the run's owner. @throws EdenError FENCED */
export async function transition<Name extends RunStepName>(
  db: Db,
  owned: OwnedRun,
  name: Name,
  change: Change<Name>,
): Promise<void> {
  await roundsIn(db)([transitionStep(owned, name, change)]);
}

/** The same, to go with others. */
export function transitionStep<Name extends RunStepName>(owned: OwnedRun, name: Name, change: Change<Name>): Step {
  return { sql: stepSql(owned, name, change), check: hitsOne(owned) };
}

/** @throws EdenError FENCED when the guard has hit no row */
function hitsOne(owned: OwnedRun): (answer: Answer) => void {
  return ({ count }) => {
    if (count !== 1) throw fenced(owned);
  };
}

/** Answers whether the guard held. */
export async function takeStep<Name extends RunStepName>(
  db: Db,
  taker: Taker,
  name: Name,
  change: Change<Name>,
): Promise<boolean> {
  return (await db.$executeRaw(stepSql(taker, name, change))) === 1;
}

function stepSql<Name extends RunStepName>(taker: Taker, name: Name, change: Change<Name>): Prisma.Sql {
  const { run } = taker;
  const { set, where, data, epoch = run.epoch + 1 } = change;
  return Prisma.sql`
    WITH moved AS (
      UPDATE runs SET ${assignments(name, { ...taker, epoch })} ${set === undefined ? Prisma.empty : Prisma.sql`, ${set}`}
       WHERE ${guardOf(name, taker)} AND ${mayTake(name, run)} ${where === undefined ? Prisma.empty : Prisma.sql`AND ${where}`}
      RETURNING organization_uuid, uuid, event_count)
    ${appendStep(name, data)}`;
}

/** The machine's columns, as the SET of an UPDATE. */
export function assignments(
  name: RunStepName,
  { owner, epoch }: { readonly owner?: string; readonly epoch?: number } = {},
): Prisma.Sql {
  const step = stepOf(name);
  const columns = [
    ...(step.to === 'same' ? [] : [Prisma.sql`state = ${step.to}`]),
    ...(step.epoch === 'raise' ? [Prisma.sql`epoch = ${epoch}`] : []),
    ...ownership(step, owner),
    ...slot(step),
    ...(step.event === null ? [] : [Prisma.sql`event_count = event_count + 1`]),
  ];
  return Prisma.join(columns);
}

function ownership({ owner: change }: RunStep, owner: string | undefined): readonly Prisma.Sql[] {
  switch (change) {
    case 'keep':
      return [];
    case 'renew':
      return [Prisma.sql`heartbeat_at = now()`];
    case 'take':
      return [Prisma.sql`owner = ${owner}, heartbeat_at = now()`];
    case 'drop':
      return [Prisma.sql`owner = NULL, heartbeat_at = NULL`];
  }
}

/** The trigger on finished_at wakes who waits for the run's end. */
function slot({ slot: { then } }: RunStep): readonly Prisma.Sql[] {
  switch (then) {
    case 'same':
      return [];
    case 'active':
      return [Prisma.sql`slot = 'active'`];
    case 'none':
      return [Prisma.sql`slot = NULL, finished_at = now()`];
  }
}

function guardOf(name: RunStepName, { run, owner, leaseMs }: Taker): Prisma.Sql {
  const step = stepOf(name);
  const row = Prisma.sql`uuid = ${run.uuid}::uuid`;
  const atEpoch = Prisma.sql`${row} AND epoch = ${run.epoch} AND token = ${run.token}`;
  switch (step.guard) {
    case 'owner':
      return Prisma.sql`${atEpoch} AND owner = ${owner}`;
    case 'unattended':
      return Prisma.sql`${atEpoch} AND ${unattended(leaseOf(name, leaseMs))}`;
    case 'none':
      return step.epoch === 'raise' ? atEpoch : row;
  }
}

/** Without a lease, the step would take the run from whoever works on it. */
function leaseOf(name: RunStepName, leaseMs: number | undefined): number {
  if (leaseMs === undefined) throw new TypeError(`${name} is for unattended runs, and nobody says which they are`);
  return leaseMs;
}

/** The run is in a state and a slot from which the step may be taken. */
export function mayTake(name: RunStepName, run?: Pick<Run, 'kind' | 'state'>): Prisma.Sql {
  const {
    slot: { of },
    knowing,
  } = stepOf(name);
  const origins = originsOf(name, run?.kind).filter((state) => knowing === undefined || state === run?.state);
  return Prisma.sql`state = ANY(${[...origins]}::text[]) AND slot = ANY(${[...of]}::text[])`;
}

/** Nobody's heart beats for it: the worker has died, or the run was taken from it. */
export function unattended(leaseMs: number): Prisma.Sql {
  return Prisma.sql`(owner IS NULL OR heartbeat_at < now() - ${leaseMs} * interval '1 millisecond')`;
}

/** Of the run's owner, at the epoch and in the attempt that it knows. */
export function guard({ run, owner }: OwnedRun): Prisma.Sql {
  return Prisma.sql`uuid = ${run.uuid}::uuid AND owner = ${owner} AND epoch = ${run.epoch} AND token = ${run.token}`;
}

export function fenced({ run }: OwnedRun): EdenError {
  return new EdenError('FENCED', { run_uuid: run.uuid, epoch: run.epoch });
}

/**
 * Appends the step's event for the rows of the CTE `moved`: (organization_uuid, uuid, event_count). The last event of a
 * run tells its state.
 */
export function appendStep<Name extends RunStepName>(name: Name, data?: RunStepData<Name>): Prisma.Sql {
  const { event, to } = stepOf(name);
  if (event === null) return Prisma.sql`SELECT FROM moved`;
  return append(event, event === 'finished' ? { state: to, ...data } : { ...data });
}

/** An event that moves the run nowhere. @throws EdenError FENCED */
export function eventStep<Type extends RunEventType>(owned: OwnedRun, type: Type, data: RunEventData[Type]): Step {
  const sql = Prisma.sql`
    WITH moved AS (
      UPDATE runs SET event_count = event_count + 1, heartbeat_at = now() WHERE ${guard(owned)}
      RETURNING organization_uuid, uuid, event_count)
    ${appendEvent(type, data)}`;
  return { sql, check: hitsOne(owned) };
}

/** Appends an event for the rows of the CTE `moved`: (organization_uuid, uuid, event_count). */
export function appendEvent<Type extends RunEventType>(event: Type, data: RunEventData[Type]): Prisma.Sql {
  return append(event, data);
}

function append(event: RunEventType, data: object): Prisma.Sql {
  return Prisma.sql`
    INSERT INTO run_events (organization_uuid, run_uuid, sequence, type, data)
    SELECT organization_uuid, uuid, event_count, ${event}, ${JSON.stringify(data)}::json FROM moved`;
}

/** Locks the run's migration. @throws EdenError FENCED when it is deleted */
export async function lockMigrationOf(db: Db, owned: OwnedRun): Promise<{ state: MigrationState; epoch: number }> {
  const [answer] = await roundsIn(db)([lockMigrationStep(owned, Prisma.sql`state, epoch`)]);
  const [row] = (answer?.rows ?? []) as readonly [{ state: MigrationState; epoch: bigint }];
  return { state: row.state, epoch: Number(row.epoch) };
}

/** The same, to go with others, for some of its columns. */
export function lockMigrationStep(owned: OwnedRun, columns: Prisma.Sql): Step {
  const sql = Prisma.sql`
    SELECT ${columns} FROM migrations WHERE uuid = ${owned.run.migrationUuid}::uuid AND deleted_at IS NULL
       FOR NO KEY UPDATE`;
  return { sql, reads: true, check: hitsOne(owned) };
}

/** Moves the run's migration, fenced by the epoch that its T1 gave it. @throws EdenError FENCED */
export async function moveMigration(db: Db, owned: OwnedRun, set: Prisma.Sql): Promise<void> {
  await roundsIn(db)([moveMigrationStep(owned, set)]);
}

/** The same, to go with others. */
export function moveMigrationStep(owned: OwnedRun, set: Prisma.Sql): Step {
  const { migrationUuid, epoch } = owned.run;
  const sql = Prisma.sql`
    UPDATE migrations SET ${set}
     WHERE uuid = ${migrationUuid}::uuid AND epoch = ${epoch} AND deleted_at IS NULL`;
  return { sql, check: hitsOne(owned) };
}

/** The run as it is now, to go with others; `runIn` takes it from the answer. */
export function readRunStep(uuid: Run['uuid']): Step {
  return { sql: Prisma.sql`SELECT ${RUN_COLUMNS} FROM runs WHERE uuid = ${uuid}::uuid`, reads: true };
}

/** @throws TypeError when there is none */
export function runIn(answer: Answer | undefined): Run {
  const [row] = (answer?.rows ?? []) as readonly RunColumns[];
  if (row === undefined) throw new TypeError('a run that is not there');
  return toRun(row);
}

/** The run as it is now. */
export async function readRun(db: Db, uuid: Run['uuid']): Promise<Run> {
  return toRun(await db.run.findUniqueOrThrow({ where: { uuid: asUuid(uuid) } }));
}
