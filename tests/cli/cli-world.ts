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

/** A user of the command with a folder, a login and two databases. */
export class CliWorld {
  readonly folder = mkdtempSync(join(tmpdir(), 'eden-cli-'));

  private constructor(
    private readonly gatewayUrl: string,
    /** The organization's SuperAdmin. */
    readonly client: ApiClient,
    private readonly organization: string,
    private readonly databases: readonly [TestDatabase, TestDatabase],
  ) {}

  static async create(cluster: Cluster): Promise<CliWorld> {
    const { client, id } = await cluster.createOrganization();
    const [first, second = first] = testServers().targets;
    const databases = [await createDatabase(first), await createDatabase(second)] as const;
    const world = new CliWorld(client.gatewayUrl, client, id, databases);
    await world.logIn('operator', 'Admin');
    return world;
  }

  get users(): TestDatabase {
    return this.databases[0];
  }

  get orders(): TestDatabase {
    return this.databases[1];
  }

  /** Makes a user of this level and logs in as them, by the command itself. */
  async logIn(username: string, level: string, profile = 'default'): Promise<Outcome> {
    const password = randomBytes(18).toString('base64url');
    await this.client.post('/iam/users', { username, password, access_level: level });
    const who = ['--url', this.gatewayUrl, '--org', this.organization, '--username', username, '--profile', profile];
    return this.eden(['login', ...who, '--password-stdin'], { input: `${password}\n` });
  }

  private get environment(): NodeJS.ProcessEnv {
    return {
      XDG_CONFIG_HOME: join(this.folder, 'config'),
      USERS_DATABASE_URL: this.users.url,
      ORDERS_DATABASE_URL: this.orders.url,
    };
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
