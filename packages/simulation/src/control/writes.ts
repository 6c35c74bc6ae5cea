import {
  assertTakesApis,
  canonicalJson,
  EdenError,
  PLAN_IS_HISTORY,
  resolutionOf,
  RUN_STEPS,
  runInProgress,
  UNDER_WAY,
  type Api,
  type ApiDefinition,
  type Changes,
  type Endpoint,
  type Migration,
  type NewApi,
  type NewEndpoint,
  type NewMembership,
  type NewMigration,
  type NewRun,
  type NewTemplate,
  type Run,
  type RunEvent,
  type RunResolution,
  type Template,
  type Uuid,
  WAITS_FOR_SYNC,
  WAITS_FOR_WORKER,
} from '@eden/domain';
import { calendarOf } from '../schedule/calendar.js';
import { forgetGates, noteGates } from './gates.js';
import { lockMigration, membersOf, moveMembers, setActive } from './outcomes.js';
import { insertMessage } from './outbox-rows.js';
import { api, migration, toMigration, unfinishedRuns } from './reads.js';
import { readRun, takeStep, toRun, type Statement } from './steps.js';
import type { MigrationRow, RunRow } from './tables.js';

/* What changes an organization (packages/database/src/store), each one statement of its transaction. */

/** What names new rows. */
export interface Naming {
  readonly uuid: Uuid;
  readonly order: number;
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

function voidPlan(at: Statement, row: MigrationRow): void {
  if (PLAN_IS_HISTORY.includes(row.state)) return;
  const revision = row.revision + 1;
  at.tx.put('migrations', row.uuid, { ...row, revision, plan: null, planHash: null, atomicity: null });
  for (const member of membersOf(at, row.uuid)) at.tx.put('memberships', member.uuid, { ...member, synced: false });
}

export function updateApi(at: Statement, uuid: Uuid, changes: Changes<Omit<NewApi, 'id'>>): Api {
  const { tx } = at;
  tx.lock('apis', uuid);
  const row = present(tx.get('apis', uuid), 'API_NOT_FOUND');
  const next = { ...row, ...defined(changes) };
  const isNew = textOf(next) !== textOf(row);
  if (isNew) assertNotMigrating(at, uuid);
  tx.put('apis', uuid, { ...next, schemaVersion: row.schemaVersion + (isNew ? 1 : 0) });
  return api(at, uuid);
}

function textOf({ fields, bindings }: ApiDefinition): string {
  return canonicalJson(JSON.parse(JSON.stringify({ fields, bindings })));
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

function mayHaveBegun({ timeline, broken }: Statement, run: RunRow): boolean {
  if (broken.has('definition-of-a-forgotten-attempt')) return false;
  return run.kind !== 'sync' && run.timeline !== timeline;
}

export function updateMigration(
  at: Statement,
  uuid: Uuid,
  changes: Changes<Pick<NewMigration, 'description' | 'parameters' | 'options'>>,
): Migration {
  const row = present(lockMigration(at, uuid), 'MIGRATION_NOT_FOUND');
  assertNoRun(at, uuid);
  voidPlan(at, row);
  const voided = present(at.tx.get('migrations', uuid), 'MIGRATION_NOT_FOUND');
  at.tx.put('migrations', uuid, { ...voided, ...defined(changes) });
  return migration(at, uuid);
}

function assertNoRun({ tx }: Statement, migrationUuid: Uuid): void {
  const run = tx.all('runs').find((row) => row.migrationUuid === migrationUuid && row.slot !== null);
  if (run !== undefined) throw runInProgress(run.uuid);
}

export function attachApi(at: Statement, membership: NewMembership, { uuid, order }: Naming): void {
  const { migrationUuid, apiUuid } = membership;
  const { tx } = at;
  const row = present(lockMigration(at, migrationUuid), 'MIGRATION_NOT_FOUND');
  assertNoRun(at, migrationUuid);
  assertTakesApis(row);
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

export function lockAndReadUnfinished(at: Statement, migrationUuid: Uuid): readonly Run[] {
  present(lockMigration(at, migrationUuid), 'MIGRATION_NOT_FOUND');
  return unfinishedRuns(at, migrationUuid).map(toRun);
}

export function insertRun(at: Statement, run: NewRun, { uuid, order }: Naming): Run {
  const { migrationUuid, kind, slot, actor, overrides } = run;
  const row = present(lockMigration(at, migrationUuid), 'MIGRATION_NOT_FOUND');
  const [active, behind] = unfinishedRuns(at, migrationUuid);
  const inTheWay = slot === 'active' ? active : behind;
  if (inTheWay !== undefined) throw runInProgress(inTheWay.uuid);
  const at1 = calendarOf(at.now);
  const reason = slot === 'active' ? WAITS_FOR_WORKER : WAITS_FOR_SYNC;
  const queued = { sequence: 1, at: at1, type: 'queued', data: { kind, slot, actor, reason } } as RunEvent;
  const { organizationUuid, id: migrationId } = toMigration(at, row);
  const names = { uuid, order, organizationUuid, migrationUuid, migrationId, kind, slot, actor, overrides, reason };
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
    cancelUntouched(at, run, actor) || undo(at, run, actor, 'cancelAttempt') || cancelRequeue(at, run, actor);
  if (isCancelled) at.tx.notify('eden_run_released', run.uuid);
  return isCancelled;
}

export function cancelUntouched(at: Statement, run: Run, actor: string): boolean {
  const isRewound = run.kind !== 'sync' && at.timeline !== run.timeline;
  const change = { set: cancelledBy(actor), data: { cancelled_by: actor } };
  if (!isRewound || at.broken.has('timeline-at-the-end-before-t1')) return takeStep(at, { run }, 'cancel', change);
  if (undo(at, run, actor, 'cancelAfterRewind')) return true;
  return takeStep(at, { run }, 'cancel', { ...change, where: (row) => row.slot === 'behind' });
}

function undo(at: Statement, run: Run, actor: string, name: 'cancelAttempt' | 'cancelAfterRewind'): boolean {
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

export function resolveRun(at: Statement, run: Run, resolution: RunResolution): void {
  const { decision } = resolution;
  const isDecided = run.error?.context['decided'] === true;
  const outcome = resolutionOf(run.kind, decision, isDecided);
  const row = present(lockMigration(at, run.migrationUuid), 'MIGRATION_NOT_FOUND');
  const epoch = run.epoch + 1;
  at.tx.put('migrations', row.uuid, {
    ...row,
    epoch,
    ...(outcome.migration === 'same' ? {} : { state: outcome.migration }),
  });
  moveMembers(at, run.migrationUuid, outcome);
  if (decision === 'commit' && !isDecided) noteGates(at, run.uuid);
  if (decision === 'abort' && isDecided) forgetGates(at, run.uuid);
  const name = decision === 'commit' ? 'resolveCommit' : 'resolveAbort';
  const change = { epoch, set: decision === 'commit' ? { error: null } : {}, data: { resolved: resolution } };
  if (!takeStep(at, { run }, name, change)) throw new EdenError('RUN_NOT_IN_DOUBT', { run_uuid: run.uuid });
}

function present<Row>(
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
