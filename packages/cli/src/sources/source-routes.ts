import { answerOf, withFiles, type Connection, type Plan, type Source } from '@eden/client';
import type { DesiredSource } from './desired-source.js';

/** The sources of a release, as last seen. */
export async function listSources(connection: Connection, migration: string): Promise<readonly Source[]> {
  const params = { path: { migration } };
  return (await answerOf(connection.GET('/api/v1/migrations/{migration}/sources', { params }))).data;
}

/** Sends a folder; one that is equal to what the service has changes nothing there. */
export async function putSource(connection: Connection, migration: string, source: DesiredSource): Promise<void> {
  const params = { path: { migration, source: source.id } };
  const files = source.files.map((file) => ({ field: 'files', ...file }));
  const body = settingsOf(source) as never;
  await answerOf(
    connection.PUT('/api/v1/migrations/{migration}/sources/{source}', { params, body, ...withFiles('source', files) }),
  );
}

export async function deleteSource(connection: Connection, migration: string, source: string): Promise<void> {
  const params = { path: { migration, source } };
  await answerOf(connection.DELETE('/api/v1/migrations/{migration}/sources/{source}', { params }));
}

/** What a release of these folders would run now; nothing is stored. */
export async function planSources(connection: Connection, sources: readonly DesiredSource[]): Promise<Plan> {
  const files = sources.flatMap(({ id, files: own }) => own.map((file) => ({ field: `files[${id}]`, ...file })));
  const body = { sources: sources.map((source) => ({ id: source.id, ...settingsOf(source) })) } as never;
  return (await answerOf(connection.POST('/api/v1/plans', { body, ...withFiles('plan', files) }))).data;
}

/** Whether there is anything to run. */
export function hasSteps({ apis }: Plan): boolean {
  return apis.some(({ bindings }) => bindings.length > 0);
}

function settingsOf({ endpoint, tool, stage, options }: DesiredSource) {
  return { endpoint, tool, stage, options };
}
