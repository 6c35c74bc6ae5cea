import type { Connection, ListedMigration } from '@eden/client';
import { LINE_LABEL, listNamed, listReleases, newestFirst, nextOf } from '@eden/reconcile';
import { CommandError } from './exit-codes.js';
import { loadFile } from './file/load-file.js';
import type { Call } from './shell.js';

export interface FileFlags {
  readonly file?: string;
  readonly env?: string;
}

/** What says which one is meant. */
type Asked = Pick<Call<FileFlags>, 'options' | 'surroundings'>;

/** The line of releases of eden.yaml. */
async function lineOf({ options, surroundings }: Asked): Promise<string> {
  const { content } = await loadFile({ file: options.file, environment: options.env, cwd: surroundings.cwd });
  return content.migration;
}

/** The releases that are called as is said, `<name>-2`, …, of the line of the first; else those of eden.yaml's line. The newest first. */
export async function releasesOf(call: Asked, connection: Connection, name?: string): Promise<ListedMigration[]> {
  if (name === undefined) return listReleases(connection, await lineOf(call));
  const named = await listNamed(connection, [name]);
  const line = named.find(({ id }) => id === name)?.labels[LINE_LABEL] ?? name;
  return newestFirst(line, named, name);
}

/** The release that `eden apply` would bring up to date, or make. */
export async function nextReleaseOf(connection: Connection, line: string): Promise<string> {
  const named = await listNamed(connection, [line]);
  const [newest] = newestFirst(line, named);
  return newest === undefined || newest.state === 'Completed' ? nextOf(line, named) : newest.id;
}

/** The migration that is named, else the newest release of eden.yaml's line. @throws CommandError when there is none */
export async function releaseOf(
  call: Asked,
  connection: Connection,
  named?: string,
  asking: { readonly signal?: AbortSignal | null } = {},
): Promise<string> {
  if (named !== undefined) return named.replace(/^migration\//, '');
  const line = await lineOf(call);
  const [newest] = await listReleases(connection, line, asking);
  if (newest !== undefined) return newest.id;
  throw new CommandError(`There is no release of ${line} yet`, 'Run "eden apply" to make the first.');
}
