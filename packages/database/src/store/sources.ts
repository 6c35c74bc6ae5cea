import { createHash } from 'node:crypto';
import {
  asUuid,
  assertTakesApis,
  EdenError,
  type FolderFile,
  type NewSource,
  type OrganizationReader,
  type OrganizationTransactor,
  type Source,
  type SourceFileStatus,
  type Uuid,
} from '@eden/domain';
import { Prisma } from '../generated/client.js';
import { fromJson, toJson } from '../json.js';
import type { Scope } from '../scope.js';
import { newUuid } from '../uuid.js';
import { attachApi } from './memberships.js';
import { assertNoRun, lockMigration } from './migration-lock.js';
import { voidPlan } from './plans.js';
import { findByRef, found } from './references.js';

type SourceRow = Prisma.MigrationSourceGetPayload<object>;
type SourceReads = 'sources' | 'source' | 'sourceFileList' | 'sourceFiles' | 'sourceFile';

function toSource(row: SourceRow): Source {
  return {
    uuid: asUuid(row.uuid),
    id: row.id,
    migrationUuid: asUuid(row.migrationUuid),
    endpointUuid: asUuid(row.endpointUuid),
    apiUuid: asUuid(row.apiUuid),
    tool: row.tool as Source['tool'],
    stage: row.stage,
    options: fromJson(row.options),
    digest: row.digest,
    statuses: row.statuses === null ? null : fromJson<readonly SourceFileStatus[]>(row.statuses),
    checkedAt: row.checkedAt,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  };
}

export function sourceReads({ db }: Scope): Pick<OrganizationReader, SourceReads> {
  const orderBy = { path: 'asc' } as const;
  return {
    sources: async (migrationUuid) => {
      const rows = await db.migrationSource.findMany({ where: { migrationUuid }, orderBy: { id: 'asc' } });
      return rows.map(toSource);
    },
    source: async (migrationUuid, ref) => {
      const row = await findByRef(
        ref,
        (uuid) => db.migrationSource.findFirst({ where: { migrationUuid, uuid } }),
        (id) => db.migrationSource.findFirst({ where: { migrationUuid, id } }),
      );
      return toSource(found(row, 'MigrationSource', ref));
    },
    sourceFileList: (sourceUuid) =>
      db.sourceFile.findMany({ where: { sourceUuid }, orderBy, select: { path: true, sha256: true, size: true } }),
    sourceFiles: (sourceUuid) =>
      db.sourceFile.findMany({ where: { sourceUuid }, orderBy, select: { path: true, bytes: true } }),
    sourceFile: async (sourceUuid, path) => {
      const row = await db.sourceFile.findFirst({ where: { sourceUuid, path }, select: { path: true, bytes: true } });
      if (row === null) throw new EdenError('SOURCE_FILE_NOT_FOUND', { path });
      return row;
    },
  };
}

export function sourceWrites(
  scope: Scope,
): Pick<OrganizationTransactor, 'insertSource' | 'replaceSource' | 'deleteSource'> {
  return {
    insertSource: (source) => insertSource(scope, source),
    replaceSource: (source, replacement) => replaceSource(scope, source, replacement),
    deleteSource: (source) => deleteSource(scope, source),
  };
}

async function insertSource(scope: Scope, { files, apiId, ...source }: NewSource): Promise<Source> {
  const { db, organizationUuid } = scope;
  const { migrationUuid, stage, options } = source;
  const [uuid, apiUuid] = [newUuid(), newUuid()];
  const api = { uuid: apiUuid, organizationUuid, id: apiId, description: null, fields: toJson([]), managed: true };
  await lockMigration(scope, migrationUuid);
  await db.api.create({ data: api });
  await attachApi(scope, { apiUuid, migrationUuid, stage, bindings: [], next: null });
  const data = { ...source, uuid, organizationUuid, apiUuid, options: toJson(options) };
  const row = await db.migrationSource.create({ data });
  await insertFiles(scope, uuid, files);
  return toSource(row);
}

async function replaceSource(
  scope: Scope,
  { uuid, migrationUuid, apiUuid }: Source,
  { files, options, endpointUuid, tool, stage, digest }: Omit<NewSource, 'id' | 'apiId'>,
): Promise<Source> {
  const { db } = scope;
  const { state } = await lockMigration(scope, migrationUuid);
  await assertNoRun(scope, migrationUuid);
  assertTakesApis({ state });
  await db.membership.updateMany({ where: { migrationUuid, apiUuid }, data: { stage } });
  await db.sourceFile.deleteMany({ where: { sourceUuid: uuid } });
  const seen = { statuses: Prisma.DbNull, checkedAt: null, updatedAt: new Date() };
  const row = await db.migrationSource.update({
    where: { uuid },
    data: { endpointUuid, tool, stage, digest, options: toJson(options), ...seen },
  });
  await insertFiles(scope, uuid, files);
  await voidPlan(scope, migrationUuid, state);
  return toSource(row);
}

async function deleteSource(scope: Scope, { migrationUuid, apiUuid }: Source): Promise<void> {
  const { state } = await lockMigration(scope, migrationUuid);
  await assertNoRun(scope, migrationUuid);
  await scope.db.api.delete({ where: { uuid: apiUuid } });
  await voidPlan(scope, migrationUuid, state);
}

/** With the migration go its sources and their APIs: their files may be large, and nothing runs them any more. */
export async function deleteSourcesOf({ db }: Scope, migrationUuid: Uuid): Promise<void> {
  await db.api.deleteMany({ where: { managed: true, sources: { some: { migrationUuid } } } });
}

/** Of one statement; larger ones would be held in memory several times. */
const BATCH_BYTES = 4 * 1024 * 1024;
const BATCH_FILES = 500;

async function insertFiles(
  { db, organizationUuid }: Scope,
  sourceUuid: Uuid,
  files: readonly FolderFile[],
): Promise<void> {
  for (const batch of batches(files)) {
    await db.sourceFile.createMany({
      data: batch.map(({ path, bytes }) => ({
        ...{ organizationUuid, sourceUuid, path, size: bytes.length },
        bytes: new Uint8Array(bytes),
        sha256: createHash('sha256').update(bytes).digest('hex'),
      })),
    });
  }
}

function* batches(files: readonly FolderFile[]): Generator<readonly FolderFile[]> {
  let batch: FolderFile[] = [];
  let size = 0;
  for (const file of files) {
    if (batch.length > 0 && (size + file.bytes.length > BATCH_BYTES || batch.length >= BATCH_FILES)) {
      yield batch;
      batch = [];
      size = 0;
    }
    batch.push(file);
    size += file.bytes.length;
  }
  if (batch.length > 0) yield batch;
}
