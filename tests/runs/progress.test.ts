import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { consumeRun } from '@eden/engine';
import { eventually, withClient } from '@eden/testkit';
import { NEVER, RunWorld } from './run-world.js';

let world: RunWorld;

beforeAll(async () => {
  world = await RunWorld.create();
  await world.query(0, 'CREATE TABLE items AS SELECT id, false AS done FROM generate_series(1, 30) AS id');
});

afterAll(() => world.close());

const BATCH = `UPDATE items SET done = true
  WHERE id IN (SELECT id FROM items WHERE id > {{batch.after}} ORDER BY id LIMIT {{batch.size}}) RETURNING id`;

it('a binding shows its state, times and rows while it runs, not only at its end', async () => {
  await world.migration('moving', [
    { database: 0, query: 'SELECT 1' },
    { database: 0, query: BATCH, batch: { size: 10 } },
    { database: 0, query: 'SELECT 2' },
  ]);
  const run = await world.request('moving');
  await withClient(world.databases[0].url, async (holder) => {
    // The third batch waits for a row.
    await holder.query('BEGIN; SELECT FROM items WHERE id = 25 FOR UPDATE');
    const consumed = consumeRun(world.worker(), run, NEVER);
    await eventually(async () => {
      const apis = await world.apis(run);
      expect(apis.map(({ bindings }) => bindings[0])).toMatchObject([
        { state: 'succeeded', startedAt: expect.any(String), finishedAt: expect.any(String) },
        {
          state: 'running',
          rows: 20,
          estimatedRows: expect.any(Number),
          startedAt: expect.any(String),
          finishedAt: null,
        },
        { state: 'pending', startedAt: null, finishedAt: null },
      ]);
      expect(apis.map(({ state }) => state)).toEqual(['succeeded', 'running', 'pending']);
    });
    await holder.query('ROLLBACK');
    await consumed;
  });
  expect((await world.run(run)).state).toBe('succeeded');
  expect((await world.apis(run)).map(({ bindings }) => bindings[0])).toMatchObject([
    { finishedAt: expect.any(String) },
    { state: 'succeeded', rows: 30, finishedAt: expect.any(String) },
    { state: 'succeeded', finishedAt: expect.any(String) },
  ]);
});
