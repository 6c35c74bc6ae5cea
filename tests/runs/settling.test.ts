import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { updateEndpoint } from '@eden/coordinator';
import type { CrashPoint, JsonObject, PreparedSeen, Run, Uuid } from '@eden/domain';
import { consumeRun, recoverRuns, sweepOrphans } from '@eden/engine';
import { eventually, withClient } from '@eden/testkit';
import type { WorldDeps } from './run-world.js';
import { startOutboxRelay } from '../../services/worker/src/loops/outbox-relay.js';
import { startRecovery } from '../../services/worker/src/loops/recovery.js';
import { NEVER, RunWorld } from './run-world.js';

let world: RunWorld;

beforeAll(async () => {
  world = await RunWorld.create({ LOCK_TTL_MS: '3000' });
  for (const database of [0, 1] as const) await world.query(database, 'CREATE TABLE counter AS SELECT 0 AS n');
});

afterAll(() => world.close());

const count = (database: 0 | 1) => ({ database, query: 'UPDATE counter SET n = n + 1' });

async function counters(): Promise<unknown[]> {
  const sql = 'SELECT n FROM counter';
  return [...(await world.query(0, sql)), ...(await world.query(1, sql))].map(({ n }) => n);
}

/** A run whose worker is gone once it has reached the point. */
async function dieAt(point: CrashPoint, migration: string): Promise<Uuid> {
  const run = await world.request(migration);
  const worker = world.worker((reached) => {
    if (reached === point) throw new Error('died');
  });
  await consumeRun(worker, run, NEVER);
  return run;
}

/** Somebody settles the second participant by hand. */
async function rollBackSecond(): Promise<void> {
  for (const database of [0, 1] as const) {
    const sql = `SELECT gid FROM pg_prepared_xacts WHERE database = current_database() AND gid ~ '_1_[0-9a-f]{16}$'`;
    for (const { gid } of await world.query(database, sql)) {
      await world.query(database, `ROLLBACK PREPARED '${String(gid)}'`);
    }
  }
}

async function recoverUntil(run: Uuid, state: Run['state'], worker: WorldDeps = world.worker()): Promise<void> {
  await eventually(async () => {
    await recoverRuns(worker, NEVER);
    expect(await world.run(run)).toMatchObject({ state });
  });
}

/** Somebody has adopted the run. */
async function isRecovered(run: Uuid): Promise<void> {
  const events = await world.deps.store.organization(world.subject.organizationUuid).runEvents(run, 0);
  expect(events.map(({ type }) => type)).toContain('recovered');
}

/** A worker whose warnings are heard. */
function warned(hear: (message: string) => unknown): WorldDeps {
  const { telemetry } = world.deps;
  const log: unknown = Object.create(telemetry.log, { warn: { value: (message: string) => void hear(message) } });
  const hearing = Object.create(telemetry, { log: { value: log } }) as WorldDeps['telemetry'];
  return world.worker(undefined, { telemetry: hearing });
}

/** Past the guard that keeps an endpoint where a run needs it: a name or an address may lead elsewhere at any time. */
async function lead(id: string, config: JsonObject): Promise<void> {
  const organization = world.deps.store.organization(world.subject.organizationUuid);
  const { uuid } = await organization.endpoint(id);
  await organization.transact((tx) => tx.updateEndpoint(uuid, { config }));
}

describe('from the commit point on', () => {
  // Protocol: I11, I14
  it('a doubt about one database keeps no other one from committing', async () => {
    await world.migration('doubtful', [count(0), count(1)]);
    const run = await dieAt('after-decide', 'doubtful');
    await rollBackSecond();
    await recoverUntil(
      run,
      'in_doubt',
      world.worker(undefined, { settings: { ...world.deps.settings, maxParallel: 1 } }),
    );
    expect((await counters()).sort()).toEqual([0, 1]);
    expect(await world.prepared()).toBe(0);
  });

  it('an endpoint may get another way to its database, but no other database', async () => {
    const before = await counters();
    await world.migration('pinned', [count(0), count(1)]);
    const run = await dieAt('after-decide', 'pinned');
    const organization = world.deps.store.organization(world.subject.organizationUuid);
    const { config } = await organization.endpoint('db-0');
    const change = (url: string) => updateEndpoint(world.deps, world.subject, 'db-0', { config: { url } });
    await expect(change(world.databases[1].url)).rejects.toMatchObject({
      code: 'RUN_IN_PROGRESS',
      context: { run_uuid: expect.any(String), database: world.databases[0].name },
    });
    await change(world.databases[0].url);
    await recoverUntil(run, 'succeeded');
    expect(await counters()).toEqual(before.map((n) => Number(n) + 1));
    await updateEndpoint(world.deps, world.subject, 'db-0', { config });
  });

  // Protocol: I14
  it('an endpoint that leads elsewhere proves nothing: the run goes on when it leads back', async () => {
    const before = await counters();
    await world.migration('moved', [count(0), count(1)]);
    const run = await dieAt('after-decide', 'moved');
    const { config } = await world.deps.store.organization(world.subject.organizationUuid).endpoint('db-0');
    await lead('db-0', { url: world.databases[1].url });
    await eventually(async () => {
      await recoverRuns(world.worker(), AbortSignal.abort());
      await isRecovered(run);
    });
    expect(await world.run(run)).toMatchObject({ state: 'committing' });
    await lead('db-0', config);
    await recoverUntil(run, 'succeeded');
    expect(await counters()).toEqual(before.map((n) => Number(n) + 1));
  });

  it('an endpoint that leads where none may is waited for', async () => {
    const before = await counters();
    await world.migration('forbidden', [count(0), count(1)]);
    const run = await dieAt('after-decide', 'forbidden');
    const { config } = await world.deps.store.organization(world.subject.organizationUuid).endpoint('db-0');
    const forbidden = new URL(world.databases[0].url);
    forbidden.hostname = '169.254.169.254';
    await lead('db-0', { url: forbidden.href });
    const stop = new AbortController();
    const failures: unknown[] = [];
    // It is told that it waits, and only then to stop.
    const worker = warned((message) => message === 'target not settled yet' && stop.abort());
    await eventually(async () => {
      await recoverRuns(worker, stop.signal).catch((error: unknown) => failures.push(error));
      await isRecovered(run);
    });
    expect(failures).toEqual([]);
    expect(stop.signal.aborted).toBe(true);
    expect(await world.run(run)).toMatchObject({ state: 'committing' });
    await lead('db-0', config);
    await recoverUntil(run, 'succeeded');
    expect(await counters()).toEqual(before.map((n) => Number(n) + 1));
  });
});

// Protocol: I16
it('an orphan that another role has prepared is reported, and keeps no other one from being rolled back', async () => {
  await world.migration('of_a_role', [count(0)]);
  expect(await world.finish(await world.request('of_a_role'))).toMatchObject({ state: 'succeeded' });
  const role = `app_${randomUUID().slice(0, 8)}`;
  await world.query(0, `CREATE ROLE ${role} LOGIN PASSWORD 'secret'; GRANT SELECT ON counter TO ${role}`);
  const url = new URL(world.databases[0].url);
  Object.assign(url, { username: role, password: 'secret' });
  const organization = world.deps.store.organization(world.subject.organizationUuid);
  const { config } = await organization.endpoint('db-0');
  await updateEndpoint(world.deps, world.subject, 'db-0', { config: { url: url.href } });
  const installation = await world.deps.journal.installation();
  const [foreign, own] = [1, 2].map((n) => `eden_${installation}_00000000-0000-4000-8000-00000000000${n}_1_0`) as [
    string,
    string,
  ];
  await world.query(0, `BEGIN; SELECT FROM counter; PREPARE TRANSACTION '${foreign}'`);
  await withClient(url.href, (client) => client.query(`BEGIN; SELECT FROM counter; PREPARE TRANSACTION '${own}'`));
  const { telemetry } = world.deps;
  const seen: PreparedSeen[] = [];
  const watching = Object.assign(Object.create(telemetry) as typeof telemetry, {
    preparedObserved: (prepared: PreparedSeen) => void seen.push(prepared),
  });
  expect(await sweepOrphans({ ...world.deps, telemetry: watching })).toBe(1);
  expect(seen).toEqual([{ count: 2, ageMs: expect.any(Number), xidAge: expect.any(Number) }]);
  expect(seen[0]?.ageMs).toBeGreaterThan(0);
  const gids = 'SELECT gid FROM pg_prepared_xacts WHERE database = current_database()';
  expect(await world.query(0, gids)).toEqual([{ gid: foreign }]);
  await updateEndpoint(world.deps, world.subject, 'db-0', { config });
  expect(await sweepOrphans(world.deps)).toBe(0);
  expect(await world.query(0, gids)).toEqual([]);
  await world.query(0, `REVOKE ALL ON counter FROM ${role}; DROP ROLE ${role}`);
});

it('recovery goes on with other runs while one waits for its database', async () => {
  await world.migration('stuck', [count(0), count(1)]);
  await world.migration('quick', [{ database: 0, query: 'SELECT 1' }]);
  const stuck = await dieAt('after-decide', 'stuck');
  world.proxies[1].pause();
  const recovery = startRecovery(world.worker(), world.context.telemetry);
  try {
    await eventually(() => isRecovered(stuck));
    const quick = await world.request('quick');
    await consumeRun(world.dying('after-decide'), quick, NEVER);
    await eventually(async () => expect(await world.run(quick)).toMatchObject({ state: 'succeeded' }));
    expect(await world.run(stuck)).toMatchObject({ state: 'committing' });
    world.proxies[1].resume();
    await eventually(async () => expect(await world.run(stuck)).toMatchObject({ state: 'succeeded' }));
  } finally {
    await recovery.stop();
  }
});

// Protocol: I15
it('a worker that dies before it has the lock is replaced within its lease and a second', async () => {
  await world.migration('early', [count(0)]);
  const run = await world.request('early');
  const dying = world.worker(() => {
    throw new Error('died');
  });
  await expect(consumeRun(dying, run, NEVER)).rejects.toThrow('died');
  const { context, deps } = world;
  const { outbox } = context.database;
  await outbox.markSent((await outbox.claim(100, 1)).map(({ uuid }) => uuid));
  const relay = await startOutboxRelay(outbox, context.producer, deps);
  const consumer = context.startConsumer((uuid) => consumeRun(deps, uuid, NEVER));
  try {
    // Far above what is promised, far below the time after which the queue itself notices.
    await eventually(async () => expect(await world.run(run)).toMatchObject({ state: 'succeeded' }), {
      timeoutMs: 12_000,
    });
  } finally {
    await Promise.all([relay.stop(), consumer.close()]);
  }
});
