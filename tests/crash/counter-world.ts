import { expect } from '@jest/globals';
import { compareDatabases } from '@eden/domain';
import type { DatabaseIdentity } from '@eden/domain';
import type { ApiClient, Cluster, PostgresAddress, TcpProxy, TestDatabase } from '@eden/testkit';
import { createDatabase, eventually, startTcpProxy, testServers } from '@eden/testkit';
import { CustomerWorld, rowsOf } from '../customers/customer-world.js';

/** A run as the API shows it. */
export interface RunView {
  readonly uuid: string;
  readonly state: string;
  readonly attempt: number;
  readonly epoch: number;
  readonly error?: { readonly code: string };
}

/** One line of a run's history. */
export interface RunEventView {
  readonly type: string;
  readonly at: string;
}

/** What a migration does to each database: adds one to the counter, adds a column, or both. */
export interface Changes {
  readonly dml: boolean;
  readonly ddl: boolean;
}

const BOTH: Changes = { dml: true, ddl: true };

interface Preparation {
  readonly limit?: number;
  readonly changes?: Changes;
}

interface Answer<Data> {
  readonly data: Data;
}

/** The name of the one API, whose bindings read the counter of every database in one call. */
const API = 'counters';

/**
 * Databases with one counter each, on both target servers in turn, every one behind a proxy of its own. A migration
 * adds one to each counter and a column of its own name to each table: so a torn, a lost or a doubled run shows in
 * the data, and a run that came twice fails on the column.
 */
export class CounterWorld {
  private constructor(
    readonly cluster: Cluster,
    private readonly customers: CustomerWorld,
    /** The place of a database is its participant's number. */
    readonly databases: TestDatabase[] = [],
    readonly proxies: TcpProxy[] = [],
  ) {}

  /** The same databases as another gateway serves them. */
  at(gatewayUrl: string): CounterWorld {
    return new CounterWorld(this.cluster, this.customers.at(gatewayUrl), this.databases, this.proxies);
  }

  /** @param servers Where the databases are, in turn. */
  static async create(
    cluster: Cluster,
    databases: number,
    servers: readonly PostgresAddress[] = testServers().targets,
  ): Promise<CounterWorld> {
    const world = new CounterWorld(cluster, await CustomerWorld.create(cluster));
    const participants = await createParticipants(databases, servers);
    for (const [n, database] of participants.entries()) await world.addDatabase(n, database);
    const bindings = world.databases.map((_, n) => ({ template: `read_${n}`, fields: {} }));
    await world.customers.addApi(API, [], bindings);
    return world;
  }

  get client(): ApiClient {
    return this.customers.client;
  }

  private async addDatabase(n: number, database: TestDatabase): Promise<void> {
    const proxy = await startTcpProxy(database.server.port);
    const url = new URL(database.url);
    url.port = String(proxy.port);
    await rowsOf(database, 'CREATE TABLE counter AS SELECT 0 AS n');
    await this.customers.accept('/endpoints', { id: `db_${n}`, kind: 'Postgres', config: { url: url.href } });
    await this.customers.addTemplate(`bump_${n}`, `db_${n}`, 'UPDATE counter SET n = n + 1', {
      rollback: { query: 'UPDATE counter SET n = n - 1' },
    });
    await this.customers.addTemplate(`column_${n}`, `db_${n}`, 'ALTER TABLE counter ADD COLUMN {{ident column}} int', {
      rollback: { query: 'ALTER TABLE counter DROP COLUMN {{ident column}}' },
    });
    await this.customers.addTemplate(`check_${n}`, `db_${n}`, 'SELECT n < {{limit}} FROM counter', {
      expect: { value: true },
      rollback: { query: 'SELECT 1' },
    });
    await this.customers.addTemplate(`read_${n}`, `db_${n}`, 'SELECT n FROM counter', { kind: 'Read' });
    this.databases.push(database);
    this.proxies.push(proxy);
  }

  /** A migration that is synced and ready; its last statement fails when `limit` is not above the counters. */
  async prepareMigration(id: string, { limit = 1_000_000, changes = BOTH }: Preparation = {}): Promise<void> {
    await this.customers.accept('/migrations', { id, parameters: { column: id, limit } });
    const bindings = this.databases.flatMap((_, n) => [
      ...(changes.ddl ? [{ template: `column_${n}`, fields: { column: 'migration.column' } }] : []),
      ...(changes.dml ? [{ template: `bump_${n}`, fields: {} }] : []),
      { template: `check_${n}`, fields: { limit: 'migration.limit' } },
    ]);
    await this.customers.accept(`/migrations/${id}/add_api`, { id: API, bindings });
    await this.customers.accept(`/migrations/${id}/sync`);
  }

  /** Deletes a migration that is not completed, so that the API is free for the next one. */
  async release(migration: string): Promise<void> {
    const { status, body } = await this.client.delete(`/migrations/${migration}`);
    if (status >= 300) throw new Error(`DELETE ${migration}: ${status} ${JSON.stringify(body)}`);
  }

  /** Asks for the run and does not wait for it. */
  async startMigration(id: string): Promise<string> {
    const { status, body, headers } = await this.client.post(
      `/migrations/${id}/migrate`,
      {},
      { prefer: 'respond-async' },
    );
    if (status !== 202) throw new Error(`migrate ${id}: ${status} ${JSON.stringify(body)}`);
    return (headers.get('location') as string).split('/').at(-1) as string;
  }

  async run(uuid: string): Promise<RunView> {
    return (await this.client.get<Answer<RunView>>(`/runs/${uuid}`)).body.data;
  }

  /** The run when it has succeeded or failed. */
  async endOf(uuid: string): Promise<RunView> {
    return eventually(
      async () => {
        const run = await this.run(uuid);
        if (!['succeeded', 'failed', 'cancelled', 'in_doubt'].includes(run.state)) throw new Error(JSON.stringify(run));
        return run;
      },
      { intervalMs: 50 },
    );
  }

  async events(uuid: string): Promise<readonly RunEventView[]> {
    return (await this.client.get<Answer<RunEventView[]>>(`/runs/${uuid}/events?limit=200`)).body.data;
  }

  /** The counters and columns, database by database. */
  async contents(): Promise<readonly string[]> {
    return this.inEach(
      `SELECT format('%s after %s columns', (SELECT n FROM counter), count(*)) AS line
         FROM information_schema.columns WHERE table_name = 'counter'`,
    );
  }

  async counters(): Promise<readonly number[]> {
    return (await this.inEach('SELECT n::text AS line FROM counter')).map(Number);
  }

  /** What the service has left in the databases that keeps others waiting: prepared transactions, sessions, locks. */
  async leftovers(): Promise<readonly string[]> {
    return this.inEach(`
      SELECT format('prepared transaction %s', gid) AS line
        FROM pg_prepared_xacts WHERE database = current_database()
      UNION ALL
      SELECT format('session %s, %s', application_name, state)
        FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'eden/%'
      UNION ALL
      SELECT format('advisory lock of %s', coalesce(pid::text, 'a prepared transaction'))
        FROM pg_locks l JOIN pg_database d ON d.oid = l.database
       WHERE d.datname = current_database() AND l.locktype = 'advisory' AND l.mode = 'ExclusiveLock'`);
  }

  /** The ids of prepared transactions, database by database. */
  async preparedIds(): Promise<readonly string[]> {
    return this.inEach('SELECT gid AS line FROM pg_prepared_xacts WHERE database = current_database()');
  }

  /** Holders of the write lock, by their purpose. */
  async writers(migration: string): Promise<readonly string[]> {
    type Lock = { readonly writer: { readonly purpose: string } | null };
    const { body } = await this.client.get<Answer<Lock[]>>(`/migrations/${migration}/lock`);
    return body.data.flatMap(({ writer }) => (writer === null ? [] : [writer.purpose]));
  }

  /** What the API answers: the counter of every database as one call sees them. */
  async execute(): Promise<{ readonly status: number; readonly counters: readonly number[] }> {
    type Step = { readonly rows: readonly { readonly n: number }[] };
    const { status, body } = await this.client.post<Answer<Record<string, Step>>>(`/apis/${API}`);
    const counters = status === 200 ? Object.values(body.data).map(({ rows }) => Number(rows[0]?.n)) : [];
    return { status, counters };
  }

  /**
   * All databases stand at `counter`, and nothing of a run stays behind: no prepared transaction, no session, no lock
   * in the targets or in Redis; the API works, and sees the same.
   */
  async expectQuiet(counter: number, migration: string): Promise<void> {
    expect(await this.counters()).toEqual(this.databases.map(() => counter));
    expect(new Set(await this.contents()).size).toBe(1);
    await eventually(async () => {
      expect(await this.leftovers()).toEqual([]);
      expect(await this.writers(migration)).toEqual([]);
    });
    expect(await this.execute()).toEqual({ status: 200, counters: this.databases.map(() => counter) });
  }

  private async inEach(sql: string): Promise<string[]> {
    const rows = await Promise.all(this.databases.map((database) => rowsOf(database, sql)));
    return rows.flat().map(({ line }) => String(line));
  }
}

/** Databases on the servers in turn, in the order in which a run numbers its participants. */
async function createParticipants(
  count: number,
  servers: readonly PostgresAddress[],
): Promise<readonly TestDatabase[]> {
  const created: TestDatabase[] = [];
  while (created.length < count) {
    for (const server of servers.slice(0, count - created.length)) created.push(await createDatabase(server));
  }
  const identified = await Promise.all(
    created.map(async (database) => ({ database, identity: await identityOf(database) })),
  );
  return identified.sort((a, b) => compareDatabases(a.identity, b.identity)).map(({ database }) => database);
}

async function identityOf(database: TestDatabase): Promise<DatabaseIdentity> {
  const [row] = await rowsOf(
    database,
    `SELECT lpad(system_identifier::text, 20, '0') || '/' || lpad(oid::text, 10, '0') AS key FROM pg_control_system(), pg_database
      WHERE datname = current_database()`,
  );
  const place = String(row?.['key']);
  return { key: place, place, name: database.name };
}
