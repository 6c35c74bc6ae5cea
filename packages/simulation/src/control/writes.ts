import {
  assertTakesApis,
  isSameJson,
  EdenError,
  isRemark,
  runInProgress,
  UNDER_WAY,
  type Api,
  type Changes,
  type Endpoint,
  type Migration,
  type MigrationChanges,
  type NewApi,
  type NewEndpoint,
  type NewMembership,
  type NewMigration,
  type NewTemplate,
  type Template,
  type Uuid,
} from '@eden/domain';
import { ORGANIZATION } from '../workload/uuids.js';
import { calendarOf } from '../schedule/calendar.js';
import { lockMigration, membersOf, setActive, voidPlan } from './outcomes.js';
import { api, migration, unfinishedRuns } from './reads.js';
import type { Statement } from './steps.js';
import type { MigrationRow, RunRow } from './tables.js';

/* What changes an organization (packages/database/src/store), each one statement of its transaction. */

/** What names new rows. */
export interface Naming {
  readonly uuid: Uuid;
  readonly order: number;
}

export function insertEndpoint(at: Statement, endpoint: NewEndpoint, { uuid }: Naming): Endpoint {
  const row = { ...endpoint, uuid, organizationUuid: ORGANIZATION, version: 1, database: null, ...bornAt(at) };
  at.tx.put('endpoints', uuid, row);
  return row;
}

export function insertTemplate(at: Statement, template: NewTemplate, { uuid }: Naming): Template {
  const row = { ...template, uuid, version: 1, ...bornAt(at) };
  at.tx.put('templates', uuid, row);
  return row;
}

export function insertApi(at: Statement, definition: NewApi, { uuid }: Naming): Api {
  at.tx.put('apis', uuid, {
    ...definition,
    uuid,
    managed: false,
    schemaVersion: 1,
    gates: [],
    untouchedOn: at.timeline,
    ...bornAt(at),
  });
  return api(at, uuid);
}

export function insertMigration(at: Statement, fields: NewMigration, { uuid }: Naming): Migration {
  const unplanned = {
    state: 'Pending',
    epoch: 0,
    revision: 1,
    plan: null,
    planHash: null,
    atomicity: null,
    approval: null,
  } as const;
  at.tx.put('migrations', uuid, {
    labels: {},
    notes: null,
    ...fields,
    ...unplanned,
    uuid,
    organizationUuid: ORGANIZATION,
    isDeleted: false,
    ...bornAt(at),
  });
  return migration(at, uuid);
}

function bornAt({ now }: Statement) {
  return { createdAt: calendarOf(now), updatedAt: calendarOf(now) };
}

export function updateEndpoint(
  { tx }: Statement,
  uuid: Uuid,
  changes: Changes<Pick<NewEndpoint, 'description' | 'config'>>,
): Endpoint {
  tx.lock('endpoints', uuid);
  const row = present(tx.get('endpoints', uuid), 'ENDPOINT_NOT_FOUND');
  const next = { ...row, ...defined(changes), version: row.version + 1 };
  tx.put('endpoints', uuid, next);
  return next;
}

export function updateTemplate(at: Statement, uuid: Uuid, changes: Changes<Omit<NewTemplate, 'id'>>): Template {
  const { tx } = at;
  tx.lock('templates', uuid);
  const row = present(tx.get('templates', uuid), 'TEMPLATE_NOT_FOUND');
  const users = usersOf(at, uuid);
  if (changes.endpointUuid !== undefined && changes.endpointUuid !== row.endpointUuid) {
    for (const user of users) assertNoRun(at, present(lockMigration(at, user), 'MIGRATION_NOT_FOUND').uuid);
  }
  const next = { ...row, ...defined(changes), version: row.version + 1 };
  tx.put('templates', uuid, next);
  for (const user of membershipsWith(at, uuid)) {
    const locked = lockMigration(at, user);
    if (locked !== null && !hasRunOfAnotherTimeline(at, user)) voidPlan(at, locked);
  }
  return next;
}

/** Only its plan tells which databases it may have worked on. */
function hasRunOfAnotherTimeline(at: Statement, migrationUuid: Uuid): boolean {
  if (at.broken.has('plan-of-a-forgotten-attempt')) return false;
  const unfinished = unfinishedRuns(at, migrationUuid);
  return unfinished.some(({ kind, timeline }) => kind !== 'sync' && timeline !== at.timeline);
}

/** Migrations that bind the template, themselves or by their APIs. */
function usersOf(at: Statement, templateUuid: Uuid): readonly Uuid[] {
  const { tx } = at;
  const isBound = (bindings: readonly { templateUuid: Uuid }[]): boolean =>
    bindings.some((binding) => binding.templateUuid === templateUuid);
  const apis = new Set(tx.all('apis').flatMap((row) => (isBound(row.bindings) ? [row.uuid] : [])));
  const ofApis = tx.all('memberships').filter((row) => apis.has(row.apiUuid));
  return [...new Set([...membershipsWith(at, templateUuid), ...ofApis.map((row) => row.migrationUuid)])].sort();
}

function membershipsWith({ tx }: Statement, templateUuid: Uuid): readonly Uuid[] {
  const bound = tx.all('memberships').filter(({ bindings, next, previous }) => {
    const all = [...bindings, ...(next?.bindings ?? []), ...(previous?.bindings ?? [])];
    return all.some((binding) => binding.templateUuid === templateUuid);
  });
  return [...new Set(bound.map((row) => row.migrationUuid))].sort();
}

export function updateApi(at: Statement, uuid: Uuid, changes: Changes<Omit<NewApi, 'id'>>): Api {
  const { tx } = at;
  tx.lock('apis', uuid);
  const row = present(tx.get('apis', uuid), 'API_NOT_FOUND');
  const next = { ...row, ...defined(changes) };
  const isNew = !isSameJson([next.fields, next.bindings], [row.fields, row.bindings]);
  if (isNew) assertNotMigrating(at, uuid);
  tx.put('apis', uuid, { ...next, schemaVersion: row.schemaVersion + (isNew ? 1 : 0) });
  return api(at, uuid);
}

/** From T1 to its end the definitions are the run's; a run of another timeline may have had its T1. */
function assertNotMigrating(at: Statement, apiUuid: Uuid): void {
  for (const { migrationUuid, active } of at.tx.all('memberships').filter((row) => row.apiUuid === apiUuid)) {
    const isUnderWay = active && at.tx.get('migrations', migrationUuid)?.state === UNDER_WAY;
    const unfinished = unfinishedRuns(at, migrationUuid);
    const run = unfinished.find((each) => isUnderWay || mayHaveBegun(at, each));
    if (run !== undefined) throw runInProgress(run.uuid);
  }
}

/** A rollback of another timeline may have taken the API back already. */
function assertNotForgotten(at: Statement, apiUuid: Uuid): void {
  const memberships = at.tx.all('memberships').filter((row) => row.apiUuid === apiUuid);
  const run = memberships
    .flatMap(({ migrationUuid }) => unfinishedRuns(at, migrationUuid))
    .find((each) => mayHaveBegun(at, each));
  if (run !== undefined) throw runInProgress(run.uuid);
}

function mayHaveBegun({ timeline, broken }: Statement, run: RunRow): boolean {
  if (broken.has('definition-of-a-forgotten-attempt')) return false;
  return run.kind !== 'sync' && run.timeline !== timeline;
}

export function updateMigration(at: Statement, uuid: Uuid, changes: MigrationChanges): Migration {
  const row = present(lockMigration(at, uuid), 'MIGRATION_NOT_FOUND');
  assertNoRun(at, uuid);
  if (!isRemark(changes)) voidPlan(at, row);
  const voided = present(at.tx.get('migrations', uuid), 'MIGRATION_NOT_FOUND');
  at.tx.put('migrations', uuid, { ...voided, ...defined(changes) });
  return migration(at, uuid);
}

export function assertNoRun({ tx }: Statement, migrationUuid: Uuid): void {
  const run = tx.all('runs').find((row) => row.migrationUuid === migrationUuid && row.slot !== null);
  if (run !== undefined) throw runInProgress(run.uuid);
}

export function attachApi(at: Statement, membership: NewMembership, { uuid, order }: Naming): void {
  const { migrationUuid, apiUuid } = membership;
  const { tx } = at;
  const row = present(lockMigration(at, migrationUuid), 'MIGRATION_NOT_FOUND');
  assertNoRun(at, migrationUuid);
  assertTakesApis(row);
  assertNotForgotten(at, apiUuid);
  tx.lock('apis', apiUuid);
  const all = membersOf(at, migrationUuid);
  for (const earlier of all.filter((each) => each.apiUuid === apiUuid && !each.active)) {
    tx.put('memberships', earlier.uuid, null);
  }
  const position = Math.max(-1, ...all.map((each) => each.position)) + 1;
  const plain = { synced: false, active: false, position, previous: null, committedSchemaVersion: null };
  setActive(at, { ...membership, ...plain, uuid, order }, true);
  voidPlan(at, row);
}

export function detachApi(at: Statement, migrationUuid: Uuid, apiUuid: Uuid): void {
  const row = present(lockMigration(at, migrationUuid), 'MIGRATION_NOT_FOUND');
  assertNoRun(at, migrationUuid);
  const gone = membersOf(at, migrationUuid).filter((each) => each.apiUuid === apiUuid && each.active);
  if (gone.length === 0) throw new EdenError('API_NOT_IN_MIGRATION', {});
  for (const each of gone) at.tx.put('memberships', each.uuid, null);
  voidPlan(at, row);
}

export function deleteApi(at: Statement, uuid: Uuid): void {
  const { tx } = at;
  tx.lock('apis', uuid);
  present(tx.get('apis', uuid), 'API_NOT_FOUND');
  const memberships = tx.all('memberships').filter((row) => row.apiUuid === uuid);
  const active = memberships.find((row) => row.active);
  if (active !== undefined) throw new EdenError('API_IN_USE', { migration_id: active.migrationUuid });
  for (const row of memberships) tx.put('memberships', row.uuid, null);
  tx.put('apis', uuid, null);
}

export function deleteMigration(at: Statement, uuid: Uuid): void {
  const row = present(lockMigration(at, uuid), 'MIGRATION_NOT_FOUND');
  assertNoRun(at, uuid);
  for (const member of membersOf(at, uuid)) if (member.active) setActive(at, member, false);
  at.tx.put('migrations', uuid, { ...row, isDeleted: true });
}

export function deleteTemplate(at: Statement, uuid: Uuid): void {
  const { tx } = at;
  tx.lock('templates', uuid);
  const isBound = ({ bindings }: { readonly bindings: readonly { readonly templateUuid: Uuid }[] }): boolean =>
    bindings.some(({ templateUuid }) => templateUuid === uuid);
  const users = {
    apis: tx
      .all('apis')
      .filter(isBound)
      .map(({ id }) => id),
    migrations: membershipsWith(at, uuid),
  };
  if (users.apis.length + users.migrations.length > 0) throw new EdenError('TEMPLATE_IN_USE', users);
  tx.put('templates', uuid, null);
}

export function deleteEndpoint({ tx }: Statement, uuid: Uuid): void {
  tx.lock('endpoints', uuid);
  const templates = tx.all('templates').filter(({ endpointUuid }) => endpointUuid === uuid);
  const isOfSource = tx.all('sources').some(({ endpointUuid }) => endpointUuid === uuid);
  if (templates.length > 0 || isOfSource)
    throw new EdenError('ENDPOINT_IN_USE', { templates: templates.map(({ id }) => id) });
  const isNeeded = tx.all('participants').some(({ runUuid, rows }) => {
    return tx.get('runs', runUuid)?.slot != null && rows.some(({ endpointUuid }) => endpointUuid === uuid);
  });
  if (isNeeded) throw new EdenError('ENDPOINT_IN_USE', { templates: [] });
  for (const row of tx.all('targetDatabases').filter(({ endpointUuid }) => endpointUuid === uuid)) {
    tx.put('targetDatabases', `${row.databaseKey}/${uuid}`, null);
  }
  tx.put('endpoints', uuid, null);
}

export function present<Row>(
  row: Row | null,
  code: 'ENDPOINT_NOT_FOUND' | 'TEMPLATE_NOT_FOUND' | 'API_NOT_FOUND' | 'MIGRATION_NOT_FOUND',
): Row {
  if (row === null) throw new EdenError(code, {});
  return row;
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function defined<T extends object>(changes: T): Defined<T> {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)) as Defined<T>;
}
