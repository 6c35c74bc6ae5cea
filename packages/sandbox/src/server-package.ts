import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findOnPath, isExecutable } from './executables.js';

const run = promisify(execFile);
const INSTALL_TIMEOUT_MS = 300_000;

/** A server, or another program, that comes from the packages of the system. */
export interface ServerPackage {
  /** Its programs on PATH; the first that is there serves. */
  readonly programs: readonly string[];
  /** Names another one. */
  readonly variable: string;
  /** What the package is called by each package manager. */
  readonly packages: Readonly<Record<'apt-get' | 'dnf' | 'apk' | 'brew', string>>;
}

interface PackageManager {
  readonly command: 'apt-get' | 'dnf' | 'apk';
  /** Run one after the other, as root, with the package behind the last one. */
  readonly steps: readonly (readonly string[])[];
}

const PACKAGE_MANAGERS: readonly PackageManager[] = [
  {
    command: 'apt-get',
    steps: [['update'], ['install', '-y', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=120']],
  },
  { command: 'dnf', steps: [['install', '-y']] },
  { command: 'apk', steps: [['add']] },
];

/**
 * The program that the variable names, else the one from PATH, else root installs it from its system's packages.
 * @throws with the one command that helps.
 */
export async function findServer(server: ServerPackage): Promise<string> {
  const { programs, variable } = server;
  const named = process.env[variable];
  if (named && !(await isExecutable(named))) throw new Error(`${variable} is not an executable: ${named}`);
  const found = named || (await findOnPath(...programs));
  if (found) return found;
  if (process.getuid?.() === 0) await install(server);
  const installed = await findOnPath(...programs);
  if (installed === undefined) throw new Error(`No ${programs[0]} found. Install it: ${await installCommand(server)}`);
  return installed;
}

async function packageManager(): Promise<PackageManager | undefined> {
  for (const manager of PACKAGE_MANAGERS) {
    if ((await findOnPath(manager.command)) !== undefined) return manager;
  }
  return undefined;
}

function stepsOf({ command, steps }: PackageManager, { packages }: ServerPackage): readonly (readonly string[])[] {
  return steps.map((step, at) => (at === steps.length - 1 ? [...step, packages[command]] : step));
}

/** A service that the package starts by itself is none of ours. */
async function install(server: ServerPackage): Promise<void> {
  const manager = await packageManager();
  if (manager === undefined) return;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const step of stepsOf(manager, server)) {
    try {
      await run(manager.command, step, { env, timeout: INSTALL_TIMEOUT_MS });
    } catch {
      // Offline, most likely: an old package list may still do, and the caller's error names the command to try.
    }
  }
}

async function installCommand(server: ServerPackage): Promise<string> {
  const manager = await packageManager();
  if (manager === undefined) return `brew install ${server.packages.brew}`;
  const words =
    stepsOf(manager, server)
      .at(-1)
      ?.filter((word) => !/^-[^y]|=/.test(word)) ?? [];
  return `sudo ${manager.command} ${words.join(' ')}`;
}
