import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ROOT } from './ensure-installed.mjs';

const POLL_INTERVAL_MS = 200;

/**
 * Runs `work` while no other process runs work of the same name in this clone. Two demos that start at once must not
 * install and build over each other. The lock is a file with the pid of its holder; one of a dead process is void.
 */
export async function oneAtATime(name, work) {
  const file = join(ROOT, '.eden', `${name}.lock`);
  mkdirSync(join(ROOT, '.eden'), { recursive: true });
  if (!tryToHold(file)) {
    console.log(`Waiting for another process (${file})`);
    while (!tryToHold(file)) await delay(POLL_INTERVAL_MS);
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

function tryToHold(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    if (!isHeld(file)) rmSync(file, { force: true });
    return false;
  }
}

function isHeld(file) {
  try {
    process.kill(Number(readFileSync(file, 'utf8')), 0);
    return true;
  } catch (error) {
    // ENOENT: released in between; ESRCH: its holder is dead. EPERM is a live process of somebody else.
    return error.code === 'EPERM';
  }
}
