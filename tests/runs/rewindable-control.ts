import { deployControlSchema } from '@eden/database';
import type { TcpProxy } from '@eden/testkit';
import { eventually, startTcpProxy, testSandbox, withClient } from '@eden/testkit';

const DATABASE = 'control';

type Server = Awaited<ReturnType<Awaited<ReturnType<typeof testSandbox>>['startPostgres']>>;

/** What follows the primary, until it is cut off. */
interface Standby {
  readonly server: Server;
  readonly replication: TcpProxy;
}

/** A control database on a server of its own, behind one address, with asynchronous standbys that take over. */
export class RewindableControl {
  private standby: Standby | undefined;
  private servers = 1;

  private constructor(
    private primary: Server,
    private readonly address: TcpProxy,
  ) {}

  static async create(): Promise<RewindableControl> {
    const sandbox = await testSandbox();
    const primary = await sandbox.startPostgres({ name: 'control-1', durable: false, settings: SETTINGS });
    await withClient(primary.url(), (client) => client.query(`CREATE DATABASE ${DATABASE}`));
    await deployControlSchema(primary.url(DATABASE));
    return new RewindableControl(primary, await startTcpProxy(primary.port));
  }

  get url(): string {
    return this.primary.url(DATABASE).replace(`:${this.primary.port}/`, `:${this.address.port}/`);
  }

  /** A new standby, which has everything. */
  async follow(): Promise<void> {
    const replication = await startTcpProxy(this.primary.port);
    const name = `control-${(this.servers += 1)}`;
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
    await server.promote();
    this.primary = server;
    this.standby = undefined;
    this.address.leadTo(server.port);
  }

  query(sql: string): Promise<readonly Record<string, unknown>[]> {
    return withClient(this.primary.url(DATABASE), async (client) => (await client.query(sql)).rows);
  }

  private get following(): Standby {
    if (this.standby === undefined) throw new Error('nobody follows');
    return this.standby;
  }

  private async catchUp(): Promise<void> {
    const [row] = await this.query('SELECT pg_current_wal_insert_lsn() AS lsn');
    await this.query('SELECT pg_switch_wal()');
    await eventually(async () => {
      const sql = `SELECT pg_last_wal_replay_lsn() >= '${String(row?.['lsn'])}' AS there`;
      const there = await withClient(this.following.server.url(DATABASE), async (client) => (await client.query(sql)).rows);
      if (there[0]?.there !== true) throw new Error('the standby is behind');
    });
  }
}

const SETTINGS = { max_connections: '60', wal_keep_size: '256MB', max_wal_senders: '4', hot_standby: 'on' };
