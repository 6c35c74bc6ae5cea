import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createTemplate, executeApi, updateApi } from '@eden/coordinator';
import type { CrashPoint, JsonObject, Plan, Run, Uuid } from '@eden/domain';
import { EdenError } from '@eden/domain';
import { consumeRun, recoverRuns } from '@eden/engine';
import { eventually, startUnpreparedServer, testServers } from '@eden/testkit';
import type { WorldDeps } from './run-world.js';
import { NEVER, RunWorld } from './run-world.js';
import type { Step } from './run-world.js';

let world: RunWorld;
/** Where neither database can be prepared. */
let unprepared: RunWorld;
let migrations = 0;

beforeAll(async () => {
  const server = await startUnpreparedServer();
  world = await RunWorld.create({ LOCK_TTL_MS: '3000' }, [testServers().targets[0], server]);
  unprepared = await RunWorld.create({}, [server, server]);
});

afterAll(() => Promise.all([world.close(), unprepared.close()]));

beforeEach(async () => {
  for (const database of [0, 1] as const) {
    await world.query(database, 'DROP TABLE IF EXISTS counter; CREATE TABLE counter AS SELECT 0 AS n');
  }
});

const LAST = 1;
const count = (database: 0 | 1) => ({ database, query: 'UPDATE counter SET n = n + 1' });

async function counters(): Promise<unknown[]> {
  return [...(await world.query(0, 'SELECT n FROM counter')), ...(await world.query(1, 'SELECT n FROM counter'))].map(
    ({ n }) => n,
  );
}

async function prepareMigration(steps: readonly Step[] = [count(0), count(LAST)]): Promise<string> {
  const id = `m${(migrations += 1)}`;
  await world.migration(id, steps);
  return id;
}

async function planOf(id: string): Promise<Plan | null> {
  const organization = world.deps.store.organization(world.subject.organizationUuid);
  return organization.plan((await organization.migration(id)).uuid);
}

async function eventTypes(run: Uuid): Promise<string[]> {
  const events = await world.deps.store.organization(world.subject.organizationUuid).runEvents(run, 0);
  return events.map(({ type }) => type);
}

/** A run whose worker is gone once it has reached the point. */
async function dieAt(point: CrashPoint, migration: string): Promise<Uuid> {
  const run = await world.request(migration);
  await consumeRun(world.dying(point), run, NEVER);
  return run;
}

async function recoverUntil(run: Uuid, state: Run['state']): Promise<void> {
  await eventually(async () => {
    await recoverRuns(world.worker(), NEVER);
    expect(await world.run(run)).toMatchObject({ state });
  });
}

describe('a migration with one database that cannot be prepared', () => {
  it('is atomic: that one commits by itself once all others are prepared, and its ledger stays', async () => {
    const id = await prepareMigration();
    expect(await planOf(id)).toMatchObject({ atomicity: 'atomic' });
    const inPlan = (await planOf(id))?.databases.map((database) => [
      database.identity.name,
      database.class === 'last-resource',
    ]);
    expect(Object.fromEntries(inPlan ?? [])).toEqual({
      [world.databases[0].name]: false,
      [world.databases[LAST].name]: true,
    });
    const run = await world.request(id);
    const seen: unknown[] = [];
    const worker = world.worker(async (point) => {
      if (point !== 'after-last-resource') return;
      seen.push(await counters(), await world.prepared(), (await world.run(run)).state);
    });
    expect(await world.finish(run, worker)).toMatchObject({ state: 'succeeded', attempt: 1 });
    expect(seen).toEqual([[0, 1], 1, 'deciding']);
    expect(await counters()).toEqual([1, 1]);
    expect(await eventTypes(run)).toEqual(expect.arrayContaining(['prepared', 'deciding', 'commit_decided']));
    expect(await world.query(LAST, 'SELECT FROM _eden.ledger')).toHaveLength(1);
  });

  it('may have that one alone', async () => {
    const run = await world.request(await prepareMigration([count(LAST)]));
    expect(await world.finish(run)).toMatchObject({ state: 'succeeded' });
    expect(await counters()).toEqual([0, 1]);
  });

  it('fails before the decision where a deferred constraint of that one does not hold', async () => {
    const id = await prepareMigration([
      count(0),
      { database: LAST, query: 'CREATE TABLE u (n int UNIQUE DEFERRABLE INITIALLY DEFERRED)' },
      { database: LAST, query: 'INSERT INTO u VALUES (1), (1)' },
    ]);
    const run = await world.request(id);
    expect(await world.finish(run)).toMatchObject({ state: 'failed', error: { code: 'MIGRATION_EXECUTION_FAILED' } });
    expect(await eventTypes(run)).not.toContain('deciding');
    expect(await counters()).toEqual([0, 0]);
    expect(await world.prepared()).toBe(0);
  });

  // Protocol: I8
  it('is refused when there are two of them, with what to do', async () => {
    await expect(unprepared.migration('both', [count(0), count(1)])).rejects.toThrow(
      /ATOMICITY_REFUSED.*2 databases.*db-0: the server of .* max_prepared_transactions.*db-1: the server of/,
    );
    const notifies = { database: 0, query: 'NOTIFY counters' } as const;
    await expect(prepareMigration([notifies, count(LAST)])).rejects.toThrow(
      /ATOMICITY_REFUSED.*2 databases.*uses what PostgreSQL cannot prepare.*do without/,
    );
  });

  it('finds its plan out of date when another server has stopped preparing transactions since', async () => {
    const id = await prepareMigration();
    const { targets } = world.deps;
    const adapter = targets.adapter('Postgres');
    const changed = Object.assign(Object.create(adapter) as typeof adapter, {
      inspect: async (...args: Parameters<typeof adapter.inspect>) => ({
        ...(await adapter.inspect(...args)),
        class: 'one-phase' as const,
      }),
    });
    const worker = world.worker(undefined, { targets: { ...targets, adapter: () => changed } });
    expect(await world.finish(await world.request(id), worker)).toMatchObject({
      state: 'failed',
      error: { code: 'PLAN_OUT_OF_DATE', context: { details: expect.stringContaining('prepares transactions') } },
    });
  });
});

describe('a worker that dies with the last resource', () => {
  it('open: nothing has changed, and the run is tried again', async () => {
    const run = await dieAt('after-deciding', await prepareMigration());
    expect(await world.run(run)).toMatchObject({ state: 'deciding' });
    await recoverUntil(run, 'queued');
    expect(await counters()).toEqual([0, 0]);
    expect(await world.finish(run)).toMatchObject({ state: 'succeeded', attempt: 2 });
    expect(await counters()).toEqual([1, 1]);
  });

  it('committed: another one commits the rest', async () => {
    const run = await dieAt('after-last-resource', await prepareMigration());
    expect(await world.run(run)).toMatchObject({ state: 'deciding', attempt: 1 });
    expect(await counters()).toEqual([0, 1]);
    await recoverUntil(run, 'succeeded');
    expect(await world.run(run)).toMatchObject({ attempt: 1 });
    expect(await counters()).toEqual([1, 1]);
  });

  // Protocol: I13
  it('unreachable: nobody decides before it is back', async () => {
    const run = await dieAt('after-last-resource', await prepareMigration());
    world.proxies[LAST].pause();
    world.proxies[LAST].cut();
    await eventually(async () => {
      await recoverRuns(world.worker(), AbortSignal.abort());
      expect(await eventTypes(run)).toContain('recovered');
    });
    expect(await world.run(run)).toMatchObject({ state: 'deciding', attempt: 1 });
    expect(await world.prepared()).toBe(1);
    world.proxies[LAST].resume();
    await recoverUntil(run, 'succeeded');
    expect(await counters()).toEqual([1, 1]);
  });
});

describe('once the last resource has committed', () => {
  // Protocol: I13
  it('an outage of the control database is waited out: nothing is aborted', async () => {
    const run = await world.request(await prepareMigration());
    let outages = 3;
    const worker = withJournal({
      decide: async (...args) => {
        if (outages-- > 0) throw new EdenError('SERVICE_UNAVAILABLE');
        await world.deps.journal.decide(...args);
      },
    });
    await consumeRun(worker, run, NEVER);
    expect(await world.run(run)).toMatchObject({ state: 'succeeded', attempt: 1 });
    expect(await eventTypes(run)).not.toContain('aborting');
    expect(await counters()).toEqual([1, 1]);
  });

  it('a worker that has to stop leaves the decision to another one', async () => {
    const run = await world.request(await prepareMigration());
    const drain = new AbortController();
    const worker = withJournal({
      decide: () => {
        drain.abort();
        return Promise.reject(new EdenError('SERVICE_UNAVAILABLE'));
      },
    });
    await consumeRun(worker, run, drain.signal);
    expect(await world.run(run)).toMatchObject({ state: 'deciding' });
    await recoverUntil(run, 'succeeded');
    expect(await counters()).toEqual([1, 1]);
  });

  function withJournal(changes: Partial<WorldDeps['journal']>): WorldDeps {
    return world.worker(undefined, { journal: { ...world.deps.journal, ...changes } });
  }

  it('an execution that reads only there waits for T2, and no longer than it may', async () => {
    const id = await prepareMigration([count(0), count(LAST)]);
    const body = { query: 'SELECT n FROM counter' };
    const template = { kind: 'Read', description: null, settings: {}, body } as const;
    await createTemplate(world.deps, world.subject, { ...template, id: `${id}-read`, endpoint: `db-${LAST}` });
    await updateApi(world.deps, world.subject, `${id}-1`, { bindings: [{ template: `${id}-read`, fields: {} }] });
    await consumeRun(world.worker(), await world.request(id, 'sync'), NEVER);
    const run = await world.request(id);
    let patient: Promise<unknown> = Promise.resolve();
    const worker = world.worker(async (point) => {
      if (point === 'after-last-resource') {
        await expect(read(id, 300)).rejects.toMatchObject({ code: 'LOCK_TIMEOUT' });
        patient = read(id, 20_000);
      }
      if (point === 'before-complete') expect(await patient).toEqual([{ n: 1 }]);
    });
    expect(await world.finish(run, worker)).toMatchObject({ state: 'succeeded' });
  });

  /** Reads behind the gate alone: the lock masters are away. */
  async function read(id: string, lockTimeoutMs: number): Promise<unknown> {
    const locks = {
      ...world.deps.locks,
      read: () => Promise.reject(new EdenError('SERVICE_UNAVAILABLE')),
    };
    const deps = { ...world.deps, locks, settings: { ...world.deps.settings, lockTimeoutMs } };
    const data = await executeApi(deps, world.subject, `${id}-1`, {});
    return (Object.values(data)[0] as JsonObject)['rows'];
  }
});

it('a reply of the last COMMIT that never arrives: the ledger tells that it has happened', async () => {
  const run = await world.request(await prepareMigration());
  const worker = world.worker((point) => {
    if (point === 'after-deciding') void world.proxies[LAST].dropReply((reply) => reply.includes('COMMIT\0'));
  });
  await consumeRun(worker, run, NEVER);
  expect(await world.run(run)).toMatchObject({ state: 'succeeded', attempt: 1 });
  expect(await counters()).toEqual([1, 1]);
});

// Protocol: I13
it('a COMMIT of the last resource that never gets there: the run is undone everywhere', async () => {
  const run = await world.request(await prepareMigration());
  const worker = world.worker((point) => {
    if (point === 'after-deciding') world.proxies[LAST].cut();
  });
  await consumeRun(worker, run, NEVER);
  expect(await world.run(run)).toMatchObject({ state: 'failed', attempt: 1 });
  expect(await counters()).toEqual([0, 0]);
  expect(await world.prepared()).toBe(0);
});
