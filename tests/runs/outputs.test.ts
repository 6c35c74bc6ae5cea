import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { recoverRuns } from '@eden/engine';
import { eventually } from '@eden/testkit';
import type { Step } from './run-world.js';
import { NEVER, RunWorld } from './run-world.js';

let world: RunWorld;

beforeAll(async () => {
  world = await RunWorld.create({ LOCK_TTL_MS: '3000' });
  for (const database of [0, 1] as const) await world.query(database, 'CREATE TABLE seen (n int)');
});

afterAll(() => world.close());

it('a later stage sees the latest output of a name, whatever else ran beside it', async () => {
  const outputs = { n: 'rows[0].n' };
  await world.migration('renewed', [
    { database: 0, query: 'SELECT 1 AS n', outputs },
    { database: 0, query: 'SELECT 2 AS n', outputs, stage: 1 },
    { database: 1, query: 'SELECT 3 AS other', stage: 1 },
    { database: 1, query: 'INSERT INTO seen VALUES ({{n}})', fields: { n: 'migration.n' }, stage: 2 },
  ]);
  expect(await world.finish(await world.request('renewed'))).toMatchObject({ state: 'succeeded' });
  expect(await world.query(1, 'SELECT n FROM seen')).toEqual([{ n: 2 }]);
});

it('a reference may reach into an output', async () => {
  const query = `SELECT '{"n": 4, "list": [5, 6]}'::json AS made`;
  await world.migration('within', [
    { database: 0, query, outputs: { made: 'rows[0].made' } },
    { database: 1, query: 'INSERT INTO seen VALUES ({{n}})', fields: { n: 'migration.made.n' }, stage: 1 },
    { database: 1, query: 'INSERT INTO seen VALUES ({{n}})', fields: { n: 'migration.made.list[1]' }, stage: 1 },
  ]);
  expect(await world.finish(await world.request('within'))).toMatchObject({ state: 'succeeded' });
  expect(await world.query(1, 'SELECT n FROM seen WHERE n > 3 ORDER BY n')).toEqual([{ n: 4 }, { n: 6 }]);
});

it('migration.started_at is one time for all that a run does, whatever became of its workers', async () => {
  const insert = { query: 'INSERT INTO begun VALUES ({{at}})', fields: { at: 'migration.started_at' } };
  for (const database of [0, 1]) await world.query(database, 'CREATE TABLE begun (at timestamptz)');
  const steps: readonly Step[] = [
    { ...insert, database: 0, transactional: false },
    { ...insert, database: 1 },
  ];
  await world.migration('one-time', steps, undefined, { atomicity: 'best' });
  const run = await world.request('one-time');
  await world.dieAt('after-bindings', run);
  await eventually(async () => {
    await recoverRuns(world.worker(), NEVER);
    expect((await world.run(run)).state).toBe('queued');
  });
  const { startedAt, attempt } = await world.finish(run);
  const at = async (database: number) => (await world.query(database, 'SELECT at FROM begun'))[0]?.['at'];
  expect([attempt, await at(0), await at(1)]).toEqual([2, startedAt, startedAt]);
});
