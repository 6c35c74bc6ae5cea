import {
  BEHIND_A_SYNC,
  DEFINITION_SOURCES,
  EdenError,
  migrationStateError,
  notSyncedError,
  outcomeOf,
  PLAN_IS_HISTORY,
  RUNNABLE_FROM,
  stepOf,
  toStoredError,
  WAITS_FOR_WORKER,
  type DefinitionChange,
  type Outcome,
  type OwnedRun,
  type Run,
  type RunStepName,
  type StoredError,
} from '@eden/domain';
import { fenced, isRewound, mayTake, takeStep, toRun, transition, type Statement, type StepChange } from './steps.js';
import type { MembershipRow, MigrationRow, RunRow } from './tables.js';
import { insertMessage } from './outbox-rows.js';

/** What steps do beyond the run, from the data of run-outcomes.ts (packages/database/src/journal/outcome.ts and others). */

/** A step that ends an attempt or decides it, with what it does to the migration. @throws EdenError FENCED */
export function reach(at: Statement, owned: OwnedRun, name: RunStepName, change: StepChange = {}): void {
  const outcome = outcomeOf(name, owned.run.kind);
  if (outcome !== null && outcome.migration !== 'same') moveMigration(at, owned, { state: outcome.migration });
  transition(at, owned, name, change);
  if (outcome !== null) moveMembers(at, owned.run.migrationUuid, outcome);
}

/** Fenced by the epoch that the run's T1 gave it. @throws EdenError FENCED */
export function moveMigration(at: Statement, owned: OwnedRun, change: Partial<MigrationRow>): void {
  const { migrationUuid, epoch } = owned.run;
  const row = lockMigrationOf(at, owned);
  if (row.epoch !== epoch && !at.broken.has('epoch-in-compare-and-set')) throw fenced(owned);
  at.tx.put('migrations', migrationUuid, { ...row, ...change });
}

/** @throws EdenError FENCED when it is deleted */
export function lockMigrationOf(at: Statement, owned: OwnedRun): MigrationRow {
  const row = lockMigration(at, owned.run.migrationUuid);
  if (row === null) throw fenced(owned);
  return row;
}

export function lockMigration({ tx }: Statement, uuid: string): MigrationRow | null {
  tx.lock('migrations', uuid);
  const row = tx.get('migrations', uuid);
  return row === null || row.isDeleted ? null : row;
}

export function membersOf({ tx }: Statement, migrationUuid: string): readonly MembershipRow[] {
  return tx.all('memberships').filter((row) => row.migrationUuid === migrationUuid);
}

export function moveMembers(
  at: Statement,
  migrationUuid: string,
  { memberships, definitions }: Pick<Outcome, 'memberships' | 'definitions'>,
): void {
  changeDefinitions(at, migrationUuid, definitions);
  if (memberships === 'leave') return;
  for (const row of membersOf(at, migrationUuid)) setActive(at, row, memberships === 'take');
}

/** The unique index of active memberships. @throws EdenError API_HAS_MIGRATION */
export function setActive({ tx }: Statement, row: MembershipRow, active: boolean): void {
  if (active) {
    tx.lockNamed(`active/${row.apiUuid}`);
    const others = tx.all('memberships').filter((other) => other.apiUuid === row.apiUuid && other.uuid !== row.uuid);
    if (others.some((other) => other.active)) throw apiTaken();
  }
  tx.put('memberships', row.uuid, { ...row, active });
}

function apiTaken(): EdenError {
  return new EdenError('API_HAS_MIGRATION', { details: 'Each API can only participate in one migration at a time' });
}

/** @throws EdenError MIGRATION_STATE when what is to be restored would overwrite a later definition */
export function lockDefinitions(at: Statement, migrationUuid: string, change: DefinitionChange): void {
  const { tx } = at;
  const members = membersOf(at, migrationUuid);
  for (const { apiUuid } of members.filter((row) => row.active)) tx.lock('apis', apiUuid);
  if (change !== 'restore') return;
  for (const { apiUuid, previous, committedSchemaVersion } of members) {
    const api = tx.get('apis', apiUuid);
    if (previous === null || api === null || api.schemaVersion === committedSchemaVersion) continue;
    const [state] = RUNNABLE_FROM.rollback;
    throw migrationStateError(state, `Api "${api.id}" has changed since; take that change back first`);
  }
}

function changeDefinitions(at: Statement, migrationUuid: string, change: DefinitionChange): void {
  if (change === 'leave') return;
  lockDefinitions(at, migrationUuid, change);
  for (const member of membersOf(at, migrationUuid)) if (member.active) changeDefinition(at, member, change);
}

export function voidPlan(at: Statement, row: MigrationRow): void {
  if (PLAN_IS_HISTORY.includes(row.state)) return;
  const revision = row.revision + 1;
  at.tx.put('migrations', row.uuid, { ...row, revision, plan: null, planHash: null, atomicity: null });
  for (const member of membersOf(at, row.uuid)) at.tx.put('memberships', member.uuid, { ...member, synced: false });
}

/** It may have run by the plan of the sync before it, which is forgotten. */
export function abortBehind(at: Statement, run: Run, set: Partial<RunRow>): boolean {
  const row = lockMigration(at, run.migrationUuid);
  if (row === null) return false;
  const epoch = row.epoch + 1;
  if (!takeStep(at, { run }, 'abortBehind', { epoch, set, data: { epoch } })) return false;
  voidPlan(at, { ...row, epoch });
  return true;
}

function changeDefinition({ tx }: Statement, member: MembershipRow, change: Exclude<DefinitionChange, 'leave'>): void {
  const api = tx.get('apis', member.apiUuid);
  if (api === null) return;
  const { source, replaced } = DEFINITION_SOURCES[change];
  const definition = member[source];
  const schemaVersion = api.schemaVersion + 1;
  tx.put('apis', api.uuid, { ...api, ...definition, schemaVersion });
  if (definition === null) return;
  const { fields, bindings } = api;
  const kept = replaced === 'kept' ? { previous: { fields, bindings }, committedSchemaVersion: schemaVersion } : null;
  tx.put('memberships', member.uuid, { ...member, ...(kept ?? { previous: null, committedSchemaVersion: null }) });
}

/** What follows for the migrate behind a sync from the sync's last step. */
export function moveBehind(
  at: Statement,
  migrationUuid: string,
  taken: RunStepName,
  syncError: StoredError | null,
): void {
  const follows = BEHIND_A_SYNC[stepOf(taken).to];
  if (follows === undefined) return;
  for (const row of at.tx.all('runs')) {
    if (row.migrationUuid !== migrationUuid || !mayTake(row, follows, row)) continue;
    if (follows === 'promote') {
      takeStep(at, { run: toRun(row) }, 'promote', { set: { reason: WAITS_FOR_WORKER } });
      insertMessage(at, row.uuid);
      continue;
    }
    const error = toStoredError(notSyncedError(syncError === null ? [] : [syncError]));
    if (isRewound(at, row)) {
      abortBehind(at, toRun(row), { error, reason: 'the sync before it has not succeeded' });
      continue;
    }
    takeStep(at, { run: toRun(row) }, 'failBehind', { set: { error }, data: { code: error.code, error: error.error } });
  }
}
