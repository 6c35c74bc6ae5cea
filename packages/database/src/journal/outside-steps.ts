import {
  bindingStateOf,
  EdenError,
  isUnderWay,
  RUN_STEPS,
  toStoredError,
  type Evidence,
  type NewOutsideStep,
  type BatchNews,
  type BatchProgress,
  type OutsideStepChange,
  type OwnedRun,
  type Run,
  type RunJournal,
  type RunEventData,
  type RunTuning,
  type StepPhase,
  type SteppedSchema,
  type StepsStart,
  type Uuid,
} from '@eden/domain';
import { transaction, type Client, type Db } from '../client.js';
import { Prisma } from '../generated/client.js';
import { readSteps } from '../store/outside-steps.js';
import { tellWaiting } from './claims.js';
import { otherDatabase, unchangedEndpoints } from './endpoint-versions.js';
import { reach } from './outcome.js';
import { abortUnstarted, isRewound, type Failure } from './rewound.js';
import { appendEvent, fenced, guard, lockMigrationOf, readRun, transition } from './transition.js';

type Steps = Pick<
  RunJournal,
  | 'beginSteps'
  | 'recordStep'
  | 'recordBatches'
  | 'holdBack'
  | 'endSteps'
  | 'catchUp'
  | 'leaveSteps'
  | 'failSteps'
  | 'beginLastSteps'
  | 'finishCompensation'
  | 'markStepInDoubt'
>;

/** Steps outside the transaction (protocol I35): done before T1 or after the commit, and taken back when the run fails. */
export function outsideSteps(client: Client): Steps {
  return {
    beginSteps: (owned, steps, start) => transaction(client, (tx) => beginSteps(tx, owned, steps, start)),
    recordStep: (owned, number, change) => transaction(client, (tx) => recordStep(tx, owned, { ...change, number })),
    recordBatches: (owned, number, progress, news) =>
      transaction(client, (tx) => recordBatches(tx, owned, { number, progress, ...news })),
    holdBack: (owned, reason) => transaction(client, (tx) => holdBack(tx, owned, reason)),
    endSteps: (owned, schemas) => transaction(client, (tx) => endSteps(tx, owned, schemas)),
    catchUp: (owned, seen) => transaction(client, (tx) => catchUp(tx, owned, seen)),
    leaveSteps: (owned) => transition(client, owned, 'leaveSteps', {}),
    failSteps: (owned, error, reason) =>
      transaction(client, async (tx) => {
        const fail = (await isRewound(tx, owned.run)) ? abortUnstarted : failSteps;
        await fail(tx, owned, { error, reason });
      }),
    beginLastSteps: (owned) => transaction(client, (tx) => beginLastSteps(tx, owned)),
    finishCompensation: (owned) => transaction(client, (tx) => finishCompensation(tx, owned)),
    markStepInDoubt: (owned, evidence) => markStepInDoubt(client, owned, evidence),
  };
}

async function beginSteps(
  db: Db,
  owned: OwnedRun,
  steps: readonly NewOutsideStep[],
  { startedAt, endpointVersions }: StepsStart,
): Promise<OwnedRun> {
  const { run, owner } = owned;
  const { epoch } = await lockMigrationOf(db, owned);
  const raised = epoch + 1;
  const data = { epoch: raised, phase: 'before', steps: countOf(steps, 'before') } as const;
  await transition(db, owned, 'beginSteps', {
    epoch: raised,
    set: Prisma.sql`reason = NULL, started_at = coalesce(started_at, ${startedAt})`,
    data,
  });
  await db.migration.update({ where: { uuid: run.migrationUuid }, data: { epoch: raised }, select: { uuid: true } });
  await insertSteps(db, run, steps);
  await assertVersions(db, steps, endpointVersions);
  return { run: await readRun(db, run.uuid), owner };
}

function countOf(steps: readonly Pick<NewOutsideStep, 'phase'>[], phase: StepPhase): number {
  return steps.filter((step) => step.phase === phase).length;
}

/** Another attempt goes on with what the first one has written. */
async function insertSteps(db: Db, { uuid, organizationUuid }: Run, steps: readonly NewOutsideStep[]): Promise<void> {
  await db.outsideStep.createMany({
    skipDuplicates: true,
    data: steps.map(({ api, endpointUuid, database, work, ...step }) => ({
      ...step,
      organizationUuid,
      runUuid: uuid,
      apiUuid: api,
      endpointUuid,
      databaseKey: database.key,
      databasePlace: database.place,
      databaseName: database.name,
      mayBeDone: false,
      work: JSON.parse(JSON.stringify(work)) as Prisma.InputJsonObject,
    })),
  });
}

async function assertVersions(
  db: Db,
  steps: readonly NewOutsideStep[],
  versions: ReadonlyMap<Uuid, number>,
): Promise<void> {
  const used = [...versions.keys()].filter((uuid) => steps.some(({ endpointUuid }) => endpointUuid === uuid));
  const same = await db.$queryRaw<unknown[]>(unchangedEndpoints(used, versions));
  if (same.length !== used.length) throw otherDatabase();
}

async function recordStep(
  db: Db,
  owned: OwnedRun,
  { number, ...change }: OutsideStepChange & { readonly number: number },
): Promise<void> {
  const { state, attempts, failures, error, endpointId, mayBeDone, outputs } = change;
  const finished = isUnderWay(state) ? Prisma.sql`NULL` : Prisma.sql`now()`;
  const stored = error === null ? Prisma.sql`NULL` : Prisma.sql`${JSON.stringify(error)}::json`;
  const [step] = await db.$queryRaw<OutsideStepNames[]>(Prisma.sql`
    UPDATE outside_steps SET state = ${state}, attempts = ${attempts}, failures = ${failures}, error = ${stored},
           may_be_done = ${mayBeDone}, outputs = ${JSON.stringify(outputs)}::json,
           started_at = coalesce(started_at, now()), finished_at = ${finished}
     WHERE run_uuid = ${owned.run.uuid}::uuid AND number = ${number}
    RETURNING phase, api_uuid, api_id, binding, template, database_name`);
  if (step === undefined) throw fenced(owned);
  const record = { state: bindingStateOf(state), attempts, error };
  await db.$executeRaw(Prisma.sql`
    UPDATE run_bindings SET record = (record::jsonb || ${JSON.stringify(record)}::jsonb)::json
     WHERE run_uuid = ${owned.run.uuid}::uuid AND api_uuid = ${step.api_uuid}::uuid AND position = ${step.binding}`);
  const { phase, api_id, template, database_name: database } = step;
  const reason = error === null ? {} : { reason: error.error };
  const data = {
    number,
    phase,
    api_id,
    template,
    database,
    endpoint_id: endpointId,
    state,
    attempt: attempts,
    ...reason,
  };
  const told = await db.$executeRaw(Prisma.sql`
    WITH moved AS (
      UPDATE runs SET event_count = event_count + 1, heartbeat_at = now() WHERE ${guard(owned)}
      RETURNING organization_uuid, uuid, event_count)
    ${appendEvent('step', data)}`);
  if (told !== 1) throw fenced(owned);
}

interface BatchReport extends BatchNews {
  readonly number: number;
  readonly progress: BatchProgress;
}

/** As a step that has just begun for the first time: whoever dies of it from now on counts anew. */
async function recordBatches(
  db: Db,
  owned: OwnedRun,
  { number, progress, isTold, isFurther }: BatchReport,
): Promise<RunTuning | null> {
  const [step] = await db.$queryRaw<OutsideStepNames[]>(Prisma.sql`
    UPDATE outside_steps SET progress = ${JSON.stringify(progress)}::json,
           failures = CASE WHEN ${isFurther} THEN 1 ELSE failures END
     WHERE run_uuid = ${owned.run.uuid}::uuid AND number = ${number}
    RETURNING phase, api_uuid, api_id, binding, template, database_name`);
  if (step === undefined) throw fenced(owned);
  const record = JSON.stringify({ rows: progress.rows, estimatedRows: progress.estimatedRows });
  await db.$executeRaw(Prisma.sql`
    UPDATE run_bindings SET record = (record::jsonb || ${record}::jsonb)::json
     WHERE run_uuid = ${owned.run.uuid}::uuid AND api_uuid = ${step.api_uuid}::uuid AND position = ${step.binding}`);
  const moved = await db.$queryRaw<{ tuning: RunTuning | null }[]>(Prisma.sql`
    WITH moved AS (
      UPDATE runs SET event_count = event_count + ${isTold ? 1 : 0}::int, heartbeat_at = now() WHERE ${guard(owned)}
      RETURNING organization_uuid, uuid, event_count, tuning),
    told AS (${isTold ? appendEvent('batches', batchesIn(step, { number, progress })) : Prisma.sql`SELECT`})
    SELECT tuning FROM moved`);
  if (moved.length !== 1) throw fenced(owned);
  return moved[0]?.tuning ?? null;
}

function batchesIn(
  { api_id, template, database_name: database }: OutsideStepNames,
  { number, progress }: Pick<BatchReport, 'number' | 'progress'>,
): RunEventData['batches'] {
  const { rows, estimatedRows, batchSize, rowsPerSecond, endsAt, throttle } = progress;
  return {
    ...{ number, api_id, template, database, rows, throttle },
    estimated_rows: estimatedRows,
    batch_size: batchSize,
    rows_per_second: rowsPerSecond,
    ends_at: endsAt,
  };
}

/** Its wait for the lock begins when it comes again. One that waited for it comes again anyway. */
async function holdBack(db: Db, owned: OwnedRun, reason: string): Promise<void> {
  const { uuid, organizationUuid, state } = owned.run;
  await tellWaiting(db, guard(owned), { reason });
  await transition(db, owned, 'holdBack', { set: Prisma.sql`waiting_since = NULL` });
  if (state === RUN_STEPS.beginSteps.to) await db.outboxMessage.create({ data: { organizationUuid, runUuid: uuid } });
}

interface OutsideStepNames {
  readonly phase: StepPhase;
  readonly api_uuid: string;
  readonly api_id: string;
  readonly binding: number;
  readonly template: string;
  readonly database_name: string;
}

/**
 * Called again as by an accepted request: the wait for the lock begins now. The timeline stays that on which the run was
 * queued: behind a failover it may have come to T1 there.
 */
async function endSteps(db: Db, owned: OwnedRun, schemas: readonly SteppedSchema[]): Promise<void> {
  const { uuid, organizationUuid } = owned.run;
  const set = Prisma.sql`waiting_since = NULL, reason = NULL`;
  await transition(db, owned, 'endSteps', { set, data: { phase: 'before' } });
  for (const { database, fingerprint } of schemas) {
    const where = { runUuid: uuid, databaseKey: database, phase: 'before' };
    await db.outsideStep.updateMany({ where, data: { schemaFingerprint: fingerprint } });
  }
  await db.outboxMessage.create({ data: { organizationUuid, runUuid: uuid } });
}

async function catchUp(db: Db, owned: OwnedRun, seen: number): Promise<OwnedRun> {
  const { run, owner } = owned;
  const epoch = Math.max((await lockMigrationOf(db, owned)).epoch, seen) + 1;
  await transition(db, owned, 'catchUp', { epoch });
  await db.migration.update({ where: { uuid: run.migrationUuid }, data: { epoch }, select: { uuid: true } });
  return { run: await readRun(db, run.uuid), owner };
}

/** Also of a run that cannot start after its steps. */
export async function failSteps(db: Db, owned: OwnedRun, { error, reason }: Failure): Promise<void> {
  const { migrationUuid } = owned.run;
  const epoch = (await lockMigrationOf(db, owned)).epoch + 1;
  await transition(db, owned, 'failSteps', {
    epoch,
    set: Prisma.sql`error = ${JSON.stringify(error)}::json, reason = ${reason}`,
    data: { epoch, outcome: RUN_STEPS.failCompensated.to, reason },
  });
  await db.migration.update({ where: { uuid: migrationUuid }, data: { epoch }, select: { uuid: true } });
}

async function beginLastSteps(db: Db, owned: OwnedRun): Promise<void> {
  const { uuid, epoch } = owned.run;
  const steps = countOf(await readSteps(db, uuid), 'after');
  await transition(db, owned, 'beginLastSteps', {
    set: Prisma.sql`reason = NULL`,
    data: { epoch, phase: 'after', steps },
  });
}

async function finishCompensation(db: Db, owned: OwnedRun): ReturnType<RunJournal['finishCompensation']> {
  await lockMigrationOf(db, owned);
  const { cancelledBy, error } = await readRun(db, owned.run.uuid);
  if (cancelledBy !== null) {
    await reach(db, owned, 'cancelCompensated', { set: Prisma.sql`error = NULL`, data: { cancelled_by: cancelledBy } });
    return RUN_STEPS.cancelCompensated.to;
  }
  await reach(db, owned, 'failCompensated', { data: error === null ? {} : { code: error.code, error: error.error } });
  return RUN_STEPS.failCompensated.to;
}

/** The run keeps its slot and its APIs. What it had failed of is kept, for another try. */
async function markStepInDoubt(db: Db, owned: OwnedRun, evidence: Evidence): Promise<void> {
  const code = evidence.decided ? 'STEP_AFTER_COMMIT_FAILED' : 'STEP_COMPENSATION_FAILED';
  const { error: failure } = owned.run;
  const error = toStoredError(new EdenError(code, { ...evidence, ...(failure === null ? {} : { failure }) }));
  await transition(db, owned, 'markStepInDoubt', {
    set: Prisma.sql`error = ${JSON.stringify(error)}::json, in_doubt_since = now()`,
    data: { ...evidence, code },
  });
}
