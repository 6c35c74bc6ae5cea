import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createTemplate, executeApi, updateApi } from '@eden/coordinator';
import type { JsonObject, RunEvent, Uuid } from '@eden/domain';
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

/** What an execution reads through the API that changes the database that is not silent. */
async function read(api: string): Promise<unknown> {
  const data = await executeApi(world.deps, world.subject, api, {});
  return (Object.values(data)[0] as JsonObject)['rows'];
}

async function events(run: Uuid): Promise<readonly RunEvent[]> {
  return world.deps.store.organization(world.subject.organizationUuid).runEvents(run, 0);
}

it('a target that falls silent in a statement without a limit ends the run, and the other target is free', async () => {
  await world.migration('silent', [count(0), count(1)], async () => {
    const template = { id: 'read', endpoint: 'db-0', kind: 'Read', description: null, settings: {} } as const;
    await createTemplate(world.deps, world.subject, { ...template, body: { query: 'SELECT n FROM counter' } });
    await updateApi(world.deps, world.subject, 'silent-0', { bindings: [{ template: 'read', fields: {} }] });
  });
  const run = await world.request('silent');
  await withClient(world.databases[1].url, async (holder) => {
    await holder.query('BEGIN; LOCK TABLE counter');
    let hasLetGo = false;
    const consumed = consumeRun(world.worker(), run, NEVER).finally(() => (hasLetGo = true));
    const waiting = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    await eventually(async () => expect(await world.query(1, waiting)).toHaveLength(1));
    expect(await transactions()).toHaveLength(1);
    world.proxies[1].pause();
    await eventually(async () => expect(await world.run(run)).toMatchObject({ state: 'aborting' }));
    await eventually(async () => expect(await transactions()).toEqual([]));
    expect(await world.query(0, 'SELECT n FROM counter FOR UPDATE NOWAIT')).toEqual([{ n: 0 }]);
    // The API of the target that is free is open again, although the worker still waits for the other one.
    expect(await read('silent-0')).toEqual([{ n: 0 }]);
    expect([hasLetGo, (await world.run(run)).state]).toEqual([false, 'aborting']);
    await eventually(async () =>
      expect(await events(run)).toContainEqual(
        expect.objectContaining({
          type: 'waiting',
          data: { endpoint_id: 'db-1', reason: expect.stringContaining('waits for db-1') },
        }),
      ),
    );
    expect((await world.run(run)).reason).toContain('the target is silent');
    world.proxies[1].resume();
    await consumed;
  });
  expect(await world.finish(run)).toMatchObject({
    state: 'failed',
    error: { code: 'MIGRATION_EXECUTION_FAILED', context: { failed_apis: expect.any(Array) } },
  });
  expect(JSON.stringify((await world.run(run)).error)).toContain('the target is silent');
});
