import { resolve } from 'node:path';
import type { SourceEntry as Folder } from '@eden/reconcile';
import type { SourceEntry } from '../file/schema.js';
import { idOfSource } from './id-of-source.js';
import { readFolder } from './read-folder.js';

/** @throws CommandError when a folder cannot be read */
export async function readSources(entries: readonly SourceEntry[], folder: string): Promise<Folder[]> {
  return Promise.all(
    entries.map(async (entry) => {
      const { endpoint, tool, stage = 0, options = {}, path } = entry;
      const files = await readFolder(resolve(folder, path), path);
      return { id: idOfSource(entry), endpoint, tool, stage, options, path, files };
    }),
  );
}

/** `--to`: each source up to this version. */
export function upTo(to: string | undefined, sources: readonly Folder[]): readonly Folder[] {
  return to === undefined ? sources : sources.map((source) => ({ ...source, options: { ...source.options, to } }));
}
