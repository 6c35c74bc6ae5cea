import type { Connection } from '@eden/client';
import { nextOf, positionIn, readMigration, releaseIds } from '@eden/reconcile';
import { CommandError } from './exit-codes.js';
import { loadFile } from './file/load-file.js';
import type { Call } from './shell.js';

export interface FileFlags {
  readonly file?: string;
  readonly env?: string;
}

/** What says which one is meant. */
type Asked = Pick<Call<FileFlags>, 'options' | 'surroundings'>;

/** The line of releases that is meant: what is named, else the one of eden.yaml. */
export async function lineOf(call: Asked, named: string | undefined): Promise<string> {
  if (named !== undefined) return named;
  const { options, surroundings } = call;
  const { content } = await loadFile({ file: options.file, environment: options.env, cwd: surroundings.cwd });
  return content.migration;
}

/** All releases of a line, the newest first. */
export async function releasesOf(connection: Connection, line: string): Promise<string[]> {
  const ids = await releaseIds(connection, line);
  return ids.sort((a, b) => (positionIn(line, b) ?? 0) - (positionIn(line, a) ?? 0));
}

/** The release that `eden apply` would bring up to date, or make. */
export async function nextReleaseOf(connection: Connection, line: string): Promise<string> {
  const ids = await releasesOf(connection, line);
  const [newest] = ids;
  if (newest === undefined) return line;
  const { state } = await readMigration(connection, newest);
  return state === 'Completed' ? nextOf(line, ids) : newest;
}

/** The migration that is named, else the newest release of eden.yaml's line. @throws CommandError when there is none */
export async function releaseOf(call: Asked, connection: Connection, named?: string): Promise<string> {
  if (named !== undefined) return named.replace(/^migration\//, '');
  const line = await lineOf(call, undefined);
  const [newest] = await releasesOf(connection, line);
  if (newest !== undefined) return newest;
  throw new CommandError(`There is no release of ${line} yet`, 'Run "eden apply" to make the first.');
}
