import { createHash } from 'node:crypto';
import { chown, mkdir, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { serverAccount, type Account } from './account.js';
import { isOpenToOthers, temporaryFolder } from './temporary-folder.js';

/**
 * A folder for data that outlives its sandbox: the one that is asked for, or, where the servers' account cannot get in
 * there, one in the temporary folder that belongs to it by name.
 */
export async function keptFolder(directory: string, account: Account | undefined): Promise<string> {
  const folder = await placeOf(directory, account);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (account !== undefined) await chown(folder, account.uid, account.gid);
  return folder;
}

/** Removes what a sandbox has kept there. Nothing may run on it. */
export async function removeKept(directory: string): Promise<void> {
  await rm(await placeOf(directory, await serverAccount()), { recursive: true, force: true });
}

async function placeOf(directory: string, account: Account | undefined): Promise<string> {
  const wanted = resolve(directory);
  await mkdir(dirname(wanted), { recursive: true });
  if (account === undefined || (await isOpenToOthers(dirname(wanted)))) return wanted;
  const name = createHash('sha256').update(wanted).digest('hex').slice(0, 16);
  return join(await temporaryFolder(), `eden-kept-${name}`);
}
