import { createHash } from 'node:crypto';
import type { Endpoint, Plan, PlannedApi, PlannedDatabase, Ref, Subject, TargetReport } from '@eden/domain';
import { asUuid, canonicalJson, compareDatabases, EdenError, sourceIdProblem, validationError } from '@eden/domain';
import { planSource } from '@eden/work';
import type { CoordinatorDeps } from '../deps.js';
import type { FolderInput } from './folder.js';
import { assertHasHistories, checkFolder } from './folder.js';

/** A folder to be planned without being stored. */
export interface FolderToPlan extends FolderInput {
  /** Default: the endpoint's id. */
  readonly id?: string;
  readonly endpoint: Ref;
  readonly stage: number;
}

interface Planned {
  readonly api: PlannedApi;
  readonly endpoint: Endpoint;
  readonly report: TargetReport;
}

/**
 * What a migration of these folders would do now. Nothing is stored, locked or changed anywhere.
 * @throws EdenError VALIDATION_FAILED, ENDPOINT_NOT_FOUND, SOURCE_REFUSED, ATOMICITY_REFUSED, ENDPOINT_UNAVAILABLE
 */
export async function planFolders(
  deps: CoordinatorDeps,
  subject: Subject,
  folders: readonly FolderToPlan[],
): Promise<Plan> {
  const planned: Planned[] = [];
  for (const [position, folder] of folders.entries()) planned.push(await planFolder(deps, subject, folder, position));
  refuseSharedHistories(planned);
  const databases = databasesOf(planned);
  const apis = planned.map(({ api }) => api);
  const described = JSON.parse(JSON.stringify({ apis, databases })) as Parameters<typeof canonicalJson>[0];
  return {
    hash: createHash('sha256').update(canonicalJson(described)).digest('hex'),
    revision: 0,
    atomicity: 'atomic',
    apis,
    databases,
    createdAt: deps.clock.now().toISOString(),
  };
}

async function planFolder(
  deps: CoordinatorDeps,
  subject: Subject,
  folder: FolderToPlan,
  position: number,
): Promise<Planned> {
  const endpoint = await deps.store.organization(subject.organizationUuid).endpoint(folder.endpoint);
  assertHasHistories(endpoint);
  const id = folder.id ?? endpoint.id;
  const problem = sourceIdProblem('', id);
  if (problem !== null) throw validationError([{ path: `sources[${position}].id`, message: problem }]);
  const tool = checkFolder(deps.sources, id, folder);
  const report = await deps.targets.adapter(endpoint.kind).inspect(endpoint);
  const uuid = asUuid(deps.chance.uuid());
  const { stage, options, files } = folder;
  const planner = { targets: deps.targets, sources: deps.sources, limits: deps.settings };
  const planned = await planSource(planner, { uuid, id, tool, options, files, endpoint, serverClass: report.class });
  return { api: { api: uuid, apiId: id, stage, position, ...planned }, endpoint, report };
}

function refuseSharedHistories(planned: readonly Planned[]): void {
  const seen = new Map<string, string>();
  for (const { api, report } of planned) {
    const key = `${report.identity.key} ${api.source?.history ?? ''}`;
    const other = seen.get(key);
    if (other !== undefined) throw sharedHistory(other, api.apiId, api.source?.history ?? '');
    seen.set(key, api.apiId);
  }
}

function sharedHistory(first: string, second: string, history: string): EdenError {
  const message = `the sources "${first}" and "${second}" have one history, ${history}: give one of them a table of its own with "table"`;
  return new EdenError('SOURCE_REFUSED', { source: second, problems: [{ path: null, message }], problem_count: 1 });
}

/** One that cannot prepare is the last to commit; two cannot both be. */
function databasesOf(planned: readonly Planned[]): readonly PlannedDatabase[] {
  const byKey = new Map(planned.map((each) => [each.report.identity.key, each]));
  const databases = [...byKey.values()].map(({ endpoint, report }): PlannedDatabase => {
    const { identity, role, serverVersion, schemaFingerprint } = report;
    const isPrepared = planned.every(
      ({ api, report: other }) => other.identity.key !== identity.key || api.bindings.every((b) => b.class === '2pc'),
    );
    const participant = isPrepared && report.class === '2pc' ? 'two-phase' : 'last-resource';
    return { identity, endpoint: endpoint.uuid, role, serverVersion, schemaFingerprint, gates: [], class: participant };
  });
  const unprepared = databases.filter((database) => database.class === 'last-resource');
  if (unprepared.length > 1) {
    const names = unprepared.map(({ identity }) => identity.name).join(', ');
    throw new EdenError('ATOMICITY_REFUSED', {
      reasons: [`${names} cannot be prepared; one of them could be the last to commit, more could not`],
    });
  }
  return databases.sort((a, b) => compareDatabases(a.identity, b.identity));
}
