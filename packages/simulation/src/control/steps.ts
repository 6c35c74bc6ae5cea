import {
  EdenError,
  originsOf,
  stepOf,
  type OwnedRun,
  type Run,
  type RunEvent,
  type RunEventType,
  type RunStepName,
} from '@eden/domain';
import { calendarOf } from '../schedule/calendar.js';
import type { RunRow } from './tables.js';
import type { Transaction } from './transaction.js';

/*
 * A step of the run's machine, guarded as the machine says: what the journal's statements do in SQL, done from the same
 * data (packages/database/src/journal/transition.ts).
 */

/** A transaction at a moment of the database's clock. */
export interface Statement {
  readonly tx: Transaction;
  readonly now: number;
  readonly timeline: string;
  /** Guards that were taken away, by their names. */
  readonly broken: ReadonlySet<string>;
}

export interface Taker {
  readonly run: Run;
  readonly owner?: string;
  readonly leaseMs?: number;
}

export interface StepChange {
  readonly set?: Partial<RunRow>;
  readonly epoch?: number;
  readonly where?: (row: RunRow) => boolean;
  readonly data?: object;
}

/** Answers whether the guard held. */
export function takeStep(at: Statement, taker: Taker, name: RunStepName, change: StepChange = {}): boolean {
  const row = readLocked(at, taker.run.uuid);
  if (row === null || !holds(at, row, taker, name)) return false;
  if (change.where !== undefined && !change.where(row)) return false;
  write(at, row, name, { owner: taker.owner ?? null, change: { epoch: taker.run.epoch + 1, ...change } });
  return true;
}

/** A step of the run's owner. @throws EdenError FENCED */
export function transition(at: Statement, owned: OwnedRun, name: RunStepName, change: StepChange = {}): void {
  if (!takeStep(at, owned, name, change)) throw fenced(owned);
}

export function fenced({ run }: OwnedRun): EdenError {
  return new EdenError('FENCED', { run_uuid: run.uuid, epoch: run.epoch });
}

function readLocked({ tx }: Statement, uuid: string): RunRow | null {
  if (tx.get('runs', uuid) === null) return null;
  tx.lock('runs', uuid);
  return tx.get('runs', uuid);
}

function holds(at: Statement, row: RunRow, { run, owner, leaseMs }: Taker, name: RunStepName): boolean {
  const step = stepOf(name);
  if (!mayTake(row, name, run)) return false;
  switch (step.guard) {
    case 'owner':
      return isAtEpoch(at, row, run) && isOwner(at, row, owner);
    case 'unattended':
      return isAtEpoch(at, row, run) && isUnattended(at, row, leaseMs ?? 0);
    case 'none':
      return step.epoch !== 'raise' || isAtEpoch(at, row, run);
  }
}

function isAtEpoch({ broken }: Statement, row: RunRow, run: Run): boolean {
  const isEpoch = broken.has('epoch-in-compare-and-set') || row.epoch === run.epoch;
  const isToken = broken.has('token-in-compare-and-set') || row.token === run.token;
  return isEpoch && isToken;
}

/** The run is in a state and a slot from which the step may be taken. */
export function mayTake(row: RunRow, name: RunStepName, run?: Pick<Run, 'kind' | 'state'>): boolean {
  const { slot, knowing } = stepOf(name);
  const origins = originsOf(name, run?.kind).filter((state) => knowing === undefined || state === run?.state);
  return origins.includes(row.state) && row.slot !== null && slot.of.includes(row.slot);
}

/** Nobody's heart beats for it. */
export function isUnattended({ now }: Statement, row: RunRow, leaseMs: number): boolean {
  return row.owner === null || (row.heartbeatAt ?? 0) < now - leaseMs;
}

/** Whose the run is, at the epoch and in the attempt that he knows. */
export function isOwned(at: Statement, row: RunRow | null, { run, owner }: OwnedRun): row is RunRow {
  if (row === null) return false;
  return isOwner(at, row, owner) && isAtEpoch(at, row, run);
}

function isOwner({ broken }: Statement, row: RunRow, owner: string | undefined): boolean {
  return broken.has('owner-in-compare-and-set') || row.owner === owner;
}

interface Taken {
  readonly owner: string | null;
  readonly change: StepChange;
}

function write(at: Statement, row: RunRow, name: RunStepName, { owner, change }: Taken): void {
  const step = stepOf(name);
  const next: RunRow = {
    ...row,
    ...(step.to === 'same' ? {} : { state: step.to }),
    ...(step.epoch === 'raise' ? { epoch: change.epoch ?? row.epoch + 1 } : {}),
    ...ownership(at, name, owner),
    ...slotAfter(at, name),
    ...change.set,
  };
  const data = step.event === 'finished' ? { state: step.to, ...change.data } : { ...change.data };
  at.tx.put('runs', row.uuid, step.event === null ? next : withEvent(at, next, step.event, data));
  if (step.slot.then === 'none') at.tx.notify('eden_run', row.uuid);
}

function ownership({ now }: Statement, name: RunStepName, owner: string | null): Partial<RunRow> {
  switch (stepOf(name).owner) {
    case 'keep':
      return {};
    case 'renew':
      return { heartbeatAt: now };
    case 'take':
      return { owner, heartbeatAt: now };
    case 'drop':
      return { owner: null, heartbeatAt: null };
  }
}

function slotAfter({ now }: Statement, name: RunStepName): Partial<RunRow> {
  switch (stepOf(name).slot.then) {
    case 'same':
      return {};
    case 'active':
      return { slot: 'active' };
    case 'none':
      return { slot: null, finishedAt: calendarOf(now) };
  }
}

export function withEvent({ now }: Statement, row: RunRow, type: RunEventType, data: object): RunRow {
  const event = { sequence: row.events.length + 1, at: calendarOf(now), type, data } as RunEvent;
  return { ...row, events: [...row.events, event] };
}

const NOT_OF_A_RUN = [
  'order',
  'slot',
  'notBefore',
  'heartbeatAt',
  'waitingSince',
  'inDoubtSince',
  'auditedAt',
  'events',
  'apis',
];

/** Whether a run may have come further than is known, on the timeline on which it was queued. */
export function isRewound({ timeline, broken }: Statement, run: Pick<Run, 'kind' | 'timeline'>): boolean {
  return run.kind !== 'sync' && timeline !== run.timeline && !broken.has('timeline-at-the-end-before-t1');
}

/** As the ports have it. */
export function toRun(row: RunRow): Run {
  return Object.fromEntries(Object.entries(row).filter(([key]) => !NOT_OF_A_RUN.includes(key))) as unknown as Run;
}

export function readRun({ tx }: Statement, uuid: string): Run {
  const row = tx.get('runs', uuid);
  if (row === null) throw new EdenError('RUN_NOT_FOUND', { run_uuid: uuid });
  return toRun(row);
}
