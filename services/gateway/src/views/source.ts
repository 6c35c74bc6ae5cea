import type { InspectedSource } from '@eden/coordinator';
import type { FolderFile, Migration, Source, SourceFile, SourceFileStatus } from '@eden/domain';
import { managedApiId } from '@eden/domain';
import type { z } from 'zod';
import type { putSourceResultSchema, sourceSchema, sourceTextSchema } from '../schemas/source.js';
import type { SourceAction } from './actions.js';

type SourceView = z.output<typeof sourceSchema>;

export function viewPutSource(
  { id, uuid, tool }: Source,
  migration: Migration,
  files: readonly SourceFile[],
): z.output<typeof putSourceResultSchema> {
  return { source: id, uuid, tool, api: managedApiId(migration.id, id), files: [...files] };
}

export function viewSource(
  { source, endpoint, files, statuses, checkedAt }: InspectedSource,
  migration: Migration,
  actions: readonly SourceAction[],
): SourceView {
  return {
    id: source.id,
    uuid: source.uuid,
    endpoint: endpoint.uuid,
    endpoint_id: endpoint.id,
    tool: source.tool,
    stage: source.stage,
    options: { ...source.options },
    api: managedApiId(migration.id, source.id),
    api_uuid: source.apiUuid,
    files: viewFiles(files, statuses),
    checked_at: checkedAt?.toISOString() ?? null,
    actions: [...actions],
    created_at: source.createdAt.toISOString(),
    updated_at: source.updatedAt.toISOString(),
  };
}

/** What the tool applies, in its order, once somebody has looked; before that the files as they are. */
function viewFiles(files: readonly SourceFile[], statuses: readonly SourceFileStatus[] | null): SourceView['files'] {
  if (statuses === null) {
    return files.map((file) => ({ ...file, version: null, state: null, reason: null }));
  }
  const stored = new Map(files.map((file) => [file.path, file]));
  return statuses.map(({ file: path, version, state, reason }) => {
    const { sha256 = null, size = null } = stored.get(path) ?? {};
    return { path, version, state, reason, sha256, size };
  });
}

export function viewSourceText({ path, bytes }: FolderFile): z.output<typeof sourceTextSchema> {
  const buffer = Buffer.from(bytes);
  const text = buffer.toString('utf8');
  return { path, text: Buffer.from(text).equals(buffer) ? text : null, base64: buffer.toString('base64') };
}
