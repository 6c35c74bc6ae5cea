import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { CrashPoint } from '@eden/domain';
import { consumeRun, recoverRuns } from '@eden/engine';
import { eventually } from '@eden/testkit';
import type { Step } from './run-world.js';
import { NEVER, RunWorld } from './run-world.js';

let world: RunWorld;

beforeAll(async () => {
  world = await RunWorld.create({ LOCK_TTL_MS: '3000' });
});

afterAll(() => world.close());

it.each<CrashPoint>(['after-bindings', 'after-prepare', 'after-decide', 'after-commit-prepared'])(
  'a rollback whose worker is gone at %s is carried out by another one',
  async (point) => {
    const table = point.replaceAll('-', '_');
    const steps = ([0, 1] as const).map((database) => ({
      database,
      query: `CREATE TABLE ${table} (n int)`,
      rollback: `DROP TABLE ${table}`,
    }));
    await world.migration(point, steps);
    await world.finish(await world.request(point));
    const run = await world.request(point, 'rollback');
    await consumeRun(world.dying(point), run, NEVER);
    await eventually(async () => {
      await recoverRuns(world.worker(), NEVER);
      expect(['queued', 'succeeded']).toContain((await world.run(run)).state);
    });
    expect(await world.finish(run)).toMatchObject({ kind: 'rollback', state: 'succeeded' });
    const found = await Promise.all(
      ([0, 1] as const).map((n) => world.query(n, `SELECT to_regclass('${table}') AS t`)),
    );
    expect([found.flat(), await world.prepared()]).toEqual([[{ t: null }, { t: null }], 0]);
  },
);

it('what ran outside the transaction is taken back by the names that it was given', async () => {
  const table = { rollback: 'DROP TABLE {{ident name}}', fields: { name: 'migration.run_uuid' }, transactional: false };
  const create = (database: number, stage: number): Step => ({
    ...table,
    ...{ query: 'CREATE TABLE {{ident name}} (n int)', database, stage },
  });
  const inside: Step = { database: 0, query: 'CREATE TABLE inside (n int)', rollback: 'DROP TABLE inside', stage: 1 };
  await world.migration('named', [create(0, 0), inside, create(1, 2)], undefined, { atomicity: 'best' });
  const run = await world.request('named');
  const tables = async (): Promise<readonly number[]> => {
    const sql = `SELECT FROM pg_class WHERE relname = '${run}'`;
    return [(await world.query(0, sql)).length, (await world.query(1, sql)).length];
  };
  expect(await world.finish(run)).toMatchObject({ state: 'succeeded' });
  expect(await tables()).toEqual([1, 1]);
  const rollback = await world.finish(await world.request('named', 'rollback'));
  expect([rollback, await tables()]).toMatchObject([{ state: 'succeeded', error: null }, [0, 0]]);
});

it('stages may be any integer of 32 bits: in their order, and backwards', async () => {
  const [lowest, highest] = [-2_147_483_648, 2_147_483_647];
  const fill = { query: 'INSERT INTO far VALUES (1)', rollback: 'DELETE FROM far' };
  const make = { query: 'CREATE TABLE far (n int)', rollback: 'DROP TABLE far' };
  await world.migration('far', [
    { database: 0, ...fill, stage: highest },
    { database: 0, ...make, stage: lowest },
  ]);
  const stages = async (kind?: 'rollback'): Promise<Readonly<Record<string, number>>> => {
    const uuid = await world.request('far', kind);
    expect(await world.finish(uuid)).toMatchObject({ state: 'succeeded', error: null });
    const apis = await world.deps.store.organization(world.subject.organizationUuid).runApis(uuid);
    return Object.fromEntries(apis.map(({ apiId, stage }) => [apiId, stage]));
  };
  expect(await stages()).toEqual({ 'far-1': lowest, 'far-0': highest });
  // What was filled is deleted before its table is dropped.
  expect(await stages('rollback')).toEqual({ 'far-0': lowest, 'far-1': highest });
  expect(await world.query(0, "SELECT to_regclass('far') AS t")).toEqual([{ t: null }]);
});
