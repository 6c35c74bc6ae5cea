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
import { LONGEST_PIECE, piecesOfBytes } from './pieces.js';
import { findByRef, found } from './references.js';

type SourceRow = Prisma.MigrationSourceGetPayload<object>;
type SourceReads = 'sources' | 'source' | 'sourceFileList' | 'sourceBytes' | 'sourceFiles' | 'sourceFile';

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
    sourceFileList: (sourceUuid) => db.sourceFile.findMany({ where: { sourceUuid }, orderBy, select: LISTED }),
    sourceBytes: async (migrationUuid, without) => {
      const source = { migrationUuid, ...(without === null ? {} : { uuid: { not: without } }) };
      return (await db.sourceFile.aggregate({ where: { source }, _sum: { size: true } }))._sum.size ?? 0;
    },
    sourceFiles: async (sourceUuid) => {
      const files = await db.sourceFile.findMany({
        where: { sourceUuid },
        orderBy,
        select: LISTED,
      });
      return readFiles({ db, sourceUuid }, files);
    },
    sourceFile: async (sourceUuid, path) => {
      const file = await db.sourceFile.findFirst({ where: { sourceUuid, path }, select: LISTED });
      const [read] = file === null ? [] : await readFiles({ db, sourceUuid }, [file]);
      if (read === undefined) throw missingFile(path);
      return read;
    },
  };
}

interface Folder {
  readonly db: Scope['db'];
  readonly sourceUuid: Uuid;
}

interface ListedFile {
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
}

const LISTED = { path: true, size: true, sha256: true } as const;

/** One that has been taken away meanwhile is left out. */
async function readFiles(folder: Folder, files: readonly ListedFile[]): Promise<readonly FolderFile[]> {
  const read: FolderFile[] = [];
  for (const batch of batches(files, ({ size }) => size)) {
    const [only] = batch;
    const isLong = only !== undefined && only.size > LONGEST_PIECE;
    read.push(...(await (isLong ? readLong(folder, only) : readShort(folder, batch))));
  }
  return read;
}

async function readShort(
  { db, sourceUuid }: Folder,
  files: readonly { readonly path: string }[],
): Promise<readonly FolderFile[]> {
  const path = { in: files.map((file) => file.path) };
  return db.sourceFile.findMany({
    where: { sourceUuid, path },
    orderBy: { path: 'asc' },
    select: { path: true, bytes: true },
  });
}

/** Files from before there were pieces stand as a whole. One that is replaced while it is read is read anew. */
async function readLong(folder: Folder, file: ListedFile): Promise<readonly FolderFile[]> {
  const { path, sha256 } = file;
  const bytes = (await readPieces(folder, file)) ?? (await readShort(folder, [file]))[0]?.bytes;
  if (bytes !== undefined && sha256Of(bytes) === sha256) return [{ path, bytes }];
  const { db, sourceUuid } = folder;
  const now = await db.sourceFile.findFirst({ where: { sourceUuid, path }, select: LISTED });
  if (now?.sha256 === sha256) throw new TypeError(`the pieces of ${path} are not the file that its row tells of`);
  return now === null ? [] : readFiles(folder, [now]);
}

/** Into one piece of memory of its size; null where they are not of that size. */
async function readPieces({ db, sourceUuid }: Folder, { path, size }: ListedFile): Promise<Uint8Array | null> {
  const bytes = new Uint8Array(size);
  for (let number = 0, at = 0; at < size; number += 1) {
    const piece = await db.sourceFilePiece.findFirst({ where: { sourceUuid, path, number }, select: { bytes: true } });
    if (piece === null || piece.bytes.length > size - at) return null;
    bytes.set(piece.bytes, at);
    at += piece.bytes.length;
  }
  return bytes;
}

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
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

/** Of one statement. */
const BATCH_FILES = 500;

/** No migration holds a zero byte: a process of an earlier version, which knows of no pieces, refuses the file. */
const IN_PIECES = Uint8Array.of(0);

async function insertFiles(
  { db, organizationUuid }: Scope,
  sourceUuid: Uuid,
  files: readonly FolderFile[],
): Promise<void> {
  for (const batch of batches(files, ({ bytes }) => bytes.length)) {
    await db.sourceFile.createMany({
      data: batch.map(({ path, bytes }) => ({
        ...{ organizationUuid, sourceUuid, path, size: bytes.length },
        bytes: bytes.length > LONGEST_PIECE ? IN_PIECES : new Uint8Array(bytes),
        sha256: sha256Of(bytes),
      })),
    });
  }
  for (const { path, bytes } of files.filter((file) => file.bytes.length > LONGEST_PIECE)) {
    let number = 0;
    for (const piece of piecesOfBytes(bytes)) {
      const data = { organizationUuid, sourceUuid, path, number, bytes: new Uint8Array(piece) };
      await db.sourceFilePiece.create({ data, select: { number: true } });
      number += 1;
    }
  }
}

/** Files that one statement writes or reads together; a long one is alone. */
function* batches<File>(files: readonly File[], sizeOf: (file: File) => number): Generator<readonly File[]> {
  let batch: File[] = [];
  let size = 0;
  for (const file of files) {
    if (batch.length > 0 && (size + sizeOf(file) > LONGEST_PIECE || batch.length >= BATCH_FILES)) {
      yield batch;
      batch = [];
      size = 0;
    }
    batch.push(file);
    size += sizeOf(file);
  }
  if (batch.length > 0) yield batch;
}

function missingFile(path: string): EdenError {
  const suggestion = 'Verify file exists in its source: GET /migrations/{migration}/sources/{source}';
  return new EdenError('SOURCE_FILE_NOT_FOUND', { path, suggestion });
}
