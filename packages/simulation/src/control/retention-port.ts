import {
  EdenError,
  isFinished,
  type ForgettableRun,
  type RetentionRound,
  type RetentionStore,
  type Uuid,
} from '@eden/domain';
import { calendarOf } from '../schedule/calendar.js';
import { asking, type ControlWay } from './control-way.js';
import type { Statement } from './steps.js';
import type { RunRow } from './tables.js';

/** A day of the simulation, in milliseconds: nobody waits for ninety of the real ones. */
const DAY_MS = 1_000;
/** How long a run stays after its end. */
export const KEPT_DAYS = 4;
const CLAIM_MS = 5_000;
const ROUND = 'round';

/** History that has had its time (packages/database/src/retention.ts); times are milliseconds of the database's clock. */
export function retentionOf(way: ControlWay): RetentionStore {
  const ask = asking(way, 'retention');
  return {
    begin: (owner) => ask('begin', (at) => begin(at, owner)),
    end: (owner) => ask('end', (at) => end(at, owner)),
    forgettable: (round, limit, after) =>
      ask('forgettable', (at) => claimed(at, round, () => forgettable(at, round, limit, after))),
    forgetRun: (round, run) => ask('forgetRun', (at) => claimed(at, round, () => forgetRun(at, round, run))),
    forgetTargetDatabases: (round) =>
      ask('forgetTargetDatabases', (at) => claimed(at, round, () => forgetDatabases(at, round))),
  };
}

function begin({ tx, now }: Statement, owner: string): boolean {
  tx.lock('retention', ROUND);
  const row = tx.get('retention', ROUND);
  if (row !== null && row.owner !== null && row.claimedUntil > now) return false;
  tx.put('retention', ROUND, { owner, claimedUntil: now + CLAIM_MS });
  return true;
}

function end({ tx, now }: Statement, owner: string): void {
  if (tx.get('retention', ROUND)?.owner === owner) tx.put('retention', ROUND, { owner: null, claimedUntil: now });
}

/** @throws EdenError FENCED when another worker has the round */
function claimed<T>({ tx, now }: Statement, { owner }: RetentionRound, work: () => T): T {
  tx.lock('retention', ROUND);
  if (tx.get('retention', ROUND)?.owner !== owner) throw new EdenError('FENCED', { owner });
  tx.put('retention', ROUND, { owner, claimedUntil: now + CLAIM_MS });
  return work();
}

/** Its time is over: retention may take it away at any moment, with what it has left in the targets. */
export function isOver({ finishedAt }: Pick<RunRow, 'finishedAt'>, now: number, keptDays: number): boolean {
  return finishedAt !== null && finishedAt < calendarOf(now - keptDays * DAY_MS);
}

function mayForget({ tx, now }: Statement, run: RunRow, { keptDays }: RetentionRound): boolean {
  if (!isFinished(run.state) || !isOver(run, now, keptDays)) return false;
  if (run.kind !== 'migrate') return true;
  const migration = tx.get('migrations', run.migrationUuid);
  const mayBeRolledBack =
    migration !== null &&
    !migration.isDeleted &&
    (migration.state === 'Completed' || migration.state === 'In Progress');
  const others = tx.all('runs').filter((row) => row.migrationUuid === run.migrationUuid && row.kind === 'migrate');
  return !mayBeRolledBack || others.some(({ order }) => order > run.order);
}

function forgettable(
  at: Statement,
  round: RetentionRound,
  limit: number,
  after: ForgettableRun | null,
): readonly ForgettableRun[] {
  const runs = at.tx.all('runs').filter((run) => mayForget(at, run, round));
  const sorted = runs.map((run) => toForgettable(at, run)).sort(inOrder);
  return sorted.filter((run) => after === null || inOrder(run, after) > 0).slice(0, limit);
}

function inOrder(a: ForgettableRun, b: ForgettableRun): number {
  return a.finishedAt.getTime() - b.finishedAt.getTime() || (a.uuid < b.uuid ? -1 : Number(a.uuid > b.uuid));
}

function toForgettable({ tx }: Statement, run: RunRow): ForgettableRun {
  const { uuid, organizationUuid, token, epoch, state, finishedAt } = run;
  const rows = tx.all('participants').flatMap((attempt) => (attempt.runUuid === uuid ? attempt.rows : []));
  const ways = new Map(
    rows.map(({ endpointUuid, database }) => [`${endpointUuid}/${database.key}`, { endpointUuid, database }]),
  );
  const names = { uuid, organizationUuid, token, epoch };
  return { ...names, state, finishedAt: finishedAt ?? calendarOf(0), databases: [...ways.values()] };
}

function forgetRun(
  at: Statement,
  round: RetentionRound,
  uuid: Uuid,
): { readonly events: number; readonly gone: boolean } {
  const { tx } = at;
  const run = tx.get('runs', uuid);
  if (run === null || !mayForget(at, run, round)) return { events: 0, gone: false };
  for (const { attempt, runUuid } of tx.all('participants')) {
    if (runUuid === uuid) tx.put('participants', `${runUuid}/${attempt}`, null);
  }
  tx.put('outsideSteps', uuid, null);
  tx.put('runs', uuid, null);
  return { events: run.events.length, gone: true };
}

function forgetDatabases({ tx, now }: Statement, { keptDays }: RetentionRound): number {
  const used = new Set(
    tx
      .all('participants')
      .flatMap(({ rows }) => rows.map(({ database, endpointUuid }) => `${database.key}/${endpointUuid}`)),
  );
  const old = tx.all('targetDatabases').filter(({ databaseKey, endpointUuid, lastUsedAt }) => {
    return lastUsedAt < now - keptDays * DAY_MS && !used.has(`${databaseKey}/${endpointUuid}`);
  });
  for (const { databaseKey, endpointUuid } of old) tx.put('targetDatabases', `${databaseKey}/${endpointUuid}`, null);
  return old.length;
}
