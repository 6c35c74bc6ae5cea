import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { CrashPoint, Uuid } from '@eden/domain';
import { consumeRun, recoverRuns } from '@eden/engine';
import { eventually } from '@eden/testkit';
import type { WorldDeps } from './run-world.js';
import { NEVER, RunWorld } from './run-world.js';

let world: RunWorld;

beforeAll(async () => {
  world = await RunWorld.create();
});

afterAll(() => world.close());

beforeEach(async () => {
  for (const database of [0, 1] as const) {
    await world.query(database, 'DROP TABLE IF EXISTS counter; CREATE TABLE counter AS SELECT 0 AS n');
  }
});

const count = (database: 0 | 1) => ({ database, query: 'UPDATE counter SET n = n + 1' });

async function counters(): Promise<unknown[]> {
  const rows = await Promise.all(([0, 1] as const).map((n) => world.query(n, 'SELECT n FROM counter')));
  return rows.flat().map(({ n }) => n);
}

/** Takes over whatever is owned, as if every heartbeat were long ago. */
async function takeOver(run: Uuid): Promise<void> {
  const worker = world.worker(undefined, { settings: { ...world.deps.settings, owner: 'another', leaseMs: 1 } });
  await eventually(async () => {
    await recoverRuns(worker, NEVER);
    expect(await world.run(run)).toMatchObject({ state: 'queued', attempt: 2 });
  });
}

/** A worker that stands still at the point until others have undone its run, and that no heartbeat ever warns. */
function sleeper(at: CrashPoint, run: Uuid, passed: CrashPoint[]): WorldDeps {
  const worker = world.worker(async (point) => {
    passed.push(point);
    if (point === at) await takeOver(run);
  });
  return { ...worker, settings: { ...worker.settings, leaseMs: 1_000_000 } };
}

// Protocol: I4, I5
describe('a zombie whose run was undone by others', () => {
  it.each([
    ['the targets', 'after-start', 'after-start'],
    ['T2', 'before-decide', 'before-decide'],
  ] as const)('is fenced at %s when nothing else stops it', async (_, at, last) => {
    const id = `zombie-${at}`;
    await world.migration(id, [count(0), count(1)]);
    const run = await world.request(id);
    const passed: CrashPoint[] = [];
    await consumeRun(sleeper(at, run, passed), run, NEVER);
    expect(passed.at(-1)).toBe(last);
    expect(await world.run(run)).toMatchObject({ state: 'queued', attempt: 2 });
    expect(await counters()).toEqual([0, 0]);
    expect(await world.prepared()).toBe(0);
    expect(await world.finish(run)).toMatchObject({ state: 'succeeded', attempt: 2 });
    expect(await counters()).toEqual([1, 1]);
  });
});

it('a target that knows a newer epoch than the control database costs an attempt: the next one is beyond it', async () => {
  await world.migration('restored', [count(0), count(1)]);
  await world.query(1, 'UPDATE _eden.fence SET epoch = 1000');
  const ended = await world.finish(await world.request('restored'));
  expect(ended).toMatchObject({ state: 'succeeded', attempt: 2, epoch: 1001 });
  expect(await counters()).toEqual([1, 1]);
});
