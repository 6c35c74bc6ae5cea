import { beforeAll, describe, expect, it } from '@jest/globals';
import type { TestDatabase } from '@eden/testkit';
import { eventually, startCluster, testServers, withClient } from '@eden/testkit';
import { CustomerWorld, rowsOf } from '../customers/customer-world.js';

interface BlockedEvent {
  readonly type: string;
  readonly data: { readonly endpoint_id?: string; readonly blockers?: readonly Record<string, unknown>[] };
}

const READ = 'SELECT count(*) FROM customers';

describe('a migration whose table somebody else is reading', () => {
  let world: CustomerWorld;
  let database: TestDatabase;
  let migrations = 0;

  beforeAll(async () => {
    const cluster = await startCluster();
    world = await CustomerWorld.create(cluster);
    ({ database } = await world.addDatabase(testServers().targets[0], 'db'));
    await world.addTemplate('alter', 'db', 'ALTER TABLE customers ADD COLUMN {{ident column}} text');
  });

  /** Works beside a report that reads the table in a transaction; `done` ends the report. */
  async function besideReport(work: (done: () => Promise<unknown>) => Promise<void>): Promise<void> {
    await withClient(database.url, async (client) => {
      await client.query(`SET application_name = 'nightly report'; BEGIN`);
      await client.query(READ);
      await work(() => client.query('COMMIT'));
    });
  }

  async function start(options: object): Promise<string> {
    const id = `m_${(migrations += 1)}`;
    await world.addApi(id);
    await world.accept('/migrations', { id, parameters: { column: id }, options });
    const bindings = [{ template: 'alter', fields: { column: 'migration.column' } }];
    await world.accept(`/migrations/${id}/add_api`, { id, bindings });
    await world.accept(`/migrations/${id}/sync`);
    return id;
  }

  interface RunBody {
    readonly uuid: string;
    readonly apis: readonly {
      readonly bindings: readonly { readonly attempts: number; readonly attempt_history: readonly object[] }[];
    }[];
  }

  async function latestRun(migration: string): Promise<RunBody> {
    return (await world.client.get<{ data: { run: RunBody } }>(`/migrations/${migration}`)).body.data.run;
  }

  /** What the run's history says of who is in the way, as soon as it does. */
  async function blockedEvent(migration: string): Promise<BlockedEvent['data']> {
    return eventually(async () => {
      const { uuid } = await latestRun(migration);
      const events = await world.client.get<{ data: BlockedEvent[] }>(`/runs/${uuid}/events`);
      const blocked = events.body.data.find(({ type }) => type === 'blocked');
      if (blocked === undefined) throw new Error('nobody is in the way yet');
      return blocked.data;
    });
  }

  const nightlyReport = {
    pid: expect.any(Number),
    user: 'postgres',
    application: 'nightly report',
    query: READ,
    age_ms: expect.any(Number),
  };

  it('says who it is while it waits, lets others read meanwhile, and gets in when the reader is through', async () => {
    const id = await start({});
    await besideReport(async (done) => {
      const migrate = world.client.post(`/migrations/${id}/migrate`);
      expect(await blockedEvent(id)).toMatchObject({
        endpoint_id: 'db',
        blockers: [{ ...nightlyReport, database: database.name }],
      });
      // Behind an ALTER that waits as long as the report lasts, these would wait for ever.
      for (let readers = 0; readers < 5; readers += 1) await rowsOf(database, READ);
      await done();
      expect(await migrate).toMatchObject({ status: 200 });
    });
    const [binding] = (await latestRun(id)).apis[0]?.bindings ?? [];
    expect(binding).toMatchObject({ state: 'succeeded', attempt_history: expect.any(Array) });
    expect(binding?.attempts).toBeGreaterThan(1);
    expect(binding?.attempt_history.at(-1)).toMatchObject({ error: { sqlstate: '55P03' } });
  });

  // Protocol: I19
  it('fails when its lock timeout is over, and names who was in the way', async () => {
    const id = await start({ lock_timeout_ms: 3_000 });
    await besideReport(async () => {
      expect(await world.client.post(`/migrations/${id}/migrate`)).toMatchObject({
        status: 500,
        body: { errors: [{ template: 'alter', sqlstate: '55P03', blockers: [nightlyReport] }] },
      });
    });
    const columns = `SELECT FROM information_schema.columns WHERE column_name = '${id}'`;
    expect(await rowsOf(database, columns)).toEqual([]);
  });
});
