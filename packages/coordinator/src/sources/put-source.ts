import type { Endpoint, Migration, NewSource, OrganizationTransactor, Ref, Source, Subject } from '@eden/domain';
import {
  assertTakesApis,
  isEdenError,
  requireLevelOn,
  managedApiId,
  sourceIdProblem,
  validationError,
} from '@eden/domain';
import { sourceRefused } from '@eden/work';
import { changesNothing } from '../changes-nothing.js';
import type { CoordinatorDeps } from '../deps.js';
import { withMigrationLock } from '../migrations/migration-lock.js';
import { transactAudited } from '../transact-audited.js';
import type { FolderInput } from './folder.js';
import { assertHasHistories, checkFolder, digestOf } from './folder.js';

export interface PutSource extends FolderInput {
  readonly endpoint: Ref;
  readonly stage: number;
}

/**
 * Makes a migration folder part of a migration, or replaces it as a whole, and voids the plan. A folder equal to what is
 * there changes nothing, also during a run.
 * @throws EdenError MIGRATION_NOT_FOUND, ENDPOINT_NOT_FOUND, VALIDATION_FAILED, SOURCE_REFUSED, API_EXISTS, RUN_IN_PROGRESS,
 *         MIGRATION_STATE, LOCK_TIMEOUT
 */
export async function putSource(
  deps: CoordinatorDeps,
  subject: Subject,
  { migration: ref, source: id }: { readonly migration: Ref; readonly source: string },
  command: PutSource,
): Promise<Source> {
  const organization = deps.store.organization(subject.organizationUuid);
  const [migration, endpoint] = [await organization.migration(ref), await organization.endpoint(command.endpoint)];
  requireLevelOn(subject, endpoint.uuid, 'Admin');
  const existing = await organization.source(migration.uuid, id).catch((error: unknown) => {
    if (isEdenError(error, 'SOURCE_NOT_FOUND')) return null;
    throw error;
  });
  const source = newSource(deps, { migration, endpoint, id: existing?.id ?? id }, command);
  if (existing !== null && isEqual(existing, source)) return existing;
  assertTakesApis(migration);
  return store(deps, subject, { migration, existing, source });
}

interface Place {
  readonly migration: Migration;
  readonly endpoint: Endpoint;
  readonly id: string;
}

function newSource({ sources }: CoordinatorDeps, { migration, endpoint, id }: Place, command: PutSource): NewSource {
  const problem = sourceIdProblem(migration.id, id);
  if (problem !== null) throw validationError([{ path: 'source', message: problem }]);
  assertHasHistories(endpoint);
  const { stage, options, files } = command;
  return {
    id,
    apiId: managedApiId(migration.id, id),
    migrationUuid: migration.uuid,
    endpointUuid: endpoint.uuid,
    tool: checkFolder(sources, id, command),
    ...{ stage, options, files },
    digest: digestOf(files),
  };
}

function isEqual(existing: Source, { endpointUuid, tool, stage, options, digest }: NewSource): boolean {
  return changesNothing(existing, { endpointUuid, tool, stage, options, digest });
}

interface Change {
  readonly migration: Migration;
  readonly existing: Source | null;
  readonly source: NewSource;
}

async function store(
  deps: CoordinatorDeps,
  subject: Subject,
  { migration, existing, source }: Change,
): Promise<Source> {
  const organization = deps.store.organization(subject.organizationUuid);
  const api = existing === null ? {} : { api: await organization.api(existing.apiUuid) };
  return withMigrationLock(deps, subject, { migration, ...api, purpose: 'put source' }, (held) =>
    transactAudited(deps, subject, {
      action: 'source.put',
      data: { migration: migration.uuid, tool: source.tool, files: source.files.length, digest: source.digest },
      held,
      bytes: bytesOf(source),
      work: async (tx) => {
        await assertFits(tx, migration, existing, source);
        return existing === null ? tx.insertSource(source) : tx.replaceSource(existing, source);
      },
    }),
  );
}

/** Bytes of all folders of a migration: a run has them in its worker's memory. */
const MOST_BYTES = 256 * 1024 * 1024;

async function assertFits(
  tx: OrganizationTransactor,
  { uuid }: Migration,
  existing: Source | null,
  source: NewSource,
): Promise<void> {
  const others = await tx.sourceBytes(uuid, existing?.uuid ?? null);
  if (others + bytesOf(source) <= MOST_BYTES) return;
  const message = `the folders of a migration have 256 MiB together at most, and the others have ${Math.ceil(others / 1024 / 1024)}: put this one into a migration of its own`;
  throw sourceRefused(source.id, [{ path: null, message }]);
}

function bytesOf({ files }: NewSource): number {
  return files.reduce((sum, { bytes }) => sum + bytes.length, 0);
}
