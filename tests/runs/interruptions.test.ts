import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTemplate, updateApi } from '@eden/coordinator';
import type { ExecutionSession } from '@eden/domain';
import { attemptsOf, EdenError } from '@eden/domain';
import { consumeRun } from '@eden/engine';
import { eventually } from '@eden/testkit';
import { NEVER, RunWorld } from './run-world.js';

let world: RunWorld;

beforeAll(async () => {
  world = await RunWorld.create();
  await world.query(0, 'CREATE TABLE counter AS SELECT 0 AS n');
});

afterAll(() => world.close());

const count = { database: 0, query: 'UPDATE counter SET n = n + 1' } as const;

/** An execution of the API that is inside its gate in the first database. */
async function readerOf(api: string): Promise<ExecutionSession> {
  const organization = world.deps.store.organization(world.subject.organizationUuid);
  const [{ uuid: apiUuid, schemaVersion }, endpoint] = [
    await organization.api(api),
    await organization.endpoint('db-0'),
  ];
  const session = await world.deps.targets.adapter('Postgres').openExecution(endpoint, {
    readOnly: true,
    gate: { apiUuid, schemaVersion },
    lockTimeoutMs: 1_000,
    statementTimeoutMs: 1_000,
    idleTimeoutMs: 0,
  });
  await session.enter();
  return session;
}

async function waiting(condition: string): Promise<void> {
  const sql = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND ${condition}`;
  await eventually(async () => expect(await world.query(0, sql)).toHaveLength(1));
}

describe('a worker that has to let go of a run', () => {
  it('undoes it and queues it again before it is gone', async () => {
    await world.migration('drained', [count, { database: 0, query: 'SELECT pg_sleep(60)' }]);
    const run = await world.request('drained');
    const drain = new AbortController();
    const consumed = consumeRun(world.worker(), run, drain.signal);
    await waiting("query LIKE 'SELECT pg_sleep%' AND state = 'active'");
    drain.abort();
    await consumed;
    expect(await world.run(run)).toMatchObject({ state: 'queued', attempt: 2 });
    expect(await world.query(0, 'SELECT n FROM counter')).toEqual([{ n: 0 }]);
    const history = await world.deps.store.organization(world.subject.organizationUuid).runHistory(run);
    expect(attemptsOf(history)).toMatchObject([{ attempt: 1, finishedAt: expect.any(Date), outcome: 'requeued' }]);
    expect(history.databases).toEqual([]);
  });

  it('does so while it waits for a gate, too', async () => {
    const { deps, subject } = world;
    const template = {
      description: null,
      endpoint: 'db-0',
      kind: 'Read',
      body: { query: 'SELECT 1' },
      settings: {},
    } as const;
    await world.migration('gated', [{ database: 0, query: 'SELECT pg_sleep(60)' }], async () => {
      await createTemplate(deps, subject, { id: 'read', ...template });
      await updateApi(deps, subject, 'gated-0', { bindings: [{ template: 'read', fields: {} }] });
    });
    const run = await world.request('gated');
    const reader = await readerOf('gated-0');
    const drain = new AbortController();
    const consumed = consumeRun(world.worker(), run, drain.signal);
    await waiting("application_name LIKE 'eden/%' AND wait_event_type = 'Lock'");
    drain.abort();
    await consumed;
    await reader.abandon();
    expect(await world.run(run)).toMatchObject({ state: 'queued', attempt: 2 });
  });

  it('gives it back while it waits for the lock', async () => {
    await world.migration('waiting', [{ database: 0, query: 'SELECT 1' }]);
    const run = await world.request('waiting');
    const { uuid } = await world.deps.store.organization(world.subject.organizationUuid).migration('waiting');
    const lock = await world.deps.locks.write([{ kind: 'migration', uuid }], {
      owner: { purpose: 'test' },
      timeoutMs: 1_000,
    });
    const drain = new AbortController();
    const consumed = consumeRun(world.worker(), run, drain.signal);
    await eventually(async () => {
      const { waiting: those } = await world.deps.locks.inspect({ kind: 'migration', uuid });
      expect(those).toHaveLength(1);
    });
    drain.abort(new Error('the worker stops'));
    expect(await consumed).toMatchObject({ kind: 'later' });
    await lock.release();
    expect(await world.finish(run)).toMatchObject({ state: 'succeeded', attempt: 1 });
  });

  it('hands a sync over as well', async () => {
    await world.migration('resynced', [count]);
    const run = await world.request('resynced', 'sync');
    const drain = new AbortController();
    const worker = world.worker((point) => {
      if (point === 'after-start') drain.abort();
    });
    await consumeRun(worker, run, drain.signal);
    expect(await world.run(run)).toMatchObject({ state: 'queued', attempt: 2 });
    expect(await world.finish(run)).toMatchObject({ state: 'succeeded' });
  });

  it('gives back a rollback that it was planning', async () => {
    await world.migration('unplanned', [{ ...count, rollback: 'UPDATE counter SET n = n - 1' }]);
    await world.finish(await world.request('unplanned'));
    const run = await world.request('unplanned', 'rollback');
    const { locks } = world.deps;
    const drain = new AbortController();
    const write: typeof locks.write = async (...args) => {
      const held = await locks.write(...args);
      drain.abort(new Error('the worker stops'));
      return held;
    };
    await consumeRun(world.worker(undefined, { locks: { ...locks, write } }), run, drain.signal);
    expect(await world.run(run)).toMatchObject({ state: 'waiting_for_lock', error: null });
    expect(await world.finish(run)).toMatchObject({ state: 'succeeded', attempt: 1 });
  });
});

describe('a run whose lock is lost again and again', () => {
  it('fails after the last attempt', async () => {
    await world.migration('unlucky', [count]);
    const run = await world.request('unlucky');
    const { locks, settings } = world.deps;
    const worker = world.worker(undefined, {
      settings: { ...settings, maxAttempts: 2 },
      locks: {
        ...locks,
        write: async (resources, request) => {
          const held = await locks.write(resources, request);
          return { ...held, release: () => held.release(), signal: AbortSignal.abort(new Error('lease lost')) };
        },
      },
    });
    expect(await world.finish(run, worker)).toMatchObject({
      state: 'failed',
      attempt: 2,
      error: { code: 'MIGRATION_EXECUTION_FAILED', context: { failed_apis: [] } },
    });
    expect(await world.query(0, 'SELECT n FROM counter')).toEqual([{ n: 0 }]);
  });
});

it('a control database that is away beside a running statement stops nothing: the record is written later', async () => {
  await world.migration('undisturbed', [
    { database: 0, query: 'SELECT 1' },
    { database: 1, query: 'SELECT 1' },
  ]);
  const { journal } = world.deps;
  let outages = 3;
  const worker = world.worker(undefined, {
    journal: {
      ...journal,
      recordApis: async (...args) => {
        if (outages-- > 0) throw new EdenError('SERVICE_UNAVAILABLE');
        await journal.recordApis(...args);
      },
    },
  });
  const run = await world.request('undisturbed');
  await consumeRun(worker, run, NEVER);
  const { state, attempt } = await world.run(run);
  expect({ state, attempt, apis: (await world.apis(run)).map((api) => api.state) }).toEqual({
    state: 'succeeded',
    attempt: 1,
    apis: ['succeeded', 'succeeded'],
  });
  expect(outages).toBeLessThan(0);
});

it('a control database that is away just before T1 costs no lease: the run is given back and taken again', async () => {
  await world.migration('blinked', [{ database: 1, query: 'SELECT 1' }]);
  const { journal } = world.deps;
  let outages = 1;
  const worker = world.worker(undefined, {
    journal: {
      ...journal,
      start: async (...args) => {
        if (outages-- > 0) throw new EdenError('SERVICE_UNAVAILABLE');
        return journal.start(...args);
      },
    },
  });
  const run = await world.request('blinked');
  expect(await consumeRun(worker, run, NEVER)).toMatchObject({ kind: 'later' });
  expect(await consumeRun(worker, run, NEVER)).toEqual({ kind: 'done' });
  expect(await world.run(run)).toMatchObject({ state: 'succeeded', attempt: 1 });
});

it('an abort frees the targets before it records anything', async () => {
  await world.migration('freed', [count, { database: 1, query: 'SELECT 1 / 0', stage: 1 }]);
  const { journal } = world.deps;
  const held: number[] = [];
  const worker = world.worker(undefined, {
    journal: {
      ...journal,
      beginAbort: async (...args) => {
        // As if a PREPARE were late: somebody has to roll it back.
        const [{ run }] = args;
        const gid = `eden_${await journal.installation()}_${run.uuid}_${run.epoch}_0`;
        await world.query(0, `BEGIN; UPDATE counter SET n = 100; PREPARE TRANSACTION '${gid}'`);
        return journal.beginAbort(...args);
      },
      recordApis: async (owned, apis) => {
        if (owned.run.state === 'aborting') held.push(await world.prepared());
        await journal.recordApis(owned, apis);
      },
    },
  });
  const run = await world.request('freed');
  expect(await world.finish(run, worker)).toMatchObject({ state: 'failed' });
  expect(held).toEqual([0]);
});

it('a definition that changed just before T1 is not run: the next attempt finds its plan out of date', async () => {
  await world.migration('overtaken', [count]);
  const organization = world.deps.store.organization(world.subject.organizationUuid);
  const { journal } = world.deps;
  const { uuid } = await organization.api('overtaken-0');
  const worker = world.worker(undefined, {
    journal: {
      ...journal,
      start: async (...args) => {
        await organization.transact((tx) =>
          tx.updateApi(uuid, { fields: [{ name: 'n', type: 'Number', required: false }] }),
        );
        return journal.start(...args);
      },
    },
  });
  const run = await world.request('overtaken');
  await consumeRun(worker, run, NEVER);
  expect(await world.run(run)).toMatchObject({ state: 'queued', attempt: 2 });
  expect(await world.finish(run)).toMatchObject({ state: 'failed', error: { code: 'PLAN_OUT_OF_DATE' } });
  expect(await world.query(0, 'SELECT n FROM counter')).toEqual([{ n: 0 }]);
});

// Protocol: I6
it('a rollback whose lock was lost before T1 begins anew: its APIs were free, and executions may know of no gate', async () => {
  await world.migration('ungated', [{ ...count, rollback: 'UPDATE counter SET n = n - 1' }]);
  await world.finish(await world.request('ungated'));
  const { locks } = world.deps;
  let losses = 1;
  const write: typeof locks.write = async (resources, request) => {
    const held = await locks.write(resources, request);
    if (losses-- > 0) await locks.drop(resources);
    return held;
  };
  const worker = world.worker(undefined, { locks: Object.assign(Object.create(locks) as typeof locks, { write }) });
  const run = await world.finish(await world.request('ungated', 'rollback'), worker);
  expect(run).toMatchObject({ state: 'succeeded', attempt: 2 });
});
