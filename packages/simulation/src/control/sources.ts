import { assertTakesApis, EdenError, isUuid } from '@eden/domain';
import type { NewSource, Source, SourceFileStatus, Uuid } from '@eden/domain';
import { calendarOf } from '../schedule/calendar.js';
import { lockMigration, voidPlan } from './outcomes.js';
import type { Statement } from './steps.js';
import type { SourceRow } from './tables.js';
import { assertNoRun, attachApi, insertApi, present, type Naming } from './writes.js';

/* Migration folders (packages/database/src/store/sources.ts). */

export function sources({ tx }: Statement, migrationUuid: Uuid): readonly Source[] {
  return tx
    .all('sources')
    .filter((row) => row.migrationUuid === migrationUuid)
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

export function source(at: Statement, migrationUuid: Uuid, ref: string): Source {
  const found = sources(at, migrationUuid).find(({ uuid, id }) => (isUuid(ref) ? uuid === ref : id === ref));
  if (found === undefined) throw new EdenError('SOURCE_NOT_FOUND', { source_id: ref });
  return found;
}

export function sourceBytes({ tx }: Statement, migrationUuid: Uuid, without: Uuid | null): number {
  const others = tx.all('sources').filter((row) => row.migrationUuid === migrationUuid && row.uuid !== without);
  return others.flatMap(({ files }) => files).reduce((sum, { bytes }) => sum + bytes.length, 0);
}

export function recordSource({ tx }: Statement, uuid: Uuid, statuses: readonly SourceFileStatus[]): void {
  tx.change('sources', uuid, { statuses });
}

export function insertSource(
  at: Statement,
  { apiId, ...source }: NewSource,
  naming: { readonly source: Naming; readonly api: Naming; readonly membership: Naming },
): Source {
  const { migrationUuid, stage } = source;
  const { uuid: apiUuid } = insertApi(at, { id: apiId, description: null, fields: [], bindings: [] }, naming.api);
  at.tx.change('apis', apiUuid, { managed: true });
  attachApi(at, { apiUuid, migrationUuid, stage, bindings: [], next: null }, naming.membership);
  const born = { statuses: null, checkedAt: null, createdAt: calendarOf(at.now), updatedAt: calendarOf(at.now) };
  const row: SourceRow = { ...source, ...born, uuid: naming.source.uuid, apiUuid };
  at.tx.put('sources', row.uuid, row);
  return row;
}

export function replaceSource(at: Statement, { uuid }: Source, replacement: Omit<NewSource, 'id' | 'apiId'>): Source {
  const locked = present(lockMigration(at, replacement.migrationUuid), 'MIGRATION_NOT_FOUND');
  assertNoRun(at, locked.uuid);
  assertTakesApis(locked);
  at.tx.change('sources', uuid, { ...replacement, statuses: null });
  voidPlan(at, locked);
  return source(at, locked.uuid, uuid);
}

/** With their migration. */
export function deleteSourcesOf({ tx }: Statement, migrationUuid: Uuid): void {
  for (const { uuid, apiUuid } of tx.all('sources').filter((row) => row.migrationUuid === migrationUuid)) {
    for (const row of tx.all('memberships').filter((each) => each.apiUuid === apiUuid)) {
      tx.put('memberships', row.uuid, null);
    }
    tx.put('apis', apiUuid, null);
    tx.put('sources', uuid, null);
  }
}
