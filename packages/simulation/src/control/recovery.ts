import { describeContradiction, isFinished, workerLost } from '@eden/domain';
import type { Contradiction, EndpointOf, OwnedRun, Run, RunParticipant, RunStanding, Uuid } from '@eden/domain';
import { isUnattended, mayTake, readRun, takeStep, toRun, withEvent, type Statement } from './steps.js';
import { isOver } from './retention-port.js';
import type { RunRow } from './tables.js';

/* What recovery, sweep and audit ask (packages/database/src/journal/recovery.ts and settled.ts). */

export function participants({ tx }: Statement, runUuid: Uuid): readonly RunParticipant[] {
  const attempts = tx.all('participants').filter((row) => row.runUuid === runUuid);
  return attempts.sort((a, b) => b.attempt - a.attempt)[0]?.rows ?? [];
}

const ADOPTED_AT_ONCE = 25;

export function abandoned(at: Statement, leaseMs: number): readonly Run[] {
  const rows = at.tx.all('runs').filter((row) => mayTake(row, 'adopt') && isUnattended(at, row, leaseMs));
  const longest = rows.sort((a, b) => (a.heartbeatAt ?? -1) - (b.heartbeatAt ?? -1));
  return longest.slice(0, ADOPTED_AT_ONCE).map(toRun);
}

export function adopt(at: Statement, run: Run, owner: string, leaseMs: number): OwnedRun | null {
  const { state, epoch, attempt, owner: worker } = run;
  const lost = worker === null ? {} : { worker };
  const data = { state, epoch, attempt, reason: workerLost(worker, attempt), ...lost };
  const where = (row: RunRow): boolean => row.owner === worker;
  if (!takeStep(at, { run, owner, leaseMs }, 'adopt', { where, data })) return null;
  return { run: readRun(at, run.uuid), owner };
}

export function standings(at: Statement, runs: readonly Uuid[]): readonly RunStanding[] {
  return runs.flatMap((uuid) => {
    const row = at.tx.get('runs', uuid);
    return row === null ? [] : [standing(at, row)];
  });
}

function standing(at: Statement, row: RunRow): RunStanding {
  const { uuid, organizationUuid, migrationUuid, kind, state, token } = row;
  const later = at.tx.all('runs').some((other) => isRollbackOf(other, row));
  return {
    uuid,
    organizationUuid,
    migrationUuid,
    kind,
    state,
    token,
    isResolved: row.finishedAt !== null && row.inDoubtSince !== null,
    isRolledBack: row.kind === 'migrate' && later,
    participants: participants(at, uuid),
  };
}

function isRollbackOf(other: RunRow, row: RunRow): boolean {
  const isLater = other.migrationUuid === row.migrationUuid && other.order > row.order;
  return isLater && other.kind === 'rollback' && other.state === 'succeeded';
}

/** One hour in production. */
const AUDITED_AGAIN_MS = 4_000;

export function nextToAudit(at: Statement, limit: number, keptDays: number): readonly RunStanding[] {
  const due = at.tx.all('runs').filter((row) => isToAudit(at, row) && !isLeft(at, row, keptDays));
  const first = due.sort((a, b) => (a.auditedAt ?? -1) - (b.auditedAt ?? -1)).slice(0, limit);
  for (const row of first) at.tx.put('runs', row.uuid, { ...row, auditedAt: at.now });
  return standings(
    at,
    first.map(({ uuid }) => uuid),
  );
}

/**
 * Retention has taken what it reaches of it, and leaves it for the endpoint that was deleted. Others are looked at also when
 * their time is over, unlike in production: days are short here, and what a target loses should be found.
 */
function isLeft(at: Statement, row: RunRow, keptDays: number): boolean {
  const isReached = participants(at, row.uuid).every(
    ({ endpointUuid }) => at.tx.get('endpoints', endpointUuid) !== null,
  );
  return !isReached && isOver(row, at.now, keptDays);
}

function isToAudit(at: Statement, row: RunRow): boolean {
  if (!isFinished(row.state) || row.kind === 'sync') return false;
  if (row.state === 'succeeded' && row.token === '') return false;
  const isDue = row.auditedAt === null || row.auditedAt < at.now - AUDITED_AGAIN_MS;
  return isDue && participants(at, row.uuid).length > 0;
}

export function noteContradiction(at: Statement, runUuid: Uuid, contradiction: Contradiction): boolean {
  const row = at.tx.get('runs', runUuid);
  if (row === null) return false;
  const data = describeContradiction(contradiction);
  const isKnown = row.events.some(
    (event) =>
      event.type === 'contradicted' && event.data.database === data.database && event.data.found === data.found,
  );
  if (!isKnown) at.tx.put('runs', runUuid, withEvent(at, row, 'contradicted', data));
  return !isKnown;
}

/** Every endpoint that was ever a participant. */
export function takeDueSweeps({ tx, now }: Statement, everyMs: number, limit: number): readonly EndpointOf[] {
  const due = tx.all('targetDatabases').filter(({ nextSweepAt }) => nextSweepAt <= now);
  const taken = due.sort((a, b) => a.nextSweepAt - b.nextSweepAt).slice(0, limit);
  for (const row of taken) {
    tx.put('targetDatabases', `${row.databaseKey}/${row.endpointUuid}`, { ...row, nextSweepAt: now + everyMs });
  }
  const { organizationUuid } = taken[0] ?? {};
  if (organizationUuid === undefined) return [];
  return [...new Set(taken.map((row) => row.endpointUuid))].map((endpointUuid) => ({ organizationUuid, endpointUuid }));
}

export function participantEndpoints({ tx }: Statement) {
  const used = new Map(tx.all('targetDatabases').map((row) => [row.endpointUuid, row]));
  return [...used.keys()].sort().flatMap((uuid) => {
    const row = used.get(uuid);
    return row === undefined ? [] : [{ organizationUuid: row.organizationUuid, endpointUuid: row.endpointUuid }];
  });
}
