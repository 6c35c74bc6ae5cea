import { EdenError, isUuid } from '@eden/domain';
import type {
  Api,
  DatabaseOfRun,
  Endpoint,
  Member,
  Membership,
  Migration,
  Run,
  RunKind,
  RunState,
  Template,
  Uuid,
} from '@eden/domain';
import { membersOf } from './outcomes.js';
import { toRun, type Statement } from './steps.js';
import type { ApiRow, MembershipRow, MigrationRow, RunRow } from './tables.js';

/* What an organization reads (packages/database/src/store), each one statement. The simulation has one organization. */

function byRef<Row extends { readonly uuid: Uuid; readonly id: string }>(
  rows: readonly Row[],
  ref: string,
): Row | undefined {
  return rows.find((row) => isUuid(ref) && row.uuid === ref) ?? rows.find((row) => row.id === ref);
}

export function endpoint({ tx }: Statement, ref: string): Endpoint {
  const found = byRef(tx.all('endpoints'), ref);
  if (found === undefined) throw new EdenError('ENDPOINT_NOT_FOUND', { endpoint_id: ref });
  return found;
}

export function endpointsByUuid({ tx }: Statement, uuids: readonly Uuid[]): ReadonlyMap<Uuid, Endpoint> {
  return new Map(tx.all('endpoints').flatMap((row) => (uuids.includes(row.uuid) ? [[row.uuid, row] as const] : [])));
}

export function databasesOfRuns({ tx }: Statement, endpointUuid: Uuid): readonly DatabaseOfRun[] {
  const unfinished = new Set(tx.all('runs').flatMap((row) => (row.slot === null ? [] : [row.uuid])));
  return tx.all('participants').flatMap(({ runUuid, rows }) => {
    const here = rows.filter((row) => row.endpointUuid === endpointUuid);
    return unfinished.has(runUuid) ? here.map(({ database }) => ({ runUuid, database })) : [];
  });
}

export function template({ tx }: Statement, ref: string): Template {
  const found = byRef(tx.all('templates'), ref);
  if (found === undefined) throw new EdenError('TEMPLATE_NOT_FOUND', { template_id: ref });
  return found;
}

export function templatesByUuid({ tx }: Statement, uuids: readonly Uuid[]): ReadonlyMap<Uuid, Template> {
  return new Map(tx.all('templates').flatMap((row) => (uuids.includes(row.uuid) ? [[row.uuid, row] as const] : [])));
}

export function api(at: Statement, ref: string): Api {
  const found = byRef(at.tx.all('apis'), ref);
  if (found === undefined) throw new EdenError('API_NOT_FOUND', { api_id: ref });
  return toApi(at, found);
}

function toApi({ tx }: Statement, row: ApiRow): Api {
  const memberships = tx.all('memberships').filter(({ apiUuid }) => apiUuid === row.uuid);
  const latest = memberships.sort((a, b) => b.order - a.order);
  const shown = latest.find(({ active }) => active) ?? latest[0];
  return { ...row, membership: shown === undefined ? null : toMembership(shown) };
}

function toMembership(row: MembershipRow): Membership {
  const { migrationUuid, active, synced, stage, position, bindings, next, previous } = row;
  return { migrationUuid, active, synced, stage, position, bindings, next, previous };
}

export function migration(at: Statement, ref: string): Migration {
  const live = at.tx.all('migrations').filter(({ isDeleted }) => !isDeleted);
  const found = byRef(live, ref);
  if (found === undefined) throw new EdenError('MIGRATION_NOT_FOUND', { migration_id: ref });
  return toMigration(at, found);
}

export function toMigration(at: Statement, { plan: _, isDeleted: __, ...row }: MigrationRow): Migration {
  const apiUuids = sortedMembers(at, row.uuid).map(({ apiUuid }) => apiUuid);
  return { ...row, apiUuids };
}

function sortedMembers(at: Statement, migrationUuid: Uuid): readonly MembershipRow[] {
  return [...membersOf(at, migrationUuid)].sort((a, b) => a.stage - b.stage || a.position - b.position);
}

export function members(at: Statement, migrationUuid: Uuid): readonly Member[] {
  return sortedMembers(at, migrationUuid).flatMap((row) => {
    const found = at.tx.get('apis', row.apiUuid);
    return found === null ? [] : [{ api: toApi(at, found), membership: toMembership(row) }];
  });
}

export function workVersion({ tx }: Statement, migrationUuid: Uuid): string {
  const found = tx.get('migrations', migrationUuid);
  const ofMigration = tx.all('memberships').filter((row) => row.migrationUuid === migrationUuid);
  const parts = ofMigration.map(({ uuid, apiUuid, stage, position, bindings, next, previous }) => {
    const row = tx.get('apis', apiUuid);
    const bound = [...(row?.bindings ?? []), ...bindings, ...(next?.bindings ?? []), ...(previous?.bindings ?? [])];
    const used = bound.map(({ templateUuid }) => {
      const named = tx.get('templates', templateUuid);
      return [templateUuid, named?.version, named && tx.get('endpoints', named.endpointUuid)?.version];
    });
    return [uuid, apiUuid, row?.schemaVersion, stage, position, bindings, row?.bindings, next, previous, used];
  });
  const sources = tx.all('sources').filter((row) => row.migrationUuid === migrationUuid);
  const folders = sources.map(({ uuid, tool, digest, options, endpointUuid }) => {
    return [uuid, tool, digest, options, tx.get('endpoints', endpointUuid)?.version];
  });
  return JSON.stringify([found?.parameters, found?.options, parts, folders]);
}

export function latestRun({ tx }: Statement, migrationUuid: Uuid, kind?: RunKind, not?: RunState): Run | null {
  const runs = tx.all('runs').filter((row) => row.migrationUuid === migrationUuid && row.state !== not);
  const [latest] = runs.filter((row) => kind === undefined || row.kind === kind).sort((a, b) => b.order - a.order);
  return latest === undefined ? null : toRun(latest);
}

/** The active one first. */
export function unfinishedRuns({ tx }: Statement, migrationUuid: Uuid): readonly RunRow[] {
  const runs = tx.all('runs').filter((row) => row.migrationUuid === migrationUuid && row.slot !== null);
  return runs.sort((a, b) => String(a.slot).localeCompare(String(b.slot)));
}

export function unprepared({ tx }: Statement, migrationUuid: Uuid, planHash: string): ReadonlyMap<string, string> {
  const rows = tx.all('unprepared').filter((row) => row.migrationUuid === migrationUuid && row.planHash === planHash);
  return new Map(rows.map(({ databaseKey, reason }) => [databaseKey, reason]));
}
