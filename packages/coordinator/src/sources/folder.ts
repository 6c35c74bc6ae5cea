import { createHash } from 'node:crypto';
import type { Endpoint, FolderFile, Source, SourceOptions, SourcePort, SourceProblem, SourceTool } from '@eden/domain';
import { validationError } from '@eden/domain';
import { sourceRefused } from '@eden/work';

/** A folder as a client sends it. */
export interface FolderInput {
  readonly tool: SourceTool | 'auto';
  readonly options: SourceOptions;
  readonly files: readonly FolderFile[];
}

const MOST_FILES = 20_000;

/**
 * The tool that the files tell of; `auto` stays where they may be several tools'.
 * @throws EdenError SOURCE_REFUSED (context: problems, each with its file)
 */
export function checkFolder(sources: SourcePort, id: string, { tool, options, files }: FolderInput): Source['tool'] {
  if (files.length === 0) throw sourceRefused(id, [{ path: null, message: 'the folder has no files' }]);
  if (files.length > MOST_FILES)
    throw sourceRefused(id, [{ path: null, message: `the folder has more than ${MOST_FILES} files` }]);
  const [named, ...others] = tool === 'auto' ? sources.detect(files) : [tool];
  if (named === undefined) throw sourceRefused(id, unknownTool(sources, files, options));
  if (others.length > 0) return 'auto';
  const { problems } = sources.tool(named).read(files, options);
  if (problems.length > 0) throw sourceRefused(id, problems);
  return named;
}

/** What is wrong with the paths, which no tool would take, comes first. */
function unknownTool(
  sources: SourcePort,
  files: readonly FolderFile[],
  options: SourceOptions,
): readonly SourceProblem[] {
  const ofPaths = sources
    .tool('dbmate')
    .read(files, options)
    .problems.filter(({ path }) => path !== null);
  if (ofPaths.length > 0) return ofPaths;
  return [{ path: null, message: 'no tool is known whose folder looks like this: name it in "tool"' }];
}

export function assertHasHistories(endpoint: Endpoint): void {
  if (endpoint.kind === 'Postgres') return;
  throw validationError([
    { path: 'endpoint', message: `A source is for Postgres endpoints, not for ${endpoint.kind as string}` },
  ]);
}

/** Of paths and contents, in whatever order they came. */
export function digestOf(files: readonly FolderFile[]): string {
  const digest = createHash('sha256');
  for (const { path, bytes } of [...files].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    digest.update(JSON.stringify([path, bytes.length])).update(bytes);
  }
  return digest.digest('hex');
}
