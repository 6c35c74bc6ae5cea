import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findOnPath, isExecutable } from './executables.js';

const run = promisify(execFile);
const INSTALL_TIMEOUT_MS = 300_000;

interface PackageManager {
  readonly command: string;
  /** Run one after the other, as root. */
  readonly steps: readonly (readonly string[])[];
}

const PACKAGE_MANAGERS: readonly PackageManager[] = [
  {
    command: 'apt-get',
    steps: [['update'], ['install', '-y', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=120', 'redis-server']],
  },
  { command: 'dnf', steps: [['install', '-y', 'redis']] },
  { command: 'apk', steps: [['add', 'redis']] },
];

/**
 * EDEN_REDIS_BIN, else `redis-server` (or `valkey-server`) from PATH, else root installs it from its system's packages.
 * @throws with the one command that helps.
 */
export async function findRedis(): Promise<string> {
  const named = process.env['EDEN_REDIS_BIN'];
  if (named && !(await isExecutable(named))) throw new Error(`EDEN_REDIS_BIN is not an executable: ${named}`);
  const found = named || (await onPath());
  if (found) return found;
  if (process.getuid?.() === 0) await install();
  const installed = await onPath();
  if (installed === undefined) throw new Error(`No redis-server found. Install it: ${await installCommand()}`);
  return installed;
}

function onPath(): Promise<string | undefined> {
  return findOnPath('redis-server', 'valkey-server');
}

async function packageManager(): Promise<PackageManager | undefined> {
  for (const manager of PACKAGE_MANAGERS) {
    if ((await findOnPath(manager.command)) !== undefined) return manager;
  }
  return undefined;
}

/** A service that the package starts by itself listens on 6379 and is none of ours. */
async function install(): Promise<void> {
  const manager = await packageManager();
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const step of manager?.steps ?? []) {
    try {
      await run(manager?.command as string, step, { env, timeout: INSTALL_TIMEOUT_MS });
    } catch {
      // Offline, most likely: an old package list may still do, and the caller's error names the command to try.
    }
  }
}

async function installCommand(): Promise<string> {
  const manager = await packageManager();
  const step = manager?.steps.at(-1)?.filter((word) => !/^-[^y]|=/.test(word));
  return step === undefined ? 'brew install redis' : `sudo ${manager?.command} ${step.join(' ')}`;
}
