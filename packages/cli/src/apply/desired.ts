import type { Desired } from '@eden/reconcile';
import type { LoadedFile } from '../file/load-file.js';
import { resolveEndpoint } from '../file/resolve-values.js';
import { readSources, upTo } from '../sources/desired-source.js';
import { findSource } from '../sources/find-source.js';

export interface Choice {
  /** `--id`: the name of the release. */
  readonly id?: string | undefined;
  /** `--target`: one source, and nothing else. */
  readonly target?: string | undefined;
  /** `--to`: up to this file of each source. */
  readonly to?: string | undefined;
}

/**
 * What a file wants, with the values that the environment gives and the folders as they are.
 * @throws CommandError when a variable is not set, or a folder cannot be read
 */
export async function desiredOf(
  loaded: LoadedFile,
  env: Readonly<Record<string, string | undefined>>,
  choice: Choice,
): Promise<Desired> {
  const endpoints = Object.entries(loaded.content.endpoints);
  return {
    ...(await desiredRelease(loaded, choice)),
    endpoints: endpoints.map(([name, entry]) => resolveEndpoint(name, entry, env)),
  };
}

/**
 * The same without the endpoints of the file, whose addresses need not be known where one only looks.
 * @throws CommandError when a folder cannot be read
 */
export async function desiredRelease(loaded: LoadedFile, { id, target, to }: Choice): Promise<Desired> {
  const { content } = loaded;
  const { migration, description, labels, notes, templates, apis, parameters, options } = content;
  const entries = target === undefined ? content.sources : [findSource(loaded, target)];
  const sources = await readSources(entries, loaded.folder);
  return {
    line: migration,
    id,
    description,
    labels,
    notes,
    endpoints: [],
    templates,
    apis: target === undefined ? apis : [],
    sources: upTo(to, sources),
    parameters,
    options,
  };
}
