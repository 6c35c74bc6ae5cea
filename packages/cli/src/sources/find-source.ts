import { CommandError, EXIT } from '../exit-codes.js';
import type { LoadedFile } from '../file/load-file.js';
import type { SourceEntry } from '../file/schema.js';
import { closest } from '../similar.js';
import { idOfSource } from './id-of-source.js';

/** The source of the file that is called so. @throws CommandError (usage) with those that there are */
export function findSource({ content }: LoadedFile, name: string): SourceEntry {
  const found = content.sources.find((source) => idOfSource(source) === name);
  if (found !== undefined) return found;
  const known = content.sources.map(idOfSource);
  const meant = closest(name, known);
  const list = known.length === 0 ? 'It has none.' : `Take one of ${known.join(', ')}`;
  const next = `${list}${meant === null ? '' : `; did you mean ${meant}?`}`;
  throw new CommandError(`eden.yaml has no source "${name}"`, next, EXIT.usage);
}
