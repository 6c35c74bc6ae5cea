import {
  asUuid,
  bindingStateOf,
  type BatchProgress,
  type OutsideStep,
  type OutsideStepState,
  type Run,
  type StepPhase,
  type StoredError,
  type Uuid,
} from '@eden/domain';
import type { Db } from '../client.js';
import { Prisma, type OutsideStep as OutsideStepRow } from '../generated/client.js';
import { fromJson } from '../json.js';

/** Of a run, in their order. */
export async function readSteps(db: Db, runUuid: Uuid): Promise<readonly OutsideStep[]> {
  const rows = await db.outsideStep.findMany({ where: { runUuid }, orderBy: { number: 'asc' } });
  return rows.map(toStep);
}

function toStep(row: OutsideStepRow): OutsideStep {
  const {
    number,
    apiId,
    binding,
    template,
    attempts,
    failures,
    schemaFingerprint,
    mayBeDone,
    outputs,
    progress,
    error,
    startedAt,
    finishedAt,
  } = row;
  return {
    number,
    apiId,
    binding,
    template,
    attempts,
    failures,
    schemaFingerprint,
    mayBeDone,
    outputs: fromJson(outputs),
    progress: progress === null ? null : fromJson<BatchProgress>(progress),
    startedAt,
    finishedAt,
    phase: row.phase as StepPhase,
    class: row.class as OutsideStep['class'],
    api: asUuid(row.apiUuid),
    endpointUuid: asUuid(row.endpointUuid),
    database: { key: row.databaseKey, place: row.databasePlace, name: row.databaseName },
    work: fromJson(row.work),
    state: row.state as OutsideStepState,
    error: error === null ? null : fromJson<StoredError>(error),
  };
}

/** As a person has seen to it; the record of its binding says so as well. */
export async function endStep(
  db: Db,
  run: Pick<Run, 'uuid'>,
  { number, state }: { readonly number: number; readonly state: OutsideStepState },
): Promise<void> {
  const data = { state, error: Prisma.DbNull, finishedAt: new Date() };
  const { apiUuid, binding } = await db.outsideStep.update({
    where: { runUuid_number: { runUuid: run.uuid, number } },
    data,
  });
  const record = JSON.stringify({ state: bindingStateOf(state), error: null });
  await db.$executeRaw(Prisma.sql`
    UPDATE run_bindings SET record = (record::jsonb || ${record}::jsonb)::json
     WHERE run_uuid = ${run.uuid}::uuid AND api_uuid = ${apiUuid}::uuid AND position = ${binding}`);
}

/** Whether something of a run may be there outside its transaction. */
export async function hasBegunSteps(db: Db, { uuid }: Pick<Run, 'uuid'>): Promise<boolean> {
  return (await db.outsideStep.count({ where: { runUuid: uuid, state: { not: 'pending' } } })) > 0;
}
