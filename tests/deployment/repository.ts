import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

/** Where the project lies. */
export const REPOSITORY = join(import.meta.dirname, '../..');

export function readProjectFile(path: string): string {
  return readFileSync(join(REPOSITORY, path), 'utf8');
}

/** The version that images of this checkout are tagged with. */
export function projectVersion(): string {
  return (parse(readProjectFile('package.json')) as { version: string }).version;
}

/** Says in the run's output what could not be checked on this machine, and how to get it checked. */
export function note(text: string): void {
  process.stderr.write(`note: ${text}\n`);
}
