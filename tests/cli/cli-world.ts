import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import type { ApiClient, Cluster, TestDatabase } from '@eden/testkit';
import { atEndOfFile, createDatabase, eventually, testServers } from '@eden/testkit';

const MAIN = join(import.meta.dirname, '..', '..', 'packages', 'cli', 'bin', 'eden.js');

/** How a call of `eden` has ended. */
export interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A call that is still running. */
export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Outcome>;
  /** What it has written to stderr so far holds this. */
  says(text: string): Promise<void>;
}

/** A user of the command with a folder, a login and two databases. */
export class CliWorld {
  readonly folder = mkdtempSync(join(tmpdir(), 'eden-cli-'));

  private constructor(
    private readonly cluster: Cluster,
    readonly client: ApiClient,
    readonly organization: string,
    readonly users: TestDatabase,
    readonly orders: TestDatabase,
  ) {}

  static async create(cluster: Cluster): Promise<CliWorld> {
    const { client, id } = await cluster.createOrganization();
    const [first, second] = testServers().targets;
    const world = new CliWorld(cluster, client, id, await createDatabase(first), await createDatabase(second ?? first));
    await world.logIn('operator', 'Admin');
    return world;
  }

  /** Makes a user of this level and logs in as them, by the command itself. */
  async logIn(username: string, level: string, profile = 'default'): Promise<Outcome> {
    const password = randomBytes(18).toString('base64url');
    await this.client.post('/iam/users', { username, password, access_level: level });
    const who = ['--url', this.url, '--org', this.organization, '--username', username, '--profile', profile];
    return this.eden(['login', ...who, '--password-stdin'], { input: `${password}\n` });
  }

  get url(): string {
    return this.cluster.gateways[0]?.url ?? '';
  }

  get gatewayEnvironment(): NodeJS.ProcessEnv {
    return {
      PATH: process.env['PATH'],
      HOME: this.folder,
      XDG_CONFIG_HOME: join(this.folder, 'config'),
      USERS_DATABASE_URL: this.users.url,
      ORDERS_DATABASE_URL: this.orders.url,
    };
  }

  write(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text);
  }

  async eden(argv: readonly string[], options: { input?: string; env?: NodeJS.ProcessEnv } = {}): Promise<Outcome> {
    return this.start(argv, options).ended;
  }

  start(argv: readonly string[], { input = '', env = {} }: { input?: string; env?: NodeJS.ProcessEnv } = {}): Running {
    const child = spawn(process.execPath, [MAIN, ...argv], {
      cwd: this.folder,
      env: { ...this.gatewayEnvironment, ...env },
    });
    const written = { out: '', err: '' };
    child.stdout.on('data', (chunk: Buffer) => (written.out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (written.err += chunk.toString()));
    child.stdin.end(input);
    const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, ...written }));
    atEndOfFile(async () => void child.kill('SIGKILL'));
    const says = (text: string): Promise<void> =>
      eventually(async () => {
        if (!written.err.includes(text)) throw new Error(`eden ${argv.join(' ')} has written\n${written.err}`);
      });
    return { child, ended, says };
  }
}
