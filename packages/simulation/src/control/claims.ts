import { RUN_STEPS, WAITS_FOR_LOCK, workerLost } from '@eden/domain';
import type { OwnedRun, RunEventData, Uuid } from '@eden/domain';
import { calendarOf } from '../schedule/calendar.js';
import {
  fenced,
  isOwned,
  isUnattended,
  mayTake,
  readRun,
  takeStep,
  toRun,
  transition,
  withEvent,
  type Statement,
} from './steps.js';
import type { RunRow } from './tables.js';

/* Who has a run, and why nobody has it (packages/database/src/journal/claims.ts). */

export function claim(at: Statement, runUuid: Uuid, owner: string, leaseMs: number): OwnedRun | null {
  if (at.tx.get('runs', runUuid) === null) return null;
  at.tx.lock('runs', runUuid);
  const row = at.tx.get('runs', runUuid);
  if (row === null || !isUnattended(at, row, leaseMs) || (row.notBefore ?? 0) > at.now) return null;
  if (!take(at, row, { owner, leaseMs })) return null;
  if (row.owner !== null) noteLost(at, runUuid, row.owner);
  return { run: readRun(at, runUuid), owner };
}

function take(at: Statement, row: RunRow, by: { readonly owner: string; readonly leaseMs: number }): boolean {
  const taker = { run: toRun(row), ...by };
  const waitingSince = row.waitingSince ?? at.now;
  const data = { reason: WAITS_FOR_LOCK };
  const isFirst = takeStep(at, taker, 'claim', { set: { waitingSince, ...data }, data });
  return isFirst || takeStep(at, taker, 'reclaim', { set: { waitingSince } });
}

/** A worker that died before T1 counts as an attempt. */
function noteLost(at: Statement, runUuid: Uuid, worker: string): void {
  const row = at.tx.get('runs', runUuid);
  if (row === null) return;
  const { state, epoch, attempt } = row;
  const reason = workerLost(worker, attempt);
  const next = { ...row, attempt: attempt + 1, reason };
  at.tx.put('runs', runUuid, withEvent(at, next, 'recovered', { state, epoch, attempt, worker, reason }));
}

export function giveBack(at: Statement, owned: OwnedRun, reason: string): void {
  tellWaiting(at, at.tx.get('runs', owned.run.uuid), { reason });
  transition(at, owned, 'giveBack');
}

export function noteQueued(at: Statement, runUuid: Uuid, reason: string): void {
  const row = at.tx.get('runs', runUuid);
  if (row !== null && row.owner === null && mayTake(row, 'claim')) tellWaiting(at, row, { reason });
}

export function noteWaiting(at: Statement, owned: OwnedRun, wait: RunEventData['waiting']): void {
  const row = at.tx.get('runs', owned.run.uuid);
  if (!isOwned(at, row, owned)) throw fenced(owned);
  tellWaiting(at, row, wait);
}

/** Told once for each reason. */
export function tellWaiting(at: Statement, row: RunRow | null, wait: RunEventData['waiting']): void {
  const isUndoing = row?.state === RUN_STEPS.beginAbort.to;
  const isKnown = isUndoing
    ? row.events.some(({ type, data }) => type === 'waiting' && data.reason === wait.reason)
    : row?.reason === wait.reason;
  if (row === null || isKnown) return;
  const reason = isUndoing ? row.reason : wait.reason;
  at.tx.put('runs', row.uuid, withEvent(at, { ...row, reason }, 'waiting', wait));
}

export function heartbeat(at: Statement, owned: OwnedRun): boolean {
  const row = at.tx.get('runs', owned.run.uuid);
  if (!isOwned(at, row, owned)) return false;
  at.tx.put('runs', row.uuid, { ...row, heartbeatAt: at.now });
  return true;
}

export function waitedMs(at: Statement, owned: OwnedRun): number {
  const row = at.tx.get('runs', owned.run.uuid);
  if (!isOwned(at, row, owned)) throw fenced(owned);
  return Math.max(0, Math.round(at.now - (row.waitingSince ?? at.now)));
}

export function sinceSyncMs({ tx, now }: Statement, { run }: OwnedRun): number {
  const isOfMigration = (row: { readonly migrationUuid: Uuid }): boolean => row.migrationUuid === run.migrationUuid;
  const members = tx.all('memberships').filter((row) => row.active && isOfMigration(row));
  const joined = Math.max(0, ...members.map(({ order }) => order));
  const syncs = tx.all('runs').filter((row) => row.kind === 'sync' && isOfMigration(row));
  const since = syncs.flatMap(({ order, startedAt }) => (startedAt !== null && order > joined ? [startedAt] : []));
  if (since.length > 0) return now - Math.min(...since.map(msOf));
  return now - Math.max(-Infinity, ...syncs.map(({ startedAt, createdAt }) => msOf(startedAt ?? createdAt)));
}

function msOf(date: Date): number {
  return date.getTime() - calendarOf(0).getTime();
}
