import { execFile } from 'node:child_process';
import { chown, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import type { Account } from './account.js';

const run = promisify(execFile);

export interface DataDirectories {
  readonly from: string;
  readonly to: string;
}

/** Of the running server, which its copy must not find. */
const OF_THE_PROCESS = new Set(['postmaster.pid', 'postmaster.opts', 'pg_wal']);

/**
 * A base backup of a running server of version 15 or later by its low-level interface, as pg_basebackup does it, which
 * not every set of binaries has. A server started on it recovers to the moment at which the backup ended.
 */
export async function takeBaseBackup(url: string, directories: DataDirectories, account?: Account): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`SELECT pg_backup_start('clone', fast => true)`);
    await copyData(directories, account);
    const { rows } = await client.query<{ labelfile: string }>(
      'SELECT labelfile FROM pg_backup_stop(wait_for_archive => false)',
    );
    // The log up to here belongs to the backup.
    await copy(join(directories.from, 'pg_wal'), directories.to, account);
    await writeLabel(join(directories.to, 'backup_label'), String(rows[0]?.labelfile), account);
  } finally {
    await client.end();
  }
}

async function copyData({ from, to }: DataDirectories, account: Account | undefined): Promise<void> {
  await run('mkdir', ['-m', '700', to], { ...account });
  const entries = await readdir(from);
  for (const entry of entries.filter((name) => !OF_THE_PROCESS.has(name))) await copy(join(from, entry), to, account);
}

/** A file may vanish or grow meanwhile: the log makes up for it. */
async function copy(path: string, folder: string, account: Account | undefined): Promise<void> {
  await run('cp', ['-a', path, folder], { ...account, cwd: folder });
}

async function writeLabel(file: string, label: string, account: Account | undefined): Promise<void> {
  await writeFile(file, label, { mode: 0o600 });
  if (account !== undefined) await chown(file, account.uid, account.gid);
}
