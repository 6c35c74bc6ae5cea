import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { Sandbox } from '@eden/sandbox';
import { atVeryEndOfFile } from './test-file.js';
import { testServers, type PostgresAddress } from './test-servers.js';

const run = promisify(execFile);
const SYSTEM_INSTALLATIONS = '/usr/lib/postgresql';
const NAME = 'of-the-machine';

/** A server and PostgreSQL's own programs for it. */
export interface ServerWithClients {
  readonly server: PostgresAddress;
  /** Path of the program. */
  readonly psql: string;
  /** Path of the program. */
  readonly pgDump: string;
}

/**
 * A cluster of this test file's own from the newest PostgreSQL of the machine that is complete: the packages of npm
 * bring no psql and no pg_dump. Undefined when there is none.
 */
export async function startServerWithClients(): Promise<ServerWithClients | undefined> {
  const binaries = await completeInstallation();
  if (binaries === undefined) return undefined;
  const sandbox = await Sandbox.create(testServers().filesDirectory);
  // Databases are dropped before.
  atVeryEndOfFile(() => sandbox.stop());
  const { host, port, superuser } = await sandbox.startPostgres({ name: NAME, durable: false, binaries });
  const server = { name: NAME, host, port, ...superuser };
  return { server, psql: join(binaries, 'psql'), pgDump: join(binaries, 'pg_dump') };
}

async function completeInstallation(): Promise<string | undefined> {
  for (const folder of await folders()) {
    const programs = ['postgres', 'initdb', 'psql', 'pg_dump'].map((program) => join(folder, program));
    if ((await Promise.all(programs.map(runs))).every(Boolean)) return folder;
  }
  return undefined;
}

async function folders(): Promise<readonly string[]> {
  const named = process.env['EDEN_POSTGRES_BIN'];
  const versions = await readdir(SYSTEM_INSTALLATIONS).catch(() => []);
  const installed = versions
    .map(Number)
    .sort((a, b) => b - a)
    .map((version) => join(SYSTEM_INSTALLATIONS, String(version), 'bin'));
  return [...(named === undefined ? [] : [named]), ...installed, ...(process.env['PATH'] ?? '').split(delimiter)];
}

async function runs(program: string): Promise<boolean> {
  return run(program, ['--version']).then(
    () => true,
    () => false,
  );
}
