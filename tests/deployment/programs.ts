import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { REPOSITORY } from './repository.js';

/** Where `npm run test:chart` puts Helm and kubectl. */
const INSTALLED = join(REPOSITORY, 'tests/deployment/tools/bin');

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The first of these programs that `npm run test:chart` has installed, or that PATH leads to. */
export function findProgram(...names: readonly string[]): string | undefined {
  const folders = [INSTALLED, ...(process.env['PATH'] ?? '').split(delimiter)];
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
}

export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export function run(program: string, args: readonly string[]): Outcome {
  const { error, status, stdout, stderr } = spawnSync(program, args, { cwd: REPOSITORY, encoding: 'utf8' });
  if (error !== undefined) throw error;
  return { status, stdout, stderr };
}
