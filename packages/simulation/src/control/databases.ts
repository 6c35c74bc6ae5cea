import { EdenError, runInProgress } from '@eden/domain';
import type { EndpointNote, OwnedRun, Renewal, Uuid } from '@eden/domain';
import { fenced, isOwned, type Statement } from './steps.js';

/* What is behind the endpoints, as syncs find it (packages/database/src/journal/databases.ts). */

export function noteDatabases(at: Statement, owned: OwnedRun, notes: readonly EndpointNote[]): void {
  assertOwned(at, owned);
  for (const { endpointUuid, database, isNews } of notes) {
    at.tx.lock('endpoints', endpointUuid);
    const row = at.tx.get('endpoints', endpointUuid);
    if (row === null) continue;
    const { key, place } = database;
    const version = row.version + (isNews ? 1 : 0);
    at.tx.put('endpoints', endpointUuid, { ...row, database: { key, place }, version });
  }
}

export function endpointsAt({ tx }: Statement, key: string) {
  const organizationUuid = [...tx.all('migrations')][0]?.organizationUuid;
  if (organizationUuid === undefined) return [];
  return tx
    .all('endpoints')
    .filter((row) => row.database?.key === key)
    .map(({ uuid }) => ({ organizationUuid, endpointUuid: uuid }));
}

/** Holds the rows of the endpoints; T1 waits for them. */
export function beginRenewal(at: Statement, owned: OwnedRun, { endpoints, shared, keeping }: Renewal): void {
  assertOwned(at, owned);
  for (const uuid of [...endpoints].sort()) at.tx.lock('endpoints', uuid);
  const unfinished = new Set(at.tx.all('runs').flatMap((row) => (row.slot === null ? [] : [row.uuid])));
  const participants = at.tx.all('participants').map(({ runUuid, rows }) => ({ runUuid, used: rows }));
  const steps = at.tx.all('outsideSteps').map(({ runUuid, steps: used }) => ({ runUuid, used }));
  for (const { runUuid, used } of [...participants, ...steps]) {
    const isThere = used.some(
      ({ database, endpointUuid }) =>
        [shared.key, shared.place].includes(database.key) && !keeping.includes(endpointUuid),
    );
    if (isThere && unfinished.has(runUuid)) throw runInProgress(runUuid);
  }
}

export function endRenewal({ tx }: Statement, endpoints: readonly Uuid[]): void {
  for (const uuid of endpoints) {
    const row = tx.get('endpoints', uuid);
    if (row !== null) tx.put('endpoints', uuid, { ...row, version: row.version + 1 });
  }
}

/** Not the database that was planned, perhaps: one that shared its id with another has got its own meanwhile. */
export function assertVersions({ tx }: Statement, used: readonly Uuid[], versions: ReadonlyMap<Uuid, number>): void {
  for (const uuid of used) {
    tx.lock('endpoints', uuid);
    if (tx.get('endpoints', uuid)?.version === versions.get(uuid)) continue;
    throw new EdenError('PLAN_OUT_OF_DATE', { suggestion: 'Run sync and try again' });
  }
}

function assertOwned(at: Statement, owned: OwnedRun): void {
  if (!isOwned(at, at.tx.get('runs', owned.run.uuid), owned)) throw fenced(owned);
}
