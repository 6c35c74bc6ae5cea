import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cancelRun } from '@eden/coordinator';
import type { RunEvent, RunEventType, Uuid } from '@eden/domain';
import { consumeRun, recoverRuns } from '@eden/engine';
import { eventually } from '@eden/testkit';
import { NEVER, RunWorld } from './run-world.js';

let world: RunWorld;

beforeAll(async () => {
  world = await RunWorld.create({ LOCK_TTL_MS: '1500' });
  for (const database of [0, 1] as const) await world.query(database, 'CREATE TABLE counter AS SELECT 0 AS n');
});

afterAll(() => world.close());

const count = (database: 0 | 1) => ({ database, query: 'UPDATE counter SET n = n + 1' });

/** What the history says under one type. */
async function told<Type extends RunEventType>(run: Uuid, type: Type): Promise<RunEvent['data'][]> {
  const events = await world.deps.store.organization(world.subject.organizationUuid).runEvents(run, 0);
  return events.filter((event) => event.type === type).map(({ data }) => data);
}

async function organization() {
  return world.deps.store.organization(world.subject.organizationUuid);
}

describe('why a run', () => {
  it('waits stands on it and in its history, once for each reason', async () => {
    await world.migration('held', [count(0)]);
    const { uuid } = await (await organization()).migration('held');
    const owner = { purpose: 'add_api' };
    const lock = await world.deps.locks.write([{ kind: 'migration', uuid }], { owner, timeoutMs: 0 });
    const run = await world.request('held');
    expect((await world.run(run)).reason).toBe('waits for a worker');
    const behind = (await told(run, 'queued'))[0];
    expect(behind).toMatchObject({ reason: 'waits for a worker' });
    for (let tries = 0; tries < 2; tries += 1) {
      expect(await consumeRun(world.worker(), run, NEVER)).toMatchObject({ kind: 'later' });
    }
    const reason = 'its write lock is held by add_api';
    expect(await world.run(run)).toMatchObject({ state: 'waiting_for_lock', reason });
    expect(await told(run, 'waiting')).toEqual([{ reason }]);
    await lock.release();
    expect(await world.finish(run)).toMatchObject({ state: 'succeeded', reason: null });
  });

  it('waits behind a sync stands on it', async () => {
    await world.migration('behind', [count(0)]);
    const sync = await world.request('behind', 'sync');
    const run = await world.request('behind');
    expect((await world.run(run)).reason).toBe('waits for the sync before it');
    await world.finish(sync);
    expect((await world.run(run)).reason).toBe('waits for a worker');
    await world.finish(run);
  });

  it('was undone says which template failed, and what the database said', async () => {
    await world.migration('broken', [count(0), { database: 1, query: 'SELECT 1 / 0' }]);
    const run = await world.request('broken');
    const failed = await world.finish(run);
    expect(failed.reason).toMatch(/^broken-1, template broken-1: .*division by zero/);
    expect(await told(run, 'aborting')).toEqual([
      expect.objectContaining({ outcome: 'failed', reason: failed.reason }),
    ]);
  });

  it('was queued again says so: its worker was told to stop', async () => {
    await world.migration('drained', [count(0), count(1)]);
    const run = await world.request('drained');
    const drain = new AbortController();
    const worker = world.worker((point) => {
      if (point === 'after-bindings') drain.abort();
    });
    await consumeRun(worker, run, drain.signal);
    const reason = 'its worker was told to stop';
    expect(await world.run(run)).toMatchObject({ state: 'queued', attempt: 2, reason });
    expect(await told(run, 'aborting')).toEqual([expect.objectContaining({ outcome: 'requeue', reason })]);
    expect(await told(run, 'requeued')).toEqual([{ attempt: 2, reason }]);
    await world.finish(run);
  });

  it('was cancelled names who did it', async () => {
    await world.migration('unwanted', [count(0)]);
    const run = await world.request('unwanted');
    await cancelRun(world.deps, world.subject, 'unwanted');
    expect(await world.run(run)).toMatchObject({ state: 'cancelled', reason: 'was cancelled by ann' });
  });
});

// Protocol: I15
it('a run that its workers die of is handed on at once, then after pauses that grow, and names them', async () => {
  await world.migration('deadly', [count(0), count(1)]);
  const run = await world.request('deadly');
  const workers: string[] = [];
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    const dying = world.dying('after-bindings');
    workers.push(dying.settings.owner);
    await eventually(async () => {
      await consumeRun(dying, run, NEVER);
      expect(await world.run(run)).toMatchObject({ state: 'running', attempt });
    });
    await eventually(async () => {
      await recoverRuns(world.worker(), NEVER);
      expect(await world.run(run)).toMatchObject({ state: 'queued', attempt: attempt + 1 });
    });
  }
  // In the pause nobody takes it, however often it is called.
  await consumeRun(world.worker(), run, NEVER);
  expect(await world.run(run)).toMatchObject({ state: 'queued', attempt: 4 });
  const reasons = workers.map((worker, n) => `its worker ${worker} ended without a word in attempt ${n + 1}`);
  expect(await told(run, 'recovered')).toEqual(
    reasons.map((reason, n) => expect.objectContaining({ worker: workers[n], attempt: n + 1, reason })),
  );
  expect(await told(run, 'requeued')).toEqual([
    { attempt: 2, reason: reasons[0] },
    { attempt: 3, reason: reasons[1], pause_ms: 1_500 },
    { attempt: 4, reason: reasons[2], pause_ms: 3_000 },
  ]);
  expect(await world.finish(run)).toMatchObject({ state: 'succeeded', attempt: 4 });
});

// Protocol: I15
it('a run whose workers die before they have started it fails after as many as may try', async () => {
  const { maxAttempts } = world.deps.settings;
  await world.migration('early', [count(0)]);
  const run = await world.request('early');
  const dying = () =>
    world.worker((point) => {
      if (point === 'after-claim') throw new Error('died');
    });
  for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
    await eventually(async () => {
      await expect(consumeRun(dying(), run, NEVER)).rejects.toThrow('died');
      expect((await world.run(run)).attempt).toBe(attempt);
    });
  }
  await eventually(async () => {
    await consumeRun(world.worker(), run, NEVER);
    expect(await world.run(run)).toMatchObject({ state: 'failed', error: { code: 'MIGRATION_EXECUTION_FAILED' } });
  });
  expect(await told(run, 'recovered')).toHaveLength(maxAttempts);
});
