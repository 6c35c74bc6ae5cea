import { randomBytes } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ApiClient, Cluster, TestDatabase } from '@eden/testkit';
import { atEndOfFile, createDatabase, testServers } from '@eden/testkit';
import { startEden, type Outcome, type Running } from './eden-process.js';

interface CallOptions {
  readonly input?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** A user of the command with a folder, a login and databases, whose URLs are in the environment: `USERS_DATABASE_URL`. */
export class CliWorld {
  readonly folder = mkdtempSync(join(tmpdir(), 'eden-cli-'));

  private constructor(
    private readonly gatewayUrl: string,
    /** The organization's SuperAdmin. */
    readonly client: ApiClient,
    readonly organization: string,
    private readonly databases: ReadonlyMap<string, TestDatabase>,
  ) {}

  /** @param names Of the databases, on the target servers in turn. */
  static async create(cluster: Cluster, names: readonly string[] = ['users', 'orders']): Promise<CliWorld> {
    const { client, id } = await cluster.createOrganization();
    const { targets } = testServers();
    const databases = new Map<string, TestDatabase>();
    for (const [at, name] of names.entries()) databases.set(name, await createDatabase(targets[at % 2 === 0 ? 0 : 1]));
    const world = new CliWorld(client.gatewayUrl, client, id, databases);
    await world.logIn('operator', 'Admin');
    return world;
  }

  database(name: string): TestDatabase {
    const database = this.databases.get(name);
    if (database === undefined) throw new Error(`there is no database ${name}`);
    return database;
  }

  get users(): TestDatabase {
    return this.database('users');
  }

  get orders(): TestDatabase {
    return this.database('orders');
  }

  /** Makes a user of this level and logs in as them, by the command itself. */
  async logIn(username: string, level: string, profile = 'default'): Promise<Outcome> {
    const password = randomBytes(18).toString('base64url');
    await this.client.post('/iam/users', { username, password, access_level: level });
    const who = ['--url', this.gatewayUrl, '--org', this.organization, '--username', username, '--profile', profile];
    return this.eden(['login', ...who, '--password-stdin'], { input: `${password}\n` });
  }

  /** What the user has exported. */
  get environment(): Readonly<Record<string, string>> {
    const urls = [...this.databases].map(([name, { url }]) => [`${name.toUpperCase()}_DATABASE_URL`, url]);
    return { XDG_CONFIG_HOME: join(this.folder, 'config'), ...(Object.fromEntries(urls) as Record<string, string>) };
  }

  write(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text);
  }

  async eden(argv: readonly string[], options: CallOptions = {}): Promise<Outcome> {
    return this.start(argv, options).ended;
  }

  start(argv: readonly string[], { input, env }: CallOptions = {}): Running {
    const started = startEden(argv, {
      cwd: this.folder,
      env: { ...this.environment, ...env },
      ...(input === undefined ? {} : { input }),
    });
    atEndOfFile(async () => void started.child.kill('SIGKILL'));
    return started;
  }
}
