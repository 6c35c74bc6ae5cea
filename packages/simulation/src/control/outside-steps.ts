import {
  EdenError,
  hasBegun,
  RUN_STEPS,
  toStoredError,
  type AbortEnd,
  type BatchNews,
  type BatchProgress,
  type Evidence,
  type NewOutsideStep,
  type OutsideStep,
  type OutsideStepChange,
  type OwnedRun,
  type Run,
  type RunTuning,
  type StepPhase,
  type SteppedSchema,
  type StepsStart,
  type StoredError,
  type Uuid,
} from '@eden/domain';
import { tellWaiting } from './claims.js';
import { assertVersions } from './databases.js';
import { lockMigrationOf, reach } from './outcomes.js';
import { insertMessage } from './outbox-rows.js';
import { fenced, isOwned, isRewound, readRun, transition, withEvent, type Statement } from './steps.js';

/* Steps outside the transaction (packages/database/src/journal/outside-steps.ts). */

export function readSteps({ tx }: Statement, runUuid: Uuid): readonly OutsideStep[] {
  return tx.get('outsideSteps', runUuid)?.steps ?? [];
}

export function hasBegunSteps(at: Statement, { uuid }: Pick<Run, 'uuid'>): boolean {
  return readSteps(at, uuid).some(hasBegun);
}

export function beginSteps(
  at: Statement,
  owned: OwnedRun,
  steps: readonly NewOutsideStep[],
  start: StepsStart,
): OwnedRun {
  const { run, owner } = owned;
  const epoch = raiseMigration(at, owned);
  const data = { epoch, phase: 'before', steps: countOf(steps, 'before') };
  const startedAt = at.tx.get('runs', run.uuid)?.startedAt ?? start.startedAt;
  transition(at, owned, 'beginSteps', { epoch, set: { reason: null, startedAt }, data });
  // Another attempt goes on with what the first one has written.
  if (at.tx.get('outsideSteps', run.uuid) === null) {
    const untried = { attempts: 0, failures: 0, error: null, startedAt: null, finishedAt: null } as const;
    const fresh = {
      ...untried,
      state: 'pending',
      schemaFingerprint: null,
      mayBeDone: false,
      outputs: {},
      progress: null,
    } as const;
    at.tx.put('outsideSteps', run.uuid, { runUuid: run.uuid, steps: steps.map((step) => ({ ...step, ...fresh })) });
  }
  const used = steps.map(({ endpointUuid }) => endpointUuid).filter((uuid) => start.endpointVersions.has(uuid));
  assertVersions(at, used, start.endpointVersions);
  return { run: readRun(at, run.uuid), owner };
}

function raiseMigration(at: Statement, owned: OwnedRun): number {
  const migration = lockMigrationOf(at, owned);
  const epoch = migration.epoch + 1;
  at.tx.put('migrations', migration.uuid, { ...migration, epoch });
  return epoch;
}

function countOf(steps: readonly Pick<NewOutsideStep, 'phase'>[], phase: StepPhase): number {
  return steps.filter((step) => step.phase === phase).length;
}

export function recordStep(at: Statement, owned: OwnedRun, number: number, change: OutsideStepChange): void {
  const { uuid } = owned.run;
  const row = at.tx.get('runs', uuid);
  const step = readSteps(at, uuid).find((each) => each.number === number);
  if (step === undefined || !isOwned(at, row, owned)) throw fenced(owned);
  const { state, attempts, failures, error, mayBeDone, outputs } = change;
  changeStep(at, uuid, number, { state, attempts, failures, error, mayBeDone, outputs });
  const { phase, apiId: api_id, template } = step;
  const data = { number, phase, api_id, template, database: step.database.name, state, attempt: attempts };
  at.tx.put('runs', uuid, withEvent(at, { ...row, heartbeatAt: at.now }, 'step', data));
}

export function recordBatches(
  at: Statement,
  owned: OwnedRun,
  { number, progress, isTold, isFurther }: BatchNews & { readonly number: number; readonly progress: BatchProgress },
): RunTuning | null {
  const { uuid } = owned.run;
  const row = at.tx.get('runs', uuid);
  if (!isOwned(at, row, owned)) throw fenced(owned);
  changeStep(at, uuid, number, isFurther ? { progress, failures: 1 } : { progress });
  const beaten = { ...row, heartbeatAt: at.now };
  at.tx.put('runs', uuid, isTold ? withEvent(at, beaten, 'batches', { number, ...progress }) : beaten);
  return row.tuning;
}

export function holdBack(at: Statement, owned: OwnedRun, reason: string): void {
  const { uuid, state } = owned.run;
  tellWaiting(at, at.tx.get('runs', uuid), { reason });
  transition(at, owned, 'holdBack', { set: { waitingSince: null } });
  if (state === RUN_STEPS.beginSteps.to) insertMessage(at, uuid);
}

export function changeStep(at: Statement, runUuid: Uuid, number: number, change: Partial<OutsideStep>): void {
  const steps = readSteps(at, runUuid).map((each) => (each.number === number ? { ...each, ...change } : each));
  at.tx.put('outsideSteps', runUuid, { runUuid, steps });
}

export function endSteps(at: Statement, owned: OwnedRun, schemas: readonly SteppedSchema[]): void {
  const { uuid: runUuid } = owned.run;
  for (const { database, fingerprint: schemaFingerprint } of schemas) {
    const steps = readSteps(at, runUuid).filter((step) => step.phase === 'before' && step.database.key === database);
    for (const { number } of steps) changeStep(at, runUuid, number, { schemaFingerprint });
  }
  transition(at, owned, 'endSteps', { set: { waitingSince: null, reason: null }, data: { phase: 'before' } });
  insertMessage(at, owned.run.uuid);
}

/** A target knows a newer epoch of a step than this database, which was rewound. */
export function catchUp(at: Statement, owned: OwnedRun, seen: number): OwnedRun {
  const migration = lockMigrationOf(at, owned);
  const epoch = Math.max(migration.epoch, seen) + 1;
  transition(at, owned, 'catchUp', { epoch });
  at.tx.put('migrations', migration.uuid, { ...migration, epoch });
  return { run: readRun(at, owned.run.uuid), owner: owned.owner };
}

export function leaveSteps(at: Statement, owned: OwnedRun): void {
  transition(at, owned, 'leaveSteps');
}

/** Also of a run that cannot start after its steps. */
export function failSteps(at: Statement, owned: OwnedRun, error: StoredError, reason: string): void {
  if (isRewound(at, owned.run)) return abortUnstarted(at, owned, error, reason);
  const epoch = raiseMigration(at, owned);
  const data = { epoch, outcome: RUN_STEPS.failCompensated.to, reason };
  transition(at, owned, 'failSteps', { epoch, set: { error, reason }, data });
}

/** It may have started: the targets are asked before it ends. */
export function abortUnstarted(at: Statement, owned: OwnedRun, error: StoredError, why: string): void {
  const epoch = raiseMigration(at, owned);
  const reason = `${why}, and was queued on another timeline of the control database`;
  const data = { epoch, outcome: RUN_STEPS.fail.to, reason };
  transition(at, owned, 'failAfterRewind', { epoch, set: { error, reason }, data });
}

export function beginLastSteps(at: Statement, owned: OwnedRun): void {
  const { uuid, epoch } = owned.run;
  const data = { epoch, phase: 'after', steps: countOf(readSteps(at, uuid), 'after') };
  transition(at, owned, 'beginLastSteps', { set: { reason: null }, data });
}

export function finishCompensation(at: Statement, owned: OwnedRun): 'failed' | 'cancelled' {
  lockMigrationOf(at, owned);
  const { cancelledBy, error } = readRun(at, owned.run.uuid);
  if (cancelledBy !== null) {
    reach(at, owned, 'cancelCompensated', { set: { error: null }, data: { cancelled_by: cancelledBy } });
    return RUN_STEPS.cancelCompensated.to;
  }
  reach(at, owned, 'failCompensated', { data: error === null ? {} : { code: error.code, error: error.error } });
  return RUN_STEPS.failCompensated.to;
}

export function markStepInDoubt(at: Statement, owned: OwnedRun, evidence: Evidence): void {
  const code = evidence.decided ? 'STEP_AFTER_COMMIT_FAILED' : 'STEP_COMPENSATION_FAILED';
  const { error: failure } = owned.run;
  const error = toStoredError(new EdenError(code, { ...evidence, ...(failure === null ? {} : { failure }) }));
  transition(at, owned, 'markStepInDoubt', { set: { error, inDoubtSince: at.now }, data: { ...evidence, code } });
}

export interface Compensation {
  readonly end: Exclude<AbortEnd, 'requeued'>;
  readonly error: StoredError | null;
  readonly fence: number;
  readonly reason: string;
}

/** What its steps have done outside the transaction is taken back before the run ends. */
export function compensate(at: Statement, owned: OwnedRun, { end, error, fence, reason }: Compensation): void {
  const epoch = Math.max(owned.run.epoch, fence);
  transition(at, owned, 'compensateAborted', {
    set: { error, token: '', epoch },
    data: { epoch, outcome: end, reason },
  });
}
