import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newSecrets, removeKept, type Superuser } from '@eden/sandbox';
import { claim, giveUp } from '../claimed-file.js';
import { CommandError } from '../exit-codes.js';

/** Where a server was last time; its clients look for it there. */
export interface KeptServer {
  readonly port: number | undefined;
  readonly superuser: Superuser;
}

/** What `eden dev` keeps from one start to the next, beside the data of its servers. */
export interface DevState {
  readonly secrets: ReturnType<typeof newSecrets>;
  /** Of the user `admin` of the organization `dev`. */
  readonly password: string;
  readonly control: KeptServer;
  readonly targets: KeptServer;
  readonly gatewayPort: number | undefined;
  /** Databases that `--with-targets` has made so far. */
  readonly targetCount: number;
}

/** The folder of one `eden dev`, `.eden/dev/<name>` where the user stands. */
export class DevFolder {
  readonly path: string;
  private readonly ignoreFile: string;

  constructor(
    cwd: string,
    readonly name: string,
  ) {
    this.path = join(cwd, '.eden', 'dev', name);
    this.ignoreFile = join(cwd, '.eden', '.gitignore');
  }

  get data(): string {
    return join(this.path, 'data');
  }

  /** Logs and what else ends with the process. */
  get running(): string {
    return join(this.path, 'running');
  }

  /** @throws CommandError when another process has it */
  async take(): Promise<void> {
    await mkdir(this.path, { recursive: true, mode: 0o700 });
    const owner = await claim(this.ownerFile);
    if (owner !== null) {
      const next = `End it (process ${owner.pid}), or start another beside it with --name.`;
      throw new CommandError(`"eden dev" runs here already as ${this.name}`, next);
    }
    // The folder lies in somebody's repository, and holds secrets.
    await writeFile(this.ignoreFile, '*\n');
  }

  async release(): Promise<void> {
    await giveUp(this.ownerFile);
  }

  /** Everything that was kept, gone. */
  async reset(): Promise<void> {
    await removeKept(this.data);
    await rm(this.stateFile, { force: true });
  }

  async readState(): Promise<DevState> {
    return (await readJson<DevState>(this.stateFile)) ?? newState();
  }

  async writeState(state: DevState): Promise<void> {
    await writeJson(this.stateFile, state);
  }

  private get stateFile(): string {
    return join(this.path, 'state.json');
  }

  private get ownerFile(): string {
    return join(this.path, 'owner.json');
  }
}

function newState(): DevState {
  return {
    secrets: newSecrets(),
    password: newPassword(),
    control: newServer(),
    targets: newServer(),
    gatewayPort: undefined,
    targetCount: 0,
  };
}

function newServer(): KeptServer {
  return { port: undefined, superuser: { username: 'postgres', password: newPassword() } };
}

function newPassword(): string {
  return randomBytes(18).toString('base64url');
}

async function readJson<Content>(file: string): Promise<Content | undefined> {
  return existsSync(file) ? (JSON.parse(await readFile(file, 'utf8')) as Content) : undefined;
}

/** Holds secrets; appears as a whole. */
async function writeJson(file: string, content: unknown): Promise<void> {
  await writeFile(`${file}.new`, JSON.stringify(content), { mode: 0o600 });
  await rename(`${file}.new`, file);
}
