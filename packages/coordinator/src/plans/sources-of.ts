import type { FolderFile, Member, Source, SourceFileStatus } from '@eden/domain';
import { asUuid, sourceIdProblem, validationError } from '@eden/domain';
import type { CoordinatorDeps } from '../deps.js';
import { assertHasHistories, checkFolder, digestOf } from '../sources/folder.js';
import type { PlanEndpoints } from './given-endpoints.js';
import { newApi, newMembership, NOBODYS } from './members-of.js';
import type { FolderToPlan, PlanRequest } from './plan-request.js';

/** A folder as the source of a migration that nobody has made. */
export interface GivenSource {
  readonly source: Source;
  readonly member: Member;
  readonly files: readonly FolderFile[];
}

/**
 * @param first Position of the first of them: those of its APIs come before.
 * @throws EdenError VALIDATION_FAILED, ENDPOINT_NOT_FOUND, SOURCE_REFUSED, INSUFFICIENT_PERMISSIONS
 */
export async function sourcesOf(
  deps: CoordinatorDeps,
  { folders }: PlanRequest,
  endpoints: PlanEndpoints,
  first: number,
): Promise<readonly GivenSource[]> {
  const sources: GivenSource[] = [];
  for (const [index, folder] of folders.entries()) {
    const problem = sourceIdProblem('', folder.id);
    if (problem !== null) throw validationError([{ path: `sources[${index}].id`, message: problem }]);
    sources.push(await sourceOf(deps, folder, endpoints, first + index));
  }
  return sources;
}

async function sourceOf(
  deps: CoordinatorDeps,
  folder: FolderToPlan,
  endpoints: PlanEndpoints,
  position: number,
): Promise<GivenSource> {
  const { id, stage, options, files } = folder;
  const endpoint = await endpoints.named(folder.endpoint, 'Write');
  assertHasHistories(endpoint);
  const now = deps.clock.now();
  const api = newApi(deps, id, true);
  const source: Source = {
    ...{ id, stage, options, uuid: asUuid(deps.chance.uuid()), migrationUuid: NOBODYS },
    ...{ apiUuid: api.uuid, endpointUuid: endpoint.uuid },
    tool: checkFolder(deps.sources, id, folder),
    digest: digestOf(files),
    ...{ statuses: null as readonly SourceFileStatus[] | null, checkedAt: null, createdAt: now, updatedAt: now },
  };
  return { source, files, member: { api, membership: newMembership({ stage, position }) } };
}
