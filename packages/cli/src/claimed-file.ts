import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { identify, isAlive, type ProcessIdentity } from '@eden/runtime';

/** Nobody needs this long to look at a claim and to remove it. */
const ABANDONED_MS = 10_000;
const PAUSE_MS = 20;

/**
 * Claims what the file stands for. It appears whole, with who has it; one whose process is dead counts as none.
 * Resolves to null when the claim is ours, to its owner when somebody has it.
 */
export async function claim(file: string): Promise<ProcessIdentity | null> {
  const written = `${file}.${randomUUID()}`;
  await writeFile(written, JSON.stringify(identify(process.pid)), { mode: 0o600, flag: 'wx' });
  try {
    for (;;) {
      if (await linked(written, file)) return null;
      const owner = await readOwner(file);
      if (owner !== null && isAlive(owner)) return owner;
      if (owner !== null) await removeDead(file);
    }
  } finally {
    await rm(written, { force: true });
  }
}

export async function giveUp(file: string): Promise<void> {
  await rm(file, { force: true });
}

/** Claims it as soon as others have given it up. @throws Error when that takes too long */
export async function claimInTime(file: string, timeoutMs: number): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const owner = await claim(file);
    if (owner === null) return;
    if (performance.now() > deadline) throw new Error(`process ${owner.pid} has ${file}`);
    await delay(PAUSE_MS);
  }
}

/** False when the file is there already. */
async function linked(written: string, file: string): Promise<boolean> {
  try {
    await link(written, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  }
}

/** Null when it is gone meanwhile. */
async function readOwner(file: string): Promise<ProcessIdentity | null> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as ProcessIdentity;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** One at a time: else the second would remove the claim that the first has made meanwhile. */
async function removeDead(file: string): Promise<void> {
  const door = `${file}.removing`;
  try {
    await mkdir(door);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    await delay(PAUSE_MS);
    const found = await stat(door).catch(() => null);
    if (found !== null && Date.now() - found.mtimeMs > ABANDONED_MS) await rmdir(door).catch(() => undefined);
    return;
  }
  try {
    const owner = await readOwner(file);
    if (owner !== null && !isAlive(owner)) await rm(file, { force: true });
  } finally {
    await rmdir(door);
  }
}
