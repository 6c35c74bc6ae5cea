import { mkdtemp, readFile, readdir, rename, rm } from 'node:fs/promises';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { identify, isAlive, type ProcessIdentity } from '@eden/runtime';

/**
 * What a sandbox owns, in a file of its folder: the guard's second line, for when the guard was killed as well
 * (a machine that went down, a container that was removed). The next sandbox beside it reads the file and tidies up.
 */
interface Owned {
  /** Pids mean something on their own host (or in their own container) only. */
  readonly host: string;
  readonly owner: ProcessIdentity;
  readonly processes: readonly ProcessIdentity[];
  readonly folders: readonly string[];
}

const FILE = 'owner.json';
const PREFIX = 'sandbox-';

export class OwnerRecord {
  private readonly processes = new Map<number, ProcessIdentity>();
  private readonly folders: string[] = [];

  private constructor(
    readonly folder: string,
    private readonly owner: ProcessIdentity,
  ) {}

  /** Makes a folder below `directory` that says from its first moment whose it is. */
  static async createIn(directory: string): Promise<OwnerRecord> {
    const owner = identify(process.pid);
    if (owner === undefined) throw new Error('Cannot find out when this process started');
    mkdirSync(directory, { recursive: true });
    const unnamed = await mkdtemp(join(directory, `.${PREFIX}${process.pid}-`));
    new OwnerRecord(unnamed, owner).write();
    const folder = join(dirname(unnamed), basename(unnamed).slice(1));
    await rename(unnamed, folder);
    return new OwnerRecord(folder, owner);
  }

  addProcess(pid: number): void {
    const identity = identify(pid);
    if (identity !== undefined) this.processes.set(pid, identity);
    this.write();
  }

  removeProcess(pid: number): void {
    if (this.processes.delete(pid)) this.write();
  }

  addFolder(folder: string): void {
    this.folders.push(folder);
    this.write();
  }

  private write(): void {
    const owned: Owned = {
      host: hostname(),
      owner: this.owner,
      processes: [...this.processes.values()],
      folders: this.folders,
    };
    const file = join(this.folder, FILE);
    // Somebody removed the folder under us: the guard still knows the processes.
    if (!existsSync(this.folder)) return;
    writeFileSync(`${file}.new`, JSON.stringify(owned), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }
}

/** Ends what sandboxes of dead owners left below `directory`, and nothing else: pid and start must both be theirs. */
export async function removeLeftovers(directory: string): Promise<void> {
  const names = (await readdir(directory)).filter((name) => name.startsWith(PREFIX));
  await Promise.all(names.map((name) => removeIfOwnerIsDead(join(directory, name))));
}

async function removeIfOwnerIsDead(folder: string): Promise<void> {
  const owned = await readOwned(folder);
  if (owned === undefined || owned.host !== hostname() || isAlive(owned.owner)) return;
  for (const process of owned.processes) if (isAlive(process)) end(process);
  const folders = [...owned.folders, folder];
  await Promise.all(folders.map((path) => rm(path, { recursive: true, force: true, maxRetries: 10 })));
}

async function readOwned(folder: string): Promise<Owned | undefined> {
  try {
    return JSON.parse(await readFile(join(folder, FILE), 'utf8')) as Owned;
  } catch (error) {
    // Another one is tidying up the same folder at this moment.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function end({ pid }: ProcessIdentity): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    // It ended by itself in between.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
