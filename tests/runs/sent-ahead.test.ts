import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { RunApi, RunBinding, Uuid } from '@eden/domain';
import { eventually, withClient } from '@eden/testkit';
import { RunWorld, type Step } from './run-world.js';

let world: RunWorld;

beforeAll(async () => {
  world = await RunWorld.create();
  await world.query(0, 'CREATE TABLE item (id int PRIMARY KEY); CREATE TABLE taken (id int); CREATE SEQUENCE number');
});

beforeEach(() => world.query(0, 'TRUNCATE item, taken; ALTER SEQUENCE number RESTART'));

afterAll(() => world.close());

const insert = (id: number): Step => ({ database: 0, query: `INSERT INTO item VALUES (${id})` });
/** No rollback takes it back. */
const COUNT: Step = { database: 0, query: `SELECT nextval('number')` };

async function ran(id: string, steps: readonly Step[]): Promise<Uuid> {
  await world.migration(id, steps);
  const run = await world.request(id);
  await world.finish(run);
  return run;
}

async function failuresOf(run: Uuid): Promise<unknown> {
  const { state, error } = await world.run(run);
  expect(state).toBe('failed');
  return error?.context['errors'];
}

async function statesOf(run: Uuid): Promise<readonly RunApi['state'][]> {
  return (await world.apis(run)).map(({ state }) => state);
}

async function bindingsOf(run: Uuid): Promise<readonly RunBinding[]> {
  return (await world.apis(run)).flatMap(({ bindings }) => bindings);
}

async function isCounted(): Promise<boolean> {
  const [row] = await world.query(0, 'SELECT is_called FROM number');
  return row?.['is_called'] === true;
}

it('a binding that fails is the one that failed, and nothing behind it was done', async () => {
  const run = await ran('failing', [insert(1), insert(2), insert(1), insert(3), COUNT]);
  const key = { sqlstate: '23505', detail: 'Key (id)=(1) already exists.' };
  expect(await failuresOf(run)).toMatchObject([{ api_id: 'failing-2', statement: 1, line: 1, column: 1, ...key }]);
  expect(await statesOf(run)).toEqual(['rolled_back', 'rolled_back', 'failed', 'pending', 'pending']);
  expect(await world.query(0, 'SELECT id FROM item')).toEqual([]);
  expect(await isCounted()).toBe(false);
});

it('nothing is sent behind an expectation before it holds', async () => {
  const none: Step = { database: 0, query: 'DELETE FROM item WHERE id > 9', expect: { row_count: 1 } };
  const run = await ran('expecting', [insert(1), insert(2), none, COUNT, COUNT]);
  expect(await failuresOf(run)).toMatchObject([{ api_id: 'expecting-2', code: 'EXPECTATION_FAILED' }]);
  expect(await statesOf(run)).toEqual(['rolled_back', 'rolled_back', 'failed', 'pending', 'pending']);
  expect(await isCounted()).toBe(false);
});

it('a binding has what those before it have given, whatever was sent ahead', async () => {
  const given: Step = { database: 0, query: 'SELECT max(id) AS max FROM item', outputs: { max: 'rows[0].max' } };
  const taking: Step = {
    database: 0,
    query: 'INSERT INTO item VALUES ({{max}} + 10)',
    fields: { max: 'migration.max' },
  };
  const run = await ran('giving', [insert(1), insert(2), given, taking, given, taking, insert(3)]);
  expect((await world.run(run)).state).toBe('succeeded');
  expect(await world.query(0, 'SELECT id FROM item ORDER BY id')).toEqual([1, 2, 3, 12, 22].map((id) => ({ id })));
});

it('a binding that a lock has stopped is tried again, and what was sent behind it runs then, once', async () => {
  await world.migration('waiting', [
    insert(1),
    { database: 0, query: 'INSERT INTO taken VALUES (1)' },
    insert(2),
    insert(3),
  ]);
  const run = await world.request('waiting');
  await withClient(world.databases[0].url, async (holder) => {
    await holder.query('BEGIN; LOCK TABLE taken');
    const finished = world.finish(run);
    await eventually(async () => expect((await bindingsOf(run))[1]?.failedTries?.length).toBeGreaterThan(0));
    await holder.query('COMMIT');
    await finished;
  });
  expect((await world.run(run)).state).toBe('succeeded');
  const bindings = await bindingsOf(run);
  expect(bindings.map(({ rows }) => rows)).toEqual([1, 1, 1, 1]);
  expect(bindings.map(({ attempts }) => attempts > 1)).toEqual([false, true, false, false]);
  expect(await world.query(0, 'SELECT id FROM item ORDER BY id')).toEqual([1, 2, 3].map((id) => ({ id })));
});
