import { beforeAll, describe, expect, it } from '@jest/globals';
import type { CrashPoint } from '@eden/domain';
import { eventually, startHttpService, testServers, withClient, type HttpServiceUnderTest } from '@eden/testkit';
import type { CustomerDatabase } from '../customers/customer-world.js';
import { CustomerWorld, rowsOf } from '../customers/customer-world.js';
import type { CrashCluster } from './crash-cluster.js';
import { startCrashCluster, workerOf } from './crash-cluster.js';

interface RunView {
  readonly state: string;
  readonly error?: unknown;
  readonly steps?: readonly { readonly phase: string; readonly state: string }[];
}

const INDEX = "SELECT indisvalid AS valid FROM pg_index WHERE indexrelid = to_regclass('by_name')";
const COLUMN = "SELECT FROM information_schema.columns WHERE table_name = 'customers' AND column_name = 'tier'";

// Protocol: I35
describe('kill -9 of a worker at the steps of a compensated migration', () => {
  let crash: CrashCluster;
  let world: CustomerWorld;
  let first: CustomerDatabase;
  let both: readonly CustomerDatabase[];
  let service: HttpServiceUnderTest;
  let count = 0;

  beforeAll(async () => {
    service = await startHttpService();
    crash = await startCrashCluster({ env: { HTTP_ALLOWED_HOSTS: '127.0.0.1' } });
    world = await CustomerWorld.create(crash.cluster);
    const [one, two] = testServers().targets;
    first = await world.addDatabase(one, 'first');
    both = [first, await world.addDatabase(two, 'second')];
    await world.addTemplate('build', 'first', 'CREATE INDEX CONCURRENTLY by_name ON customers (name)');
    await world.addTemplate('alter_first', 'first', 'ALTER TABLE customers ADD COLUMN tier text');
    await world.addTemplate('alter_second', 'second', 'ALTER TABLE customers ADD COLUMN tier text');
    await world.addTemplate('build_last', 'second', 'CREATE INDEX CONCURRENTLY by_name ON customers (name)');
    await world.addTemplate('build_second', 'second', 'CREATE INDEX CONCURRENTLY by_name ON customers (name)');
    await world.addTemplate('fail', 'second', 'SELECT 1 / 0');
    await world.accept('/endpoints', { id: 'shop', kind: 'Http', config: { base_url: service.url } });
    await world.accept('/templates', {
      id: 'order',
      template: { endpoint: 'shop', kind: 'Write', template: { method: 'POST', path: '/items', body: { id: 1 } } },
      rollback: { method: 'DELETE', path: '/items/1' },
    });
    await world.addApi('api_first');
    await world.addApi('api_second');
  });

  type First = 'build' | 'order';

  /** @param second What the API of the second database does */
  async function start(
    last: 'build_last' | 'fail',
    prepare = () => Promise.resolve(),
    begin: First = 'build',
    second: readonly string[] = ['alter_second', last],
  ): Promise<string> {
    service.reset();
    for (const { database } of both) {
      await rowsOf(database, 'DROP INDEX IF EXISTS by_name');
      await rowsOf(database, 'ALTER TABLE customers DROP COLUMN IF EXISTS tier');
    }
    const migration = `steps_${(count += 1)}`;
    await world.accept('/migrations', { id: migration, options: { atomicity: 'best' } });
    const bind = (...templates: string[]) => templates.map((template) => ({ template, fields: {} }));
    await world.accept(`/migrations/${migration}/add_api`, { id: 'api_first', bindings: bind(begin, 'alter_first') });
    await world.accept(`/migrations/${migration}/add_api`, { id: 'api_second', bindings: bind(...second) });
    await world.accept(`/migrations/${migration}/sync`);
    await prepare();
    await world.client.post(`/migrations/${migration}/migrate`, {}, { Prefer: 'respond-async' });
    return migration;
  }

  async function endOf(migration: string): Promise<RunView> {
    const run = await eventually(async () => {
      const { body } = await world.client.get<{ data: { run: RunView } }>(`/migrations/${migration}`);
      const { run: latest } = body.data;
      if (!['succeeded', 'failed', 'in_doubt'].includes(latest.state)) throw new Error(JSON.stringify(latest));
      return latest;
    });
    await world.client.delete(`/migrations/${migration}`);
    return run;
  }

  async function found(): Promise<object> {
    const rows = (query: string) => Promise.all(both.map(({ database }) => rowsOf(database, query)));
    return {
      indexes: (await rows(INDEX)).map(([row]) => row?.['valid'] ?? null),
      columns: (await rows(COLUMN)).map(({ length }) => length),
    };
  }

  async function fall(point: CrashPoint, participant = 0): Promise<void> {
    const { pid } = await crash.faults.struck({ point, participant, kind: 'SIGKILL' });
    await workerOf(crash.cluster, pid).process.waitForExit();
    await crash.cluster.addWorker();
  }

  it.each<CrashPoint>(['before-step', 'after-step'])('at %s: another one does all that is left', async (point) => {
    await crash.faults.arm({ point, participant: 0, kind: 'SIGKILL' });
    const migration = await start('build_last');
    await fall(point);
    const run = await endOf(migration);
    expect(run).toMatchObject({ state: 'succeeded', steps: [{ state: 'done' }, { phase: 'after', state: 'done' }] });
    expect(await found()).toEqual({ indexes: [true, true], columns: [1, 1] });
  });

  it.each<CrashPoint>(['before-compensation', 'after-compensation'])('at %s: another one undoes all', async (point) => {
    await crash.faults.arm({ point, participant: 0, kind: 'SIGKILL' });
    const migration = await start('fail');
    await fall(point);
    expect(await endOf(migration)).toMatchObject({ state: 'failed', steps: [{ state: 'undone' }] });
    expect(await found()).toEqual({ indexes: [null, null], columns: [0, 0] });
  });

  it.each<[CrashPoint, number, boolean]>([
    ['before-step', 1, true],
    ['after-step', 0, true],
    ['before-compensation', 0, false],
    ['after-compensation', 1, false],
  ])('at %s of step %i, which another one is beside: all done, or all undone', async (point, participant, succeeds) => {
    await crash.faults.arm({ point, participant, kind: 'SIGKILL' });
    const second = ['build_second', 'alter_second', ...(succeeds ? [] : ['fail'])];
    const migration = await start('fail', undefined, 'build', second);
    await fall(point, participant);
    const state = succeeds ? 'done' : 'undone';
    expect(await endOf(migration)).toMatchObject({
      state: succeeds ? 'succeeded' : 'failed',
      steps: [{ state }, { state }],
    });
    expect(await found()).toEqual(
      succeeds ? { indexes: [true, true], columns: [1, 1] } : { indexes: [null, null], columns: [0, 0] },
    );
  });

  it.each<[CrashPoint, 'build_last' | 'fail', string, readonly number[]]>([
    ['after-step', 'build_last', 'succeeded', [1]],
    ['after-compensation', 'fail', 'failed', []],
  ])('of a service, at %s before %s: done once, or undone', async (point, last, state, items) => {
    await crash.faults.arm({ point, participant: 0, kind: 'SIGKILL' });
    const migration = await start(last, undefined, 'order');
    await fall(point);
    expect(await endOf(migration)).toMatchObject({ state });
    expect(service.items()).toEqual(items);
    const posts = service.requests.filter(({ method }) => method === 'POST');
    expect(new Set(posts.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
  });

  it('in the middle of a build: the invalid index goes, and is built anew', async () => {
    await withClient(first.database.url, async (holder) => {
      const migration = await start('build_last', async () => {
        await holder.query('BEGIN; UPDATE customers SET name = name WHERE id = 1');
      });
      const invalid = (): Promise<void> =>
        eventually(async () => expect(await rowsOf(first.database, INDEX)).toEqual([{ valid: false }]));
      await invalid();
      for (const worker of crash.cluster.workers.filter((each) => each.process.running)) {
        await worker.kill();
        await crash.cluster.addWorker();
      }
      await holder.query('COMMIT');
      expect(await endOf(migration)).toMatchObject({ state: 'succeeded' });
    });
    expect(await found()).toEqual({ indexes: [true, true], columns: [1, 1] });
  });
});
