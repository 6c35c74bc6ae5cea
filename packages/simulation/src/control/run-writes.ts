import {
  isLeftToUndo,
  resolutionOf,
  RUN_STEPS,
  runInProgress,
  runNotInDoubt,
  type NewRun,
  type OutsideStep,
  type Run,
  type RunEvent,
  type RunResolution,
  type RunTuning,
  type StoredError,
  type Uuid,
  WAITS_FOR_SYNC,
  WAITS_FOR_WORKER,
} from '@eden/domain';
import { calendarOf } from '../schedule/calendar.js';
import { forgetGates, noteGates } from './gates.js';
import { participants } from './recovery.js';
import { abortBehind, lockMigration, moveMembers } from './outcomes.js';
import { insertMessage } from './outbox-rows.js';
import { changeStep, hasBegunSteps, readSteps } from './outside-steps.js';
import { toMigration, unfinishedRuns } from './reads.js';
import { isRewound, readRun, takeStep, toRun, withEvent, type Statement } from './steps.js';
import type { RunRow } from './tables.js';
import { present, type Naming } from './writes.js';

/* What an organization does with its runs (packages/database/src/store), each one statement of its transaction. */

export function lockAndReadUnfinished(at: Statement, migrationUuid: Uuid): readonly Run[] {
  present(lockMigration(at, migrationUuid), 'MIGRATION_NOT_FOUND');
  return unfinishedRuns(at, migrationUuid).map(toRun);
}

export function insertRun(at: Statement, run: NewRun, { uuid, order }: Naming): Run {
  const { migrationUuid, kind, slot, actor, overrides, rehearse = false, traceparent = null } = run;
  const row = present(lockMigration(at, migrationUuid), 'MIGRATION_NOT_FOUND');
  const [active, behind] = unfinishedRuns(at, migrationUuid);
  const inTheWay = slot === 'active' ? active : behind;
  if (inTheWay !== undefined) throw runInProgress(inTheWay.uuid);
  const at1 = calendarOf(at.now);
  const reason = slot === 'active' ? WAITS_FOR_WORKER : WAITS_FOR_SYNC;
  const queued = { sequence: 1, at: at1, type: 'queued', data: { kind, slot, actor, reason } } as RunEvent;
  const { organizationUuid, id: migrationId } = toMigration(at, row);
  const of = { organizationUuid, migrationUuid, migrationId, kind, slot, actor, overrides, rehearse };
  const names = { uuid, order, ...of, reason, traceparent };
  at.tx.put('runs', uuid, { ...NEW_RUN, ...names, timeline: at.timeline, createdAt: at1, events: [queued] });
  if (slot === 'active') insertMessage(at, uuid);
  return readRun(at, uuid);
}

const NEW_RUN = {
  state: RUN_STEPS.accept.to,
  epoch: 0,
  token: '',
  attempt: 1,
  lockWaitMs: null,
  parallelExecutionMs: null,
  apis: [],
  error: null,
  cancelledBy: null,
  tuning: null,
  startedAt: null,
  finishedAt: null,
  owner: null,
  notBefore: null,
  heartbeatAt: null,
  waitingSince: null,
  inDoubtSince: null,
  auditedAt: null,
} as const satisfies Partial<RunRow>;

export function cancelRun(at: Statement, run: Run, actor: string): boolean {
  const isCancelled =
    takeStepsBack(at, run, actor) ||
    cancelRewoundBehind(at, run, actor) ||
    cancelUntouched(at, run, actor) ||
    undo(at, run, actor, 'cancelAttempt') ||
    cancelRequeue(at, run, actor);
  if (isCancelled) at.tx.notify('eden_run_released', run.uuid);
  return isCancelled;
}

/** Of a run that is at its steps, or has done some and not come to T1 since. */
function takeStepsBack(at: Statement, run: Run, actor: string): boolean {
  const hasSteps = run.state === RUN_STEPS.beginSteps.to || hasBegunSteps(at, run);
  return hasSteps && !isRewound(at, run) && undo(at, run, actor, 'cancelSteps');
}

/** The targets are asked about it, as soon as the sync before it is over. */
function cancelRewoundBehind(at: Statement, run: Run, actor: string): boolean {
  const row = at.tx.get('runs', run.uuid);
  if (row?.slot !== 'behind' || !isRewound(at, run)) return false;
  const [first] = unfinishedRuns(at, run.migrationUuid);
  if (first?.slot === 'active') return takeStep(at, { run }, 'cancelBehind', { set: { cancelledBy: actor } });
  return abortBehind(at, run, cancelledBy(actor));
}

export function cancelUntouched(at: Statement, run: Run, actor: string): boolean {
  const change = { set: cancelledBy(actor), data: { cancelled_by: actor } };
  if (!isRewound(at, run)) return takeStep(at, { run }, 'cancel', change);
  if (undo(at, run, actor, 'cancelAfterRewind')) return true;
  return takeStep(at, { run }, 'cancel', { ...change, where: (row) => row.slot === 'behind' });
}

function undo(
  at: Statement,
  run: Run,
  actor: string,
  name: 'cancelAttempt' | 'cancelAfterRewind' | 'cancelSteps',
): boolean {
  const row = lockMigration(at, run.migrationUuid);
  if (row === null) return false;
  const epoch = row.epoch + 1;
  const data = { epoch, outcome: RUN_STEPS.cancel.to, cancelled_by: actor, reason: cancelledBy(actor).reason };
  if (!takeStep(at, { run }, name, { epoch, set: cancelledBy(actor), data })) return false;
  at.tx.put('migrations', row.uuid, { ...row, epoch });
  return true;
}

function cancelledBy(actor: string) {
  return { cancelledBy: actor, reason: `was cancelled by ${actor}` };
}

function cancelRequeue(at: Statement, run: Run, actor: string): boolean {
  const data = {
    epoch: run.epoch,
    outcome: RUN_STEPS.cancel.to,
    cancelled_by: actor,
    reason: cancelledBy(actor).reason,
  };
  const where = (row: RunRow): boolean => row.error === null;
  return takeStep(at, { run }, 'cancelRequeue', { set: cancelledBy(actor), data, where });
}

export function pauseRun(at: Statement, run: Run, actor: string): boolean {
  const reason = `was paused by ${actor}`;
  const isPaused = takeStep(at, { run }, 'pause', { set: { reason }, data: { actor, reason } });
  if (isPaused) at.tx.notify('eden_run_released', run.uuid);
  return isPaused;
}

export function resumeRun(at: Statement, run: Run, actor: string): boolean {
  const reason = `was resumed by ${actor}, and waits for a worker`;
  const set = { reason, waitingSince: null, notBefore: null };
  const isResumed = takeStep(at, { run }, 'resume', { set, data: { actor, reason } });
  if (!isResumed) return false;
  for (const { number } of readSteps(at, run.uuid).filter((step) => step.state === 'running')) {
    changeStep(at, run.uuid, number, { failures: 0 });
  }
  insertMessage(at, run.uuid);
  return true;
}

export function tuneRun(at: Statement, run: Run, actor: string, tuning: RunTuning): void {
  const row = at.tx.get('runs', run.uuid);
  if (row !== null) at.tx.put('runs', run.uuid, withEvent(at, { ...row, tuning }, 'tuned', { actor, tuning }));
}

/** Where steps outside the transaction are left, whoever adopts the run does them, or takes them back, first. */
export function resolveRun(at: Statement, run: Run, resolution: RunResolution): void {
  const { decision } = resolution;
  const resolving = { run, resolution, isDecided: run.error?.context['decided'] === true, epoch: run.epoch + 1 };
  const isForward = decision === 'commit' || (decision === 'retry' && resolving.isDecided);
  const row = present(lockMigration(at, run.migrationUuid), 'MIGRATION_NOT_FOUND');
  at.tx.put('migrations', row.uuid, { ...row, epoch: resolving.epoch });
  if (decision !== 'retry') {
    markByHand(at, run, isForward ? 'done' : 'left');
    settleDefinitions(at, resolving, decision);
  }
  const left = stepsLeft(at, run, isForward);
  const isTaken = left > 0 ? goOn(at, resolving, isForward) : endDoubt(at, resolving);
  if (!isTaken) throw runNotInDoubt({ run_uuid: run.uuid });
}

interface Resolving {
  readonly run: Run;
  readonly resolution: RunResolution;
  readonly isDecided: boolean;
  readonly epoch: number;
}

function settleDefinitions(at: Statement, { run, isDecided }: Resolving, decision: 'commit' | 'abort'): void {
  const { definitions } = resolutionOf(run.kind, decision, isDecided);
  if (decision === 'abort' && isDecided) forgetGates(at, run.migrationUuid);
  moveMembers(at, run.migrationUuid, { memberships: 'leave', definitions });
  if (decision === 'commit' && !isDecided) noteGates(at, participants(at, run.uuid));
}

/** What could not be done, or taken back, somebody has seen to. */
function markByHand(at: Statement, run: Run, state: 'done' | 'left'): void {
  const doubtful = (run.error?.context['steps'] ?? []) as readonly { readonly number: number }[];
  for (const { number } of doubtful) changeStep(at, run.uuid, number, { state });
}

/** None of a run that another installation has begun. */
function stepsLeft(at: Statement, { uuid, error }: Run, isForward: boolean): number {
  const databases = (error?.context['databases'] ?? []) as readonly { readonly ledger?: string }[];
  if (databases.some(({ ledger }) => ledger === 'not read')) return 0;
  const isLeft = isForward ? isLeftToDo : isLeftToUndo;
  return readSteps(at, uuid).filter(isLeft).length;
}

function isLeftToDo({ phase, state }: OutsideStep): boolean {
  return phase === 'after' && state !== 'done';
}

function goOn(at: Statement, { run, epoch }: Resolving, isForward: boolean): boolean {
  const data = { epoch };
  if (isForward) return takeStep(at, { run }, 'resolveToLastSteps', { epoch, set: { error: null }, data });
  const failure = (run.error?.context['failure'] ?? null) as StoredError | null;
  const set = run.error?.code === 'STEP_COMPENSATION_FAILED' ? { error: failure } : {};
  return takeStep(at, { run }, 'resolveToCompensation', { epoch, set, data });
}

function endDoubt(at: Statement, { run, resolution, isDecided, epoch }: Resolving): boolean {
  const { decision } = resolution;
  if (decision === 'retry') throw new TypeError('there is no step to try again');
  const { migration, memberships } = resolutionOf(run.kind, decision, isDecided);
  if (migration !== 'same') at.tx.change('migrations', run.migrationUuid, { state: migration });
  moveMembers(at, run.migrationUuid, { memberships, definitions: 'leave' });
  const change = { epoch, set: decision === 'commit' ? { error: null } : {}, data: { resolved: resolution } };
  return takeStep(at, { run }, decision === 'commit' ? 'resolveCommit' : 'resolveAbort', change);
}
