import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { consumeRun } from '@eden/engine';
import { eventually, withClient } from '@eden/testkit';
import { NEVER, RunWorld } from './run-world.js';

let world: RunWorld;

beforeAll(async () => {
  world = await RunWorld.create({ LOCK_TTL_MS: '1500' });
  for (const database of [0, 1] as const) await world.query(database, 'CREATE TABLE counter AS SELECT 0 AS n');
});

afterAll(() => world.close());

const count = (database: 0 | 1) => ({ database, query: 'UPDATE counter SET n = n + 1' });

/** Sessions of runs with a transaction in the database that is not silent. */
function transactions(): Promise<readonly unknown[]> {
  return world.query(
    0,
    "SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'eden/%' AND xact_start IS NOT NULL",
  );
}

it('a target that falls silent in a statement without a limit ends the run, and the other target is free', async () => {
  await world.migration('silent', [count(0), count(1)]);
  const run = await world.request('silent');
  await withClient(world.databases[1].url, async (holder) => {
    await holder.query('BEGIN; LOCK TABLE counter');
    const consumed = consumeRun(world.worker(), run, NEVER);
    const waiting = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    await eventually(async () => expect(await world.query(1, waiting)).toHaveLength(1));
    expect(await transactions()).toHaveLength(1);
    world.proxies[1].pause();
    await eventually(async () => expect(await world.run(run)).toMatchObject({ state: 'aborting' }));
    await eventually(async () => expect(await transactions()).toEqual([]));
    expect(await world.query(0, 'SELECT n FROM counter FOR UPDATE NOWAIT')).toEqual([{ n: 0 }]);
    world.proxies[1].resume();
    await consumed;
  });
  expect(await world.finish(run)).toMatchObject({
    state: 'failed',
    error: { code: 'MIGRATION_EXECUTION_FAILED', context: { failed_apis: expect.any(Array) } },
  });
  expect(JSON.stringify((await world.run(run)).error)).toContain('the target is silent');
});
