import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Cluster, TcpProxy, TestDatabase } from '@eden/testkit';
import { createDatabase, eventually, startCluster, startTcpProxy, testServers } from '@eden/testkit';
import { CustomerWorld, rowsOf } from '../customers/customer-world.js';
import { Pauses } from '../customers/pause.js';

const LOCK_TTL_MS = 1_500;

/** Both targets are reached through proxies, so that replies can be lost on the way. */
describe('a run outlives what carries it', () => {
  let cluster: Cluster;
  let world: CustomerWorld;
  const databases: TestDatabase[] = [];
  const proxies: TcpProxy[] = [];

  beforeAll(async () => {
    cluster = await startCluster({ workers: 1, env: { LOCK_TTL_MS: String(LOCK_TTL_MS) } });
    world = await CustomerWorld.create(cluster);
    for (const [n, server] of testServers().targets.entries()) {
      const database = await createDatabase(server);
      const proxy = await startTcpProxy(server.port);
      const url = new URL(database.url);
      url.port = String(proxy.port);
      await world.accept('/endpoints', { id: `db_${n}`, kind: 'Postgres', config: { url: url.href } });
      await rowsOf(database, 'CREATE TABLE counter AS SELECT 0 AS n');
      databases.push(database);
      proxies.push(proxy);
    }
  });

  /** Adds one to the counter of both databases; `first` runs before, in the first database. */
  async function countUp(migration: string, first = 'SELECT 1'): Promise<void> {
    await world.accept('/migrations', { id: migration });
    for (const n of [0, 1]) {
      const suffix = `${migration}_${n}`;
      await world.addTemplate(`first_${suffix}`, `db_${n}`, n === 0 ? first : 'SELECT 1');
      await world.addTemplate(`count_${suffix}`, `db_${n}`, 'UPDATE counter SET n = n + 1');
      await world.addApi(`api_${suffix}`);
      await world.accept(`/migrations/${migration}/add_api`, {
        id: `api_${suffix}`,
        bindings: [
          { template: `first_${suffix}`, fields: {} },
          { template: `count_${suffix}`, fields: {} },
        ],
      });
    }
    await world.accept(`/migrations/${migration}/sync`);
  }

  async function counters(): Promise<unknown[]> {
    return (await Promise.all(databases.map((database) => rowsOf(database, 'SELECT n FROM counter')))).flat();
  }

  async function preparedTransactions(): Promise<unknown[]> {
    const all = await Promise.all(
      databases.map((database) =>
        rowsOf(database, 'SELECT gid FROM pg_prepared_xacts WHERE database = current_database()'),
      ),
    );
    return all.flat();
  }

  async function runOf(migration: string): Promise<{ state: string; attempt: number }> {
    const { body } = await world.client.get<{ data: { state: string; attempt: number }[] }>(
      `/migrations/${migration}/runs`,
    );
    return body.data[0] as { state: string; attempt: number };
  }

  // Protocol: I11
  it('the reply of COMMIT PREPARED is lost: the ledger tells that it has happened', async () => {
    await countUp('lost_reply');
    const dropped = proxies[1]?.dropReply((reply) => reply.includes('COMMIT PREPARED'));
    const answer = await world.client.post('/migrations/lost_reply/migrate');
    await dropped;
    expect({ status: answer.status, body: answer.body }).toMatchObject({ status: 200 });
    expect(await counters()).toEqual([{ n: 1 }, { n: 1 }]);
    expect(await preparedTransactions()).toEqual([]);
  });

  // Protocol: I12
  it('the reply of PREPARE TRANSACTION is lost: nothing has changed, and nothing stays prepared', async () => {
    await countUp('lost_prepare');
    const dropped = proxies[0]?.dropReply((reply) => reply.includes('PREPARE TRANSACTION'));
    const answer = await world.client.post('/migrations/lost_prepare/migrate');
    await dropped;
    expect(answer.status).toBe(500);
    expect(await counters()).toEqual([{ n: 1 }, { n: 1 }]);
    expect(await preparedTransactions()).toEqual([]);
  });

  it('the worker is killed inside a statement: another one undoes it and runs it again', async () => {
    const pauses = await Pauses.install(databases[0] as TestDatabase);
    await pauses.begin('killed');
    await countUp('killed', "SELECT pause('killed')");
    const migrate = world.client.post('/migrations/killed/migrate');
    await pauses.isReached();
    await cluster.workers[0]?.kill();
    await pauses.end('killed');
    await cluster.addWorker();
    const answer = await migrate;
    expect({ status: answer.status, body: answer.body }).toMatchObject({ status: 200 });
    expect(await runOf('killed')).toMatchObject({ state: 'succeeded', attempt: 2 });
    expect(await counters()).toEqual([{ n: 2 }, { n: 2 }]);
  });

  // Protocol: I16
  it('a prepared transaction of ours that no run knows is rolled back, those of others stay', async () => {
    const { body } = await world.client.get<{ data: { run: { uuid: string } } }>('/migrations/killed');
    const [installation] = await installationIds();
    const target = databases[0] as TestDatabase;
    const orphan = `eden_${installation}_00000000-0000-4000-8000-000000000000_1_0`;
    const foreign = `eden_somebodyelse_${body.data.run.uuid}_1_0`;
    for (const gid of [orphan, foreign]) {
      await rowsOf(target, `BEGIN; INSERT INTO counter VALUES (100); PREPARE TRANSACTION '${gid}'`);
    }
    await eventually(async () => expect(await preparedTransactions()).toEqual([{ gid: foreign }]));
    await rowsOf(target, `ROLLBACK PREPARED '${foreign}'`);
  });

  /** The installation id stands in the control database; a test may look there. */
  async function installationIds(): Promise<string[]> {
    const control = { url: cluster.databaseUrl } as TestDatabase;
    return (await rowsOf(control, 'SELECT id FROM installations')).map((row) => String(row['id']));
  }
});
