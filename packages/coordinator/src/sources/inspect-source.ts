import type { Endpoint, Migration, OrganizationReader, Source, SourceFile, SourceFileStatus } from '@eden/domain';
import { lookAtHistory, viewSource } from '@eden/work';
import type { CoordinatorDeps } from '../deps.js';

/** A source with what is known of its files. */
export interface InspectedSource {
  readonly source: Source;
  readonly endpoint: Endpoint;
  readonly files: readonly SourceFile[];
  /** Null before the first look. */
  readonly statuses: readonly SourceFileStatus[] | null;
  readonly checkedAt: Date | null;
}

/** As the last sync saw it; what a committed migrate has applied since counts as applied. */
export async function describeSource(
  organization: OrganizationReader,
  migration: Migration,
  source: Source,
): Promise<InspectedSource> {
  const [endpoint, files, applied] = await Promise.all([
    organization.endpoint(source.endpointUuid),
    organization.sourceFileList(source.uuid),
    appliedSince(organization, migration, source),
  ]);
  const statuses =
    source.statuses?.map((status) => (applied.has(status.version) ? appliedNow(status) : status)) ?? null;
  return { source, endpoint, files, statuses, checkedAt: source.checkedAt };
}

function appliedNow(status: SourceFileStatus): SourceFileStatus {
  return { ...status, state: 'applied', reason: null };
}

async function appliedSince(
  organization: OrganizationReader,
  { uuid, state }: Migration,
  source: Source,
): Promise<ReadonlySet<string>> {
  if (state !== 'Completed') return new Set();
  const plan = await organization.plan(uuid);
  const bindings = plan?.apis.find(({ api }) => api === source.apiUuid)?.bindings ?? [];
  return new Set(bindings.flatMap(({ file }) => (file === undefined ? [] : [file.version])));
}

/** As its database has it now. @throws EdenError ENDPOINT_UNAVAILABLE, SOURCE_REFUSED when no tool can be meant */
export async function inspectSource(
  deps: CoordinatorDeps,
  organization: OrganizationReader,
  source: Source,
): Promise<InspectedSource> {
  const [endpoint, files, folder] = await Promise.all([
    organization.endpoint(source.endpointUuid),
    organization.sourceFileList(source.uuid),
    organization.sourceFiles(source.uuid),
  ]);
  const { id, tool, options } = source;
  const { assessment } = await viewSource(deps.sources, { id, tool, options, files: folder }, (one) =>
    lookAtHistory(deps.targets, endpoint, { tool: one, options }, deps.settings),
  );
  return { source, endpoint, files, statuses: assessment.statuses, checkedAt: deps.clock.now() };
}
