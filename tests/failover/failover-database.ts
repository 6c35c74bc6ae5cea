import { rm } from 'node:fs/promises';
import { deployControlSchema } from '@eden/database';
import type { TcpProxy, TestDatabase } from '@eden/testkit';
import { eventually, startTcpProxy, testSandbox, withClient } from '@eden/testkit';

type Server = Awaited<ReturnType<Awaited<ReturnType<typeof testSandbox>>['startPostgres']>>;

/** What follows the primary, until it is cut off. */
interface Standby {
  readonly server: Server;
  readonly replication: TcpProxy;
}

/** What a standby of a moment has to have is little, and each of them is a copy of all files. */
const SETTINGS = { max_connections: '80', wal_keep_size: '8MB', max_wal_size: '8MB', shared_buffers: '16MB' };

/** A database on a server of its own, behind one address, with asynchronous standbys that take over there. */
export class FailoverDatabase implements TestDatabase {
  private standby: Standby | undefined;
  private servers = 1;

  private constructor(
    readonly name: string,
    private primary: Server,
    private readonly address: TcpProxy,
  ) {}

  static async create(name: string): Promise<FailoverDatabase> {
    const sandbox = await testSandbox();
    const primary = await sandbox.startPostgres({ name: `${name}-1`, durable: false, settings: SETTINGS });
    await withClient(primary.url(), async (client) => {
      await client.query(`CREATE DATABASE ${name}`);
      for (const spare of ['template0', 'template1']) {
        await client.query(`ALTER DATABASE ${spare} IS_TEMPLATE false`);
        await client.query(`DROP DATABASE ${spare}`);
      }
    });
    return new FailoverDatabase(name, primary, await startTcpProxy(primary.port));
  }

  /** The same, with the control schema. */
  static async createControl(): Promise<FailoverDatabase> {
    const database = await FailoverDatabase.create('control');
    await deployControlSchema(database.url);
    return database;
  }

  get server(): TestDatabase['server'] {
    const { host, superuser } = this.primary;
    return { name: this.name, host, port: this.address.port, ...superuser };
  }

  get url(): string {
    return this.primary.url(this.name).replace(`:${this.primary.port}/`, `:${this.address.port}/`);
  }

  /** A new standby, which has everything. */
  async follow(): Promise<void> {
    await this.standby?.server.stop();
    const replication = await startTcpProxy(this.primary.port);
    const name = `${this.name}-${(this.servers += 1)}`;
    const server = await this.primary.startStandby({ name, replicationPort: replication.port });
    this.standby = { server, replication };
    await this.catchUp();
  }

  /** From here on the standby learns nothing more: what is committed from now on is lost with the primary. */
  async cutOff(): Promise<void> {
    await this.catchUp();
    await this.following.replication.stop();
  }

  /** The primary dies, and the standby takes over at the same address. */
  async failOver(): Promise<void> {
    const { server } = this.following;
    await this.primary.crash();
    await rm(this.primary.dataDirectory, { recursive: true });
    await server.promote();
    this.primary = server;
    this.standby = undefined;
    this.address.leadTo(server.port);
  }

  private get following(): Standby {
    if (this.standby === undefined) throw new Error('nobody follows');
    return this.standby;
  }

  private async catchUp(): Promise<void> {
    const [here] = await query(this.primary.url(this.name), 'SELECT pg_current_wal_insert_lsn()::text AS lsn');
    await eventually(async () => {
      const caughtUp = `SELECT pg_last_wal_replay_lsn() >= '${String(here?.['lsn'])}' AS there`;
      const [standby] = await query(this.following.server.url(this.name), caughtUp);
      if (standby?.['there'] !== true) throw new Error('the standby is behind');
    });
  }
}

function query(url: string, sql: string): Promise<readonly Record<string, unknown>[]> {
  return withClient(url, async (client) => (await client.query<Record<string, unknown>>(sql)).rows);
}
