import { resolve } from 'node:path';
import type { SourceEntry } from '../file/schema.js';
import { readFolder, type LocalFile } from './read-folder.js';

/** A folder of the file, with its files as they are on this machine. */
export interface DesiredSource {
  readonly id: string;
  readonly endpoint: string;
  readonly tool: SourceEntry['tool'];
  readonly stage: number;
  readonly options: NonNullable<SourceEntry['options']>;
  /** As the file names it. */
  readonly path: string;
  readonly files: readonly LocalFile[];
}

/** @throws CommandError when a folder cannot be read */
export async function readSources(entries: readonly SourceEntry[], folder: string): Promise<DesiredSource[]> {
  return Promise.all(
    entries.map(async ({ id, endpoint, tool, stage = 0, options = {}, path }) => ({
      id: id ?? endpoint,
      ...{ endpoint, tool, stage, options, path },
      files: await readFolder(resolve(folder, path), path),
    })),
  );
}

/** `--to`: each source up to this version. */
export function upTo(to: string | undefined, sources: readonly DesiredSource[]): readonly DesiredSource[] {
  return to === undefined ? sources : sources.map((source) => ({ ...source, options: { ...source.options, to } }));
}
