import { answerOf, withFiles, type Connection, type Plan, type Source } from '@eden/client';
import type { ApiEntry, EndpointEntry, SourceEntry, TemplateEntry } from './entries.js';

/** The sources of a release, as last seen. */
export async function listSources(connection: Connection, migration: string): Promise<readonly Source[]> {
  const params = { path: { migration } };
  return (await answerOf(connection.GET('/api/v1/migrations/{migration}/sources', { params }))).data;
}

/** Sends a folder; one that is equal to what the service has changes nothing there. */
export async function putSource(connection: Connection, migration: string, source: SourceEntry) {
  const params = { path: { migration, source: source.id } };
  const files = source.files.map((file) => ({ field: 'files', ...file }));
  const body = settingsOf(source) as never;
  return answerOf(
    connection.PUT('/api/v1/migrations/{migration}/sources/{source}', { params, body, ...withFiles('source', files) }),
  );
}

export async function deleteSource(connection: Connection, migration: string, source: string) {
  const params = { path: { migration, source } };
  return answerOf(connection.DELETE('/api/v1/migrations/{migration}/sources/{source}', { params }));
}

/** What a plan is made of. */
export interface PlanInput {
  readonly sources: readonly SourceEntry[];
  readonly apis?: readonly ApiEntry[];
  /** Those that the service has otherwise, or not yet. */
  readonly templates?: readonly TemplateEntry[];
  /** Endpoints that the service does not have yet. */
  readonly endpoints?: readonly EndpointEntry[];
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly options: Readonly<Record<string, unknown>>;
}

/**
 * What a release of this would run now; nothing is stored.
 * @throws ApiError ENDPOINT_NOT_FOUND for one that is neither in the service nor in the input
 */
export async function requestPlan(connection: Connection, { sources, ...input }: PlanInput): Promise<Plan> {
  const files = sources.flatMap(({ id, files: own }) => own.map((file) => ({ field: `files[${id}]`, ...file })));
  const folders = sources.map((source) => ({ id: source.id, ...settingsOf(source) }));
  const body = { sources: folders, ...input } as never;
  return (await answerOf(connection.POST('/api/v1/plans', { body, ...withFiles('plan', files) }))).data;
}

/** Whether there is anything to run, or to note in a history. */
export function hasSteps({ apis }: Plan): boolean {
  return apis.some(({ bindings, baseline = [] }) => bindings.length + baseline.length > 0);
}

function settingsOf({ endpoint, tool, stage, options }: SourceEntry) {
  return { endpoint, tool, stage, options };
}
