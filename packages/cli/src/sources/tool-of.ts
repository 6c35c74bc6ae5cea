import { detectSources } from '@eden/sources';
import { CommandError } from '../exit-codes.js';
import type { SourceEntry } from '../file/schema.js';
import type { LocalFile } from './read-folder.js';

/** The tool of a source, found by its files where the file leaves it to us. @throws CommandError when they do not tell */
export function toolOf({ tool, path }: SourceEntry, files: readonly LocalFile[]): Exclude<SourceEntry['tool'], 'auto'> {
  if (tool !== 'auto') return tool;
  const found = detectSources(files.map((file) => ({ path: file.path, text: file.bytes.toString('utf8') })));
  const tools = [...new Set(found.map((source) => source.tool))];
  const [only] = tools;
  if (only !== undefined && tools.length === 1) return only;
  const seen = tools.length === 0 ? 'like none that is known' : `like ${tools.join(' and ')}`;
  throw new CommandError(`${path} looks ${seen}`, 'Name its tool in eden.yaml.');
}
