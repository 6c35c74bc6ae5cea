import { beforeAll, describe, expect, it } from '@jest/globals';
import type { CrashPoint } from '@eden/domain';
import type { MariaDbDatabase, MariaDbServer, TestDatabase } from '@eden/testkit';
import {
  createDatabase,
  createMariaDbDatabase,
  eventually,
  hasMariaDb,
  preparedInMariaDb,
  startMariaDb,
  testServers,
  withMariaDb,
} from '@eden/testkit';
import { CustomerWorld, rowsOf } from '../customers/customer-world.js';
import type { CrashCluster } from './crash-cluster.js';
import { startCrashCluster, workerOf } from './crash-cluster.js';
import type { Fault } from './faults.js';

const describeMariaDb = hasMariaDb() ? describe : describe.skip;

/** The API that reads the counters of both databases in one call. */
const API = 'counters';

interface Answer<Data> {
  readonly data: Data;
}

function kill(point: CrashPoint, participant?: number): [string, Fault] {
  if (participant === undefined) return [point, { point, kind: 'SIGKILL' }];
  return [`${point} of participant ${participant}`, { point, participant, kind: 'SIGKILL' }];
}

const KILLS = [
  kill('after-bindings'),
  kill('after-prepare', 0),
  kill('after-prepare', 1),
  kill('after-decide'),
  kill('before-commit-prepared', 1),
  kill('after-commit-prepared', 0),
];

describeMariaDb('kill -9 of the worker, with a database of PostgreSQL and one of MariaDB', () => {
  let crash: CrashCluster;
  let world: CustomerWorld;
  let server: MariaDbServer;
  let maria: MariaDbDatabase;
  let postgres: TestDatabase;
  let migrations = 0;

  beforeAll(async () => {
    [crash, server] = await Promise.all([startCrashCluster(), startMariaDb()]);
    [maria, postgres] = [await createMariaDbDatabase(server), await createDatabase(testServers().targets[0])];
    world = await CustomerWorld.create(crash.cluster);
    await rowsOf(postgres, 'CREATE TABLE counter AS SELECT 0 AS n');
    await inMariaDb('CREATE TABLE counter (n int NOT NULL)');
    await inMariaDb('INSERT INTO counter VALUES (0)');
    await addEndpoint('Postgres', postgres.url);
    await addEndpoint('MySQL', maria.url);
    const reads = ['read_Postgres', 'read_MySQL'].map((template) => ({ template, fields: {} }));
    await world.addApi(API, [], reads);
  });

  function inMariaDb<Row>(sql: string): Promise<readonly Row[]> {
    return withMariaDb(server, (query) => query<Row>(sql), maria.name);
  }

  async function addEndpoint(kind: 'Postgres' | 'MySQL', url: string): Promise<void> {
    await world.accept('/endpoints', { id: `db_${kind}`, kind, config: { url } });
    const template = (of: 'Read' | 'Write', query: string) => ({
      endpoint: `db_${kind}`,
      endpoint_kind: kind,
      kind: of,
      template: { query },
    });
    await world.accept('/templates', {
      id: `bump_${kind}`,
      template: template('Write', 'UPDATE counter SET n = n + 1'),
    });
    await world.accept('/templates', { id: `read_${kind}`, template: template('Read', 'SELECT n FROM counter') });
  }

  async function counters(): Promise<readonly unknown[]> {
    const rows = [
      ...(await rowsOf(postgres, 'SELECT n FROM counter')),
      ...(await inMariaDb<{ n: number }>('SELECT n FROM counter')),
    ];
    return rows.map(({ n }) => Number(n));
  }

  /** What the API answers; empty where it may not be told now. */
  async function execute(): Promise<readonly number[]> {
    type Step = { readonly rows: readonly { readonly n: number }[] };
    const { status, body } = await world.client.post<Answer<Record<string, Step>>>(`/apis/${API}`);
    if (status === 200) return Object.values(body.data).map(({ rows }) => Number(rows[0]?.n));
    expect([423, 503]).toContain(status);
    return [];
  }

  /** Migrates while the API is asked again and again; no answer ever holds one database changed and the other not. */
  async function runToItsEnd(uuid: string): Promise<string> {
    return eventually(
      async () => {
        expect(new Set(await execute()).size).toBeLessThanOrEqual(1);
        const { body } = await world.client.get<Answer<{ readonly state: string }>>(`/runs/${uuid}`);
        expect(body.data.state).toMatch(/succeeded|failed|in_doubt/);
        return body.data.state;
      },
      { intervalMs: 20 },
    );
  }

  // Protocol: I6, I11, I12
  it.each(KILLS)('at %s: all or nothing, and nothing stays behind', async (_, fault) => {
    const id = `m_${(migrations += 1)}`;
    const bindings = ['bump_Postgres', 'bump_MySQL'].map((template) => ({ template, fields: {} }));
    await world.accept('/migrations', { id });
    await world.accept(`/migrations/${id}/add_api`, { id: API, bindings });
    await world.accept(`/migrations/${id}/sync`);
    await crash.faults.arm(fault);
    const { headers } = await world.client.post(`/migrations/${id}/migrate`, {}, { prefer: 'respond-async' });
    const { pid } = await crash.faults.struck(fault);
    await workerOf(crash.cluster, pid).process.waitForExit();
    await crash.cluster.addWorker();
    const uuid = (headers.get('location') as string).split('/').at(-1) as string;
    expect(await runToItsEnd(uuid)).toBe('succeeded');
    expect(await counters()).toEqual([migrations, migrations]);
    expect(await withMariaDb(server, preparedInMariaDb)).toEqual([]);
    await eventually(async () => expect(await execute()).toEqual([migrations, migrations]));
  });

  // Protocol: I35
  it.each<[CrashPoint, 'succeeded' | 'failed']>([
    ['before-step', 'succeeded'],
    ['after-step', 'succeeded'],
    ['before-compensation', 'failed'],
    ['after-compensation', 'failed'],
  ])('at %s of a change of the schema: once and for all, or not at all', async (point, end) => {
    const [before = 0] = (await counters()).map(Number);
    const id = `m_${point}`;
    await addSteps(id);
    const bindings = [`alter_${id}`, 'bump_MySQL', end === 'failed' ? `fail_${id}` : 'bump_Postgres'];
    await world.accept('/migrations', { id, options: { atomicity: 'best' } });
    await world.accept(`/migrations/${id}/add_api`, {
      id: API,
      bindings: bindings.map((template) => ({ template, fields: {} })),
    });
    await world.accept(`/migrations/${id}/sync`);
    const fault: Fault = { point, participant: 0, kind: 'SIGKILL' };
    await crash.faults.arm(fault);
    const { headers } = await world.client.post(`/migrations/${id}/migrate`, {}, { prefer: 'respond-async' });
    const { pid } = await crash.faults.struck(fault);
    await workerOf(crash.cluster, pid).process.waitForExit();
    await crash.cluster.addWorker();
    expect(await runToItsEnd((headers.get('location') as string).split('/').at(-1) as string)).toBe(end);
    await world.client.delete(`/migrations/${id}`);
    const after = end === 'failed' ? before : before + 1;
    expect(await counters()).toEqual([after, after]);
    expect(await inMariaDb(`SHOW COLUMNS FROM counter LIKE '${columnOf(id)}'`)).toHaveLength(after - before);
  });

  const columnOf = (id: string) => id.replaceAll('-', '_');

  async function addSteps(id: string): Promise<void> {
    await world.accept('/templates', {
      id: `alter_${id}`,
      template: {
        endpoint: 'db_MySQL',
        endpoint_kind: 'MySQL',
        kind: 'Write',
        template: { query: `ALTER TABLE counter ADD COLUMN ${columnOf(id)} int` },
      },
      rollback: { query: `ALTER TABLE counter DROP COLUMN ${columnOf(id)}` },
    });
    await world.addTemplate(`fail_${id}`, 'db_Postgres', 'SELECT 1 / 0');
  }
});
