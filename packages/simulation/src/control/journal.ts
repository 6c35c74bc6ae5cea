import {
  planSummary,
  ABORT_STEPS,
  assertRunnable,
  decisionOf,
  EdenError,
  endOfAbort,
  hasEnded,
  RUN_OUTCOMES,
  RUN_STEPS,
  toStoredError,
  UNDER_WAY,
  type AbortCheck,
  type AbortEnd,
  type AbortOutcome,
  type Evidence,
  type MigrationState,
  type NewRunEvent,
  type FoundAttempt,
  type OwnedRun,
  type Plan,
  type Run,
  type RunApi,
  type RunApiChange,
  type RunParticipant,
  type RunStart,
  type StoredError,
  type UnpreparedDatabase,
} from '@eden/domain';
import { calendarOf } from '../schedule/calendar.js';
import {
  lockDefinitions,
  lockMigrationOf,
  membersOf,
  moveBehind,
  moveMembers,
  moveMigration,
  reach,
} from './outcomes.js';
import { assertVersions } from './databases.js';
import { forgetGates, noteGates } from './gates.js';
import { participants } from './recovery.js';
import { insertMessage } from './outbox-rows.js';
import { abortUnstarted, compensate, failSteps, hasBegunSteps } from './outside-steps.js';
import { fenced, isOwned, isRewound, readRun, transition, withEvent, type Statement } from './steps.js';
import type { RunRow } from './tables.js';

/* The transactions of the journal, one function each: what packages/database/src/journal does in SQL. */

/** All attempts of a run tell one time to what it runs. A sync tells when it last had the lock of its APIs. */
function beganAt(at: Statement, { uuid, kind }: Run): Date {
  const earlier = kind === 'sync' ? null : at.tx.get('runs', uuid)?.startedAt;
  return earlier ?? calendarOf(at.now);
}

/** T1. */
export function start(at: Statement, owned: OwnedRun, begun: RunStart, lockWaitMs: number): OwnedRun {
  const { run, owner } = owned;
  const migration = lockMigrationOf(at, owned);
  const epoch = migration.epoch + 1;
  const set = {
    lockWaitMs: Math.round(lockWaitMs),
    startedAt: beganAt(at, run),
    token: begun.token,
    timeline: at.timeline,
    apis: begun.apis,
    reason: null,
  };
  transition(at, owned, 'start', { epoch, set, data: { epoch, attempt: run.attempt, lock_wait_ms: set.lockWaitMs } });
  assertRunnable(migration, run.kind);
  if (run.kind === 'migrate' && migration.planHash === null) throw new EdenError('PLAN_OUT_OF_DATE', {});
  const { started } = RUN_OUTCOMES[run.kind];
  const state = started.migration === 'same' ? migration.state : started.migration;
  at.tx.put('migrations', migration.uuid, { ...migration, epoch, state });
  moveMembers(at, run.migrationUuid, started);
  if (run.kind !== 'sync') claimMembers(at, run, begun.apis);
  insertParticipants(at, run, begun.participants(epoch));
  const used = begun.participants(epoch).map(({ endpointUuid }) => endpointUuid);
  assertVersions(at, used, begun.endpointVersions);
  return { run: readRun(at, run.uuid), owner };
}

function claimMembers(at: Statement, { kind, migrationUuid }: Run, apis: readonly RunApi[]): void {
  const active = new Set(membersOf(at, migrationUuid).flatMap((row) => (row.active ? [row.apiUuid] : [])));
  if (apis.some(({ api }) => !active.has(api))) throw new EdenError('API_HAS_MIGRATION', {});
  lockDefinitions(at, migrationUuid, decisionOf(kind).definitions);
}

function insertParticipants(at: Statement, run: Run, rows: readonly RunParticipant[]): void {
  const { organizationUuid, uuid: runUuid, attempt } = run;
  if (rows.length === 0) return;
  at.tx.put('participants', `${runUuid}/${attempt}`, { runUuid, attempt, rows });
  for (const { database, endpointUuid } of rows) {
    const key = `${database.key}/${endpointUuid}`;
    const nextSweepAt = at.tx.get('targetDatabases', key)?.nextSweepAt ?? at.now;
    const used = { organizationUuid, endpointUuid, databaseKey: database.key, lastUsedAt: at.now, nextSweepAt };
    at.tx.put('targetDatabases', key, used);
  }
}

export function recordEvents(at: Statement, owned: OwnedRun, events: readonly NewRunEvent[]): void {
  for (const { type, data } of events) recordEvent(at, owned, type, data);
}

export function noteUnprepared(at: Statement, owned: OwnedRun, found: UnpreparedDatabase): void {
  if (!isOwned(at, at.tx.get('runs', owned.run.uuid), owned)) throw fenced(owned);
  const { migrationUuid } = owned.run;
  at.tx.put('unprepared', `${migrationUuid}/${found.planHash}/${found.databaseKey}`, { ...found, migrationUuid });
}

export function recordApis(at: Statement, owned: OwnedRun, changes: readonly RunApiChange[]): void {
  const row = at.tx.get('runs', owned.run.uuid);
  if (!isOwned(at, row, owned)) throw fenced(owned);
  const recorded = new Map(row.apis.map((api) => [api.api, api]));
  for (const change of changes) recorded.set(change.api, changedApi(recorded.get(change.api), change));
  let next: RunRow = { ...row, apis: [...recorded.values()], heartbeatAt: at.now };
  for (const { api, apiId, state, rows } of changes.filter((each) => hasEnded(each.state))) {
    next = withEvent(at, next, 'api_finished', { api, api_id: apiId, state, rows, execution_time_ms: 0 });
  }
  at.tx.put('runs', row.uuid, next);
}

function changedApi(known: RunApi | undefined, change: RunApiChange): RunApi {
  const { changed, rows: _, executionTimeMs: __, ...api } = change;
  const bindings = [...(known?.bindings ?? [])];
  for (const { index, binding } of changed) bindings[index] = binding;
  return { ...api, bindings };
}

export function recordEvent(
  at: Statement,
  owned: OwnedRun,
  type: RunRow['events'][number]['type'],
  data: object,
): void {
  const row = at.tx.get('runs', owned.run.uuid);
  if (!isOwned(at, row, owned)) throw fenced(owned);
  at.tx.put('runs', row.uuid, withEvent(at, { ...row, heartbeatAt: at.now }, type, data));
}

export function finishSync(at: Statement, owned: OwnedRun, plan: Plan): void {
  const { migrationUuid } = owned.run;
  lockMigrationOf(at, owned);
  reach(at, owned, 'finishSync', { set: { reason: null }, data: planSummary(plan) });
  const migration = lockMigrationOf(at, owned);
  if (migration.revision !== plan.revision && !at.broken.has('revision-at-the-end-of-sync')) {
    throw new EdenError('MIGRATION_CHANGED', { suggestion: 'Run sync again' });
  }
  at.tx.put('migrations', migrationUuid, { ...migration, plan, planHash: plan.hash, atomicity: plan.atomicity });
  for (const row of membersOf(at, migrationUuid)) at.tx.put('memberships', row.uuid, { ...row, synced: true });
  moveBehind(at, migrationUuid, 'finishSync', null);
}

export function fail(at: Statement, owned: OwnedRun, error: StoredError): 'failed' | 'compensating' | 'aborting' {
  const { run } = owned;
  const reason = `could not start (${error.error})`;
  lockMigrationOf(at, owned);
  if (isRewound(at, run)) {
    abortUnstarted(at, owned, error, reason);
    return RUN_STEPS.failAfterRewind.to;
  }
  if (hasBegunSteps(at, run)) {
    failSteps(at, owned, error, reason);
    return RUN_STEPS.failSteps.to;
  }
  transition(at, owned, 'fail', { set: { error }, data: { code: error.code, error: error.error } });
  if (run.kind === 'sync') moveBehind(at, run.migrationUuid, 'fail', error);
  return RUN_STEPS.fail.to;
}

export function enterDeciding(at: Statement, owned: OwnedRun, parallelExecutionMs: number, prepared = 0): void {
  moveMigration(at, owned, { state: UNDER_WAY });
  tellPrepared(at, owned, prepared);
  transition(at, owned, 'enterDeciding', { set: { parallelExecutionMs }, data: { epoch: owned.run.epoch } });
}

function tellPrepared(at: Statement, owned: OwnedRun, prepared: number): void {
  if (prepared > 0) recordEvent(at, owned, 'prepared', { participants: prepared });
}

/** T2. */
export function decide(at: Statement, owned: OwnedRun, parallelExecutionMs: number, prepared = 0): void {
  tellPrepared(at, owned, prepared);
  const data = { epoch: owned.run.epoch, parallel_execution_ms: Math.round(parallelExecutionMs) };
  reach(at, owned, 'decide', { set: { parallelExecutionMs, reason: null }, data });
  noteGates(at, participants(at, owned.run.uuid));
}

export function honour(at: Statement, owned: OwnedRun, { token, participants: found }: FoundAttempt): OwnedRun {
  const { run } = owned;
  const data = { epoch: run.epoch, committed_before: true };
  if (run.token === '') moveMembers(at, run.migrationUuid, { memberships: 'take', definitions: 'leave' });
  reach(at, owned, 'honour', { set: { token, error: null, reason: null }, data });
  noteGates(at, found);
  if (participants(at, run.uuid).length === 0) insertParticipants(at, run, found);
  return { run: readRun(at, run.uuid), owner: owned.owner };
}

export function takeToken(at: Statement, owned: OwnedRun, token: string): OwnedRun {
  transition(at, owned, 'takeToken', { set: { token }, data: { epoch: owned.run.epoch, committed_before: true } });
  return { run: readRun(at, owned.run.uuid), owner: owned.owner };
}

export function complete(at: Statement, owned: OwnedRun): void {
  lockMigrationOf(at, owned);
  reach(at, owned, 'complete', { set: { reason: null } });
}

export function markInDoubt(at: Statement, owned: OwnedRun, evidence: Evidence): void {
  const error = toStoredError(new EdenError('RUN_IN_DOUBT', { ...evidence }));
  transition(at, owned, 'markInDoubt', {
    set: { error, inDoubtSince: at.now },
    data: { ...evidence, code: error.code },
  });
}

function beginning({ epoch }: Run, outcome: AbortOutcome) {
  const error = errorOf(outcome);
  const { kind, reason } = outcome;
  return { epoch: epoch + 1, set: { error, reason }, data: { epoch: epoch + 1, outcome: kind, reason } };
}

export function beginAbort(at: Statement, owned: OwnedRun, outcome: AbortOutcome): OwnedRun {
  const { run, owner } = owned;
  moveMigration(at, owned, { epoch: run.epoch + 1 });
  transition(at, owned, 'beginAbort', beginning(run, outcome));
  return { run: readRun(at, run.uuid), owner };
}

export function recant(at: Statement, owned: OwnedRun, outcome: AbortOutcome): OwnedRun {
  const { run, owner } = owned;
  const change = beginning(run, outcome);
  forgetGates(at, run.migrationUuid);
  reach(at, owned, 'recant', { ...change, data: { ...change.data, decided: true } });
  moveMigration(at, owned, { epoch: run.epoch + 1 });
  return { run: readRun(at, run.uuid), owner };
}

export function finishAbort(
  at: Statement,
  owned: OwnedRun,
  outcome: AbortOutcome,
  { timeline, fence }: AbortCheck,
): AbortEnd | 'compensating' | null {
  const { run } = owned;
  const { state } = lockMigrationOf(at, owned);
  if (timeline !== at.timeline && !at.broken.has('timeline-at-the-end-of-an-abort')) return null;
  const end = endOfAbort(outcome, readRun(at, run.uuid).cancelledBy !== null);
  const error = end === 'failed' ? errorOf(outcome) : null;
  const caughtUp = at.broken.has('catch-up-with-the-newest-fence') ? 0 : fence;
  if (end !== 'requeued' && hasBegunSteps(at, run)) {
    compensate(at, owned, { end, error, fence: caughtUp, reason: outcome.reason });
    moveBeyond(at, owned, caughtUp);
    return RUN_STEPS.compensateAborted.to;
  }
  const after = { error, token: '', epoch: Math.max(run.epoch, caughtUp) };
  if (end === 'requeued') queueAgain(at, owned, { after, pauseMs: pauseOf(outcome), outcome });
  else
    endInState(state)(at, owned, ABORT_STEPS[end], {
      set: after,
      data: error === null ? {} : { code: error.code },
    });
  moveBeyond(at, owned, caughtUp);
  if (run.kind === 'sync') moveBehind(at, run.migrationUuid, ABORT_STEPS[end], error);
  return end;
}

/** What never came to T1, as far as is known, leaves the migration as it was. */
function endInState(migration: MigrationState): typeof reach {
  return migration === UNDER_WAY ? reach : transition;
}

function queueAgain(at: Statement, owned: OwnedRun, again: Requeue): void {
  reach(at, owned, 'requeue', anotherAttempt(at, owned.run, again));
  insertMessage(at, owned.run.uuid, again.pauseMs);
}

function moveBeyond(at: Statement, owned: OwnedRun, fence: number): void {
  const migration = lockMigrationOf(at, owned);
  at.tx.put('migrations', migration.uuid, { ...migration, epoch: Math.max(migration.epoch, fence) });
}

function errorOf(outcome: AbortOutcome): StoredError | null {
  return 'error' in outcome ? outcome.error : null;
}

function pauseOf(outcome: AbortOutcome): number {
  return outcome.kind === 'requeue' ? (outcome.pauseMs ?? 0) : 0;
}

interface Requeue {
  readonly after: Partial<RunRow>;
  readonly pauseMs: number;
  readonly outcome: AbortOutcome;
}

function anotherAttempt(at: Statement, run: Run, { after, pauseMs, outcome: { reason } }: Requeue) {
  const attempt = run.attempt + 1;
  const notBefore = pauseMs === 0 ? null : at.now + pauseMs;
  const anew = { attempt, waitingSince: null, lockWaitMs: null, timeline: at.timeline };
  const data = { attempt, reason, ...(pauseMs === 0 ? {} : { pause_ms: pauseMs }) };
  return { set: { ...after, ...anew, reason, notBefore }, data };
}
