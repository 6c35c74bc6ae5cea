import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { updateMigration } from '@eden/coordinator';
import type { CrashPoint, Run } from '@eden/domain';
import { eventually, withClient } from '@eden/testkit';
import { writeFolder } from '../../packages/sources/src/testing/folders.js';
import { FolderWorld } from './folder-world.js';

/** The lock of node-pg-migrate, whatever its table is called. */
const KEY = '7241865325823964';

const named = (name: string, number: number) => ({ number, title: name, up: `CREATE TABLE ${name} (id int);` });

/** Others want the same databases: a second release, or the tool itself. */
describe('sources under contention', () => {
  let world: FolderWorld;

  beforeAll(async () => {
    world = await FolderWorld.create(2);
  });

  afterAll(() => world.close());

  /** One folder over both databases, in the order given, with a history of its own. */
  async function release(id: string, order: readonly [number, number]): Promise<void> {
    const { deps, subject } = world.runs;
    await world.migration(id, []);
    for (const at of order) {
      const files = writeFolder('node-pg-migrate', [named(id, 1)]);
      await world.put(id, at, { tool: 'node-pg-migrate', files, options: { table: `history_of_${id}` } });
    }
    await updateMigration(deps, subject, id, { options: { lock_timeout_ms: 60_000 } });
    expectSucceeded(await world.run(id, 'sync'));
  }

  function expectSucceeded({ state, error }: Run): void {
    expect({ state, error }).toEqual({ state: 'succeeded', error: null });
  }

  /** Sessions that want the tool's lock and do not have it. */
  async function waiting(at: number): Promise<number> {
    const sql = `SELECT DISTINCT pid FROM pg_locks l JOIN pg_database d ON d.oid = l.database
      WHERE d.datname = current_database() AND locktype = 'advisory' AND NOT granted`;
    return (await world.query(at, sql)).length;
  }

  function urlOf(at: number): string {
    return world.databases[at]?.url ?? '';
  }

  it('two releases that name the databases in opposite orders come to them in one order, and wait for the tool itself', async () => {
    await release('east', [0, 1]);
    await release('west', [1, 0]);
    const runs = await withClient(urlOf(0), async (first) =>
      withClient(urlOf(1), async (second) => {
        for (const tool of [first, second]) await tool.query(`SELECT pg_advisory_lock(${KEY})`);
        const east = world.run('east', 'migrate');
        const front = await eventually(async () => {
          const at = [await waiting(0), await waiting(1)].indexOf(1);
          return at === -1 ? Promise.reject(new Error('nobody waits yet')) : at;
        });
        const west = world.run('west', 'migrate');
        await eventually(async () => expect(await waiting(front)).toBe(2));
        expect(await waiting(1 - front)).toBe(0);
        for (const tool of [first, second]) await tool.query(`SELECT pg_advisory_unlock(${KEY})`);
        return Promise.all([east, west]);
      }),
    );
    runs.forEach(expectSucceeded);
    for (const at of [0, 1]) expect(await world.tables(at)).toEqual(expect.arrayContaining(['east', 'west']));
  });

  // Protocol: I37
  it('keep the tool out from the first file to the commit, also while they are only prepared', async () => {
    await release('north', [0, 1]);
    const answers = new Map<CrashPoint, boolean>();
    const tryIt = async (point: CrashPoint): Promise<void> => {
      if (!['after-bindings', 'before-commit-prepared'].includes(point) || answers.has(point)) return;
      const [row] = await world.query(0, `SELECT pg_try_advisory_lock(${KEY}) AS is_free`);
      answers.set(point, Boolean(row?.['is_free']));
    };
    const uuid = await world.runs.request('north', 'migrate');
    expectSucceeded(await world.runs.finish(uuid, world.runs.worker(tryIt)));
    expect(Object.fromEntries(answers)).toEqual({ 'after-bindings': false, 'before-commit-prepared': false });
    expect(await world.query(0, `SELECT pg_try_advisory_lock(${KEY}) AS is_free`)).toEqual([{ is_free: true }]);
  });

  // Protocol: I37
  it('a tool without a lock, run by hand meanwhile, waits for the rows and then fails whole', async () => {
    const files = writeFolder('dbmate', [named('before', 1), named('wanted', 2)]);
    await world.migration('begun', [{ tool: 'dbmate', files: files.slice(0, 1) }]);
    for (const kind of ['sync', 'migrate'] as const) expectSucceeded(await world.run('begun', kind));
    await world.migration('raced', [{ tool: 'dbmate', files }]);
    expectSucceeded(await world.run('raced', 'sync'));
    let byHand: Promise<unknown> | undefined;
    const runIt = async (point: CrashPoint): Promise<void> => {
      if (point !== 'after-bindings') return;
      // As dbmate does it: the file and its row in one transaction.
      const sql = `BEGIN; INSERT INTO schema_migrations VALUES ('20260101000002'); CREATE TABLE by_hand (id int); COMMIT`;
      byHand = world.query(0, sql).catch((error: unknown) => error);
      await eventually(async () =>
        expect(
          await world.query(
            0,
            `SELECT FROM pg_stat_activity WHERE query LIKE 'BEGIN; INSERT%' AND wait_event_type = 'Lock'`,
          ),
        ).toHaveLength(1),
      );
    };
    const uuid = await world.runs.request('raced', 'migrate');
    expectSucceeded(await world.runs.finish(uuid, world.runs.worker(runIt)));
    expect(await byHand).toMatchObject({ code: '23505' });
    expect(await world.query(0, 'SELECT version FROM schema_migrations ORDER BY 1')).toHaveLength(2);
    expect(await world.tables(0)).toContain('wanted');
    expect(await world.tables(0)).not.toContain('by_hand');
  });
});
