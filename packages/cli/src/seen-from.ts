import { relative, sep } from 'node:path';

/** A path as it is written in a folder: from there on, its parts joined by `/`. */
export function seenFrom(folder: string, path: string): string {
  const seen = relative(folder, path).split(sep).join('/');
  return seen === '' ? '.' : seen;
}
