import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  addApiToMigration,
  cancelRun,
  createApi,
  deleteMigration,
  removeApiFromMigration,
  requestRun,
  updateMigration,
  updateTemplate,
} from '@eden/coordinator';
import type { CrashPoint, Run, Uuid } from '@eden/domain';
import { EdenError } from '@eden/domain';
import { consumeRun } from '@eden/engine';
import type { TestDatabase } from '@eden/testkit';
import { createControlDatabase, eventually, withClient } from '@eden/testkit';
import type { Recovery } from '../../services/worker/src/loops/recovery.js';
import { startRecovery } from '../../services/worker/src/loops/recovery.js';
import { NEVER, RunWorld } from './run-world.js';

let control: TestDatabase;
let world: RunWorld;
let recovery: Recovery;

/** Far longer than any test: a cancelled run is not left until the lease of its worker is over. */
const LEASE = { LOCK_TTL_MS: '600000' };

beforeAll(async () => {
  control = await createControlDatabase();
  world = await RunWorld.create({ DATABASE_URL: control.url, ...LEASE });
  for (const database of [0, 1] as const) await world.query(database, 'CREATE TABLE counter AS SELECT 0 AS n');
});

afterAll(() => world.close());

beforeEach(() => {
  recovery = startRecovery(world.worker(), world.context.telemetry);
});

afterEach(() => recovery.stop());

const count = (database: 0 | 1) => ({ database, query: 'UPDATE counter SET n = n + 1' });

async function counters(): Promise<unknown[]> {
  const sql = 'SELECT n FROM counter';
  return [...(await world.query(0, sql)), ...(await world.query(1, sql))].map(({ n }) => n);
}

function cancel(migration: string): Promise<Run> {
  return cancelRun(world.deps, world.subject, migration);
}

async function stateOf(migration: string): Promise<string> {
  return (await world.deps.store.organization(world.subject.organizationUuid).migration(migration)).state;
}

function ended(run: Uuid, state: Run['state']): Promise<void> {
  return eventually(async () => expect(await world.run(run)).toMatchObject({ state }));
}

/** A run that stands still at a point until it is let go. */
async function heldAt(point: CrashPoint, migration: string, kind: 'migrate' | 'rollback' = 'migrate') {
  let arrive: () => void = () => undefined;
  let letGo: () => void = () => undefined;
  const arrived = new Promise<void>((resolve) => (arrive = resolve));
  const released = new Promise<void>((resolve) => (letGo = resolve));
  const run = await world.request(migration, kind);
  const worker = world.worker(async (reached) => {
    if (reached !== point) return;
    arrive();
    await released;
  });
  const consumed = consumeRun(worker, run, NEVER);
  await arrived;
  const goOn = async (): Promise<void> => {
    letGo();
    await consumed;
  };
  return { run, goOn };
}

/** The table can be locked by somebody else, so nobody has a lock on it. */
async function tableIsFree(database: 0 | 1): Promise<void> {
  await eventually(() =>
    world.query(database, `SET lock_timeout = '50ms'; BEGIN; LOCK TABLE counter IN ACCESS EXCLUSIVE MODE; COMMIT`),
  );
}

describe('a cancel', () => {
  it('of a run that nobody has taken yet ends it, and no worker runs it', async () => {
    await world.migration('untaken', [count(0)]);
    const run = await world.request('untaken');
    expect(await cancel('untaken')).toMatchObject({ uuid: run, state: 'cancelled', cancelledBy: 'ann' });
    await consumeRun(world.worker(), run, NEVER);
    expect(await world.run(run)).toMatchObject({ state: 'cancelled', startedAt: null });
    expect(await stateOf('untaken')).toBe('Pending');
  });

  it('of a run that waits for its lock ends it, and its worker stops waiting', async () => {
    await world.migration('waiting', [count(0)]);
    const { locks } = world.deps;
    const organization = world.deps.store.organization(world.subject.organizationUuid);
    const { uuid } = await organization.migration('waiting');
    const taken = await locks.write([{ kind: 'migration', uuid }], { owner: { purpose: 'test' }, timeoutMs: 1_000 });
    const { run, goOn } = await heldAt('after-claim', 'waiting');
    const consumed = goOn();
    expect(await cancel('waiting')).toMatchObject({ uuid: run, state: 'cancelled' });
    await consumed;
    await taken.release();
    expect(await world.run(run)).toMatchObject({ state: 'cancelled' });
  });

  it('in the middle of a long statement undoes everything, and the table is free', async () => {
    await world.migration('asleep', [count(0), count(1), { database: 0, query: 'SELECT pg_sleep(60)' }]);
    const run = await world.request('asleep');
    const consumed = consumeRun(world.worker(), run, NEVER);
    const asleep = "SELECT FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%' AND state = 'active'";
    await eventually(async () => expect(await world.query(0, asleep)).toHaveLength(1));
    expect(await cancel('asleep')).toMatchObject({ uuid: run, state: 'aborting' });
    await ended(run, 'cancelled');
    await Promise.all([tableIsFree(0), tableIsFree(1), consumed]);
    expect(await stateOf('asleep')).toBe('Pending');
    expect(await counters()).toEqual([0, 0]);
    expect((await world.apis(run)).map(({ state }) => state)).not.toContain('succeeded');
  });

  // Protocol: I11, I12
  it('that comes before T2 wins: what is prepared is rolled back, and the worker finds itself fenced', async () => {
    await world.migration('in-time', [count(0), count(1)]);
    const { run, goOn } = await heldAt('before-decide', 'in-time');
    expect(await world.prepared()).toBe(2);
    await cancel('in-time');
    await ended(run, 'cancelled');
    expect(await world.prepared()).toBe(0);
    await goOn();
    expect(await world.run(run)).toMatchObject({ state: 'cancelled' });
    expect(await counters()).toEqual([0, 0]);
    const events = await world.deps.store.organization(world.subject.organizationUuid).runEvents(run, 0);
    expect(events.map(({ type }) => type)).not.toContain('commit_decided');
  });

  // Protocol: I11
  it('that comes after T2 is too late: the run commits', async () => {
    await world.migration('too-late', [count(0), count(1)]);
    const { run, goOn } = await heldAt('after-decide', 'too-late');
    await expect(cancel('too-late')).rejects.toMatchObject({
      code: 'RUN_NOT_CANCELLABLE',
      context: { run_uuid: run, state: 'committing' },
    });
    await goOn();
    expect(await world.run(run)).toMatchObject({ state: 'succeeded', cancelledBy: null });
    expect(await counters()).toEqual([1, 1]);
    await expect(cancel('too-late')).rejects.toMatchObject({ code: 'NO_RUN_IN_PROGRESS' });
  });

  it('is undone at once when the worker is dead, whatever is left of its lease', async () => {
    await world.migration('orphaned', [count(0), count(1)]);
    const run = await world.request('orphaned');
    await consumeRun(world.dying('before-decide'), run, NEVER);
    expect(await world.run(run)).toMatchObject({ state: 'running' });
    await cancel('orphaned');
    await ended(run, 'cancelled');
    expect(await world.prepared()).toBe(0);
  });

  it('of a rollback leaves the migration completed, and it can be rolled back later', async () => {
    const rollback = 'DROP TABLE kept';
    const query = 'CREATE TABLE kept (n int)';
    await world.migration('kept', [
      { database: 0, query, rollback },
      { database: 1, query, rollback },
    ]);
    await world.finish(await world.request('kept'));
    const { run, goOn } = await heldAt('before-decide', 'kept', 'rollback');
    await cancel('kept');
    await ended(run, 'cancelled');
    await goOn();
    expect(await stateOf('kept')).toBe('Completed');
    for (const database of [0, 1] as const) expect(await world.query(database, 'SELECT * FROM kept')).toEqual([]);
    expect(await world.finish(await world.request('kept', 'rollback'))).toMatchObject({ state: 'succeeded' });
  });

  it('that comes twice is answered twice with the same run', async () => {
    await world.migration('twice', [count(0)]);
    const { run, goOn } = await heldAt('before-prepare', 'twice');
    const [first, second] = await Promise.all([cancel('twice'), cancel('twice')]);
    expect([first.uuid, second.uuid]).toEqual([run, run]);
    await ended(run, 'cancelled');
    expect(await cancel('twice')).toMatchObject({ uuid: run, state: 'cancelled' });
    await goOn();
  });

  it('of a sync takes the migrate behind it along, and the plan stays as it was', async () => {
    await world.migration('resync', [count(0)]);
    const sync = await world.request('resync', 'sync');
    const behind = await world.request('resync');
    expect(await cancel('resync')).toMatchObject({ uuid: sync, state: 'cancelled' });
    expect(await world.run(behind)).toMatchObject({ state: 'cancelled', cancelledBy: 'ann' });
    expect(await world.finish(await world.request('resync'))).toMatchObject({ state: 'succeeded' });
  });

  it('is over before anything new is accepted: who asks again joins no run that will not be', async () => {
    await recovery.stop();
    await world.migration('again', [count(0)]);
    const { goOn } = await heldAt('before-prepare', 'again');
    await cancel('again');
    await expect(world.request('again')).rejects.toMatchObject({ code: 'RUN_IN_PROGRESS' });
    await goOn();
  });

  it('of a sync on its way to another worker lets no migrate queue up behind it, which would wait for ever', async () => {
    await world.migration('handed', [count(0)]);
    const drain = new AbortController();
    const worker = world.worker((point) => {
      if (point === 'after-start') drain.abort();
      if (point === 'after-begin-abort') throw new EdenError('FENCED');
    });
    const sync = await world.request('handed', 'sync');
    await consumeRun(worker, sync, drain.signal);
    expect(await cancel('handed')).toMatchObject({ uuid: sync, state: 'aborting' });
    await expect(world.request('handed')).rejects.toMatchObject({ code: 'RUN_IN_PROGRESS' });
  });

  it('is audited, once', async () => {
    await world.migration('audited', [count(0)]);
    const run = await world.request('audited');
    await cancel('audited');
    await cancel('audited');
    const sql = `SELECT actor, subject, data->>'run_uuid' AS run FROM audit
                  WHERE action = 'migration.cancel' AND subject = 'audited'`;
    const { rows } = await withClient(control.url, (client) => client.query(sql));
    expect(rows).toEqual([{ actor: 'ann', subject: 'audited', run }]);
  });
});

it('nothing to cancel is said so', async () => {
  await world.migration('idle', [count(0)]);
  await expect(cancel('idle')).rejects.toMatchObject({ code: 'NO_RUN_IN_PROGRESS', context: { state: 'succeeded' } });
});

it('while a run is at work, whatever would change what it does is refused with its uuid', async () => {
  const { deps, subject } = world;
  await world.migration('busy', [count(0)]);
  await createApi(deps, subject, { id: 'newcomer', description: null, fields: [], bindings: [] });
  const { run, goOn } = await heldAt('before-prepare', 'busy');
  const refused = { code: 'RUN_IN_PROGRESS', context: { run_uuid: run, suggestion: expect.any(String) } };
  const addition = { api: 'newcomer', bindings: [], stage: 0, next: null };
  const attempts = [
    () => deleteMigration(deps, subject, 'busy'),
    () => updateMigration(deps, subject, 'busy', { parameters: { n: 2 } }),
    () => addApiToMigration(deps, subject, 'busy', addition),
    () => removeApiFromMigration(deps, subject, 'busy', 'busy-0'),
    () => requestRun(deps, subject, 'busy', { kind: 'migrate', overrides: { n: 2 } }),
    () => requestRun(deps, subject, 'busy', { kind: 'sync', overrides: {} }),
    () => updateTemplate(deps, subject, 'busy-0', { endpoint: 'db-1' }),
  ];
  for (const attempt of attempts) await expect(attempt()).rejects.toMatchObject(refused);
  await goOn();
  expect(await world.run(run)).toMatchObject({ state: 'succeeded' });
});
