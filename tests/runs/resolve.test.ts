import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addApiToMigration, createApi, createTemplate, resolveRun } from '@eden/coordinator';
import type { CrashPoint, Run, Uuid } from '@eden/domain';
import { consumeRun, recoverRuns } from '@eden/engine';
import { eventually } from '@eden/testkit';
import type { WorldDeps } from './run-world.js';
import { NEVER, RunWorld } from './run-world.js';

let world: RunWorld;

beforeAll(async () => {
  world = await RunWorld.create({ LOCK_TTL_MS: '3000' });
  for (const database of [0, 1] as const) await world.query(database, 'CREATE TABLE counter AS SELECT 0 AS n');
  const read = { description: null, endpoint: 'db-0', kind: 'Read', settings: {} } as const;
  for (const id of ['old', 'new']) {
    await createTemplate(world.deps, world.subject, { ...read, id, body: { query: `SELECT '${id}' AS version` } });
  }
});

afterAll(() => world.close());

/** A migration over both databases, and an API that becomes another one by it. */
async function migration(id: string): Promise<void> {
  const steps = ([0, 1] as const).map((database) => ({ database, query: 'UPDATE counter SET n = n + 1' }));
  await world.migration(id, steps, async () => {
    const { deps, subject } = world;
    await createApi(deps, subject, { id, description: null, fields: [], bindings: [{ template: 'old', fields: {} }] });
    const next = { bindings: [{ template: 'new', fields: {} }] };
    await addApiToMigration(deps, subject, id, { api: id, bindings: [], stage: 0, next });
  });
}

/** The run's worker is gone at the point. */
async function dieAt(point: CrashPoint, id: string): Promise<Uuid> {
  const run = await world.request(id);
  await consumeRun(world.dying(point), run, NEVER);
  return run;
}

async function recover(run: Uuid, worker: WorldDeps = world.worker()): Promise<Run> {
  return eventually(async () => {
    await recoverRuns(worker, NEVER);
    const now = await world.run(run);
    if (now.state !== 'in_doubt') throw new Error(now.state);
    return now;
  });
}

const EVERYTHING = 'true';
/** What tells once more, and not first, that the run has been committed. */
const NOT_THE_WITNESS = `gid ~ '_1_[0-9a-f]{16}$'`;

/** Somebody rolls back by hand what the run has prepared. */
async function rollBack(which: string): Promise<void> {
  for (const database of [0, 1] as const) {
    const sql = `SELECT gid FROM pg_prepared_xacts WHERE database = current_database() AND ${which}`;
    for (const { gid } of await world.query(database, sql)) {
      await world.query(database, `ROLLBACK PREPARED '${String(gid)}'`);
    }
  }
}

async function doubtful(id: string): Promise<Uuid> {
  await migration(id);
  const run = await dieAt('after-decide', id);
  await rollBack(NOT_THE_WITNESS);
  await recover(run);
  return run;
}

/** State of the migration, and what its API has become. */
async function outcome(id: string): Promise<unknown> {
  const organization = world.deps.store.organization(world.subject.organizationUuid);
  const { bindings, membership } = await organization.api(id);
  const [template] = (await organization.templatesByUuid(bindings.map((b) => b.templateUuid))).values();
  return [(await organization.migration(id)).state, template?.id, membership?.active];
}

const resolve = (id: string, decision: 'commit' | 'abort') =>
  resolveRun(world.deps, world.subject, id, { decision, reason: 'looked at both databases' });

describe('a run in doubt', () => {
  it('says of every database in doubt what is known of it', async () => {
    const run = await doubtful('evident');
    const { error } = await world.run(run);
    const [, other] = await world.deps.journal.participants(run);
    const n = world.databases.findIndex(({ name }) => name === other?.database.name);
    const databases = [
      { endpoint_id: `db-${n}`, prepared_id: other?.preparedId, apis: [`evident-${n}`], ledger: 'absent' },
    ];
    expect(error).toMatchObject({ code: 'RUN_IN_DOUBT', context: { decided: true } });
    expect(error?.context['databases']).toEqual(
      expect.arrayContaining(databases.map((database) => expect.objectContaining(database))),
    );
    await resolve('evident', 'abort');
  });

  // Protocol: I14
  it('that is resolved by commit is complete, with the new definitions', async () => {
    const run = await doubtful('kept');
    expect(await resolve('kept', 'commit')).toMatchObject({ uuid: run, state: 'succeeded', error: null });
    expect(await outcome('kept')).toEqual(['Completed', 'new', false]);
    const organization = world.deps.store.organization(world.subject.organizationUuid);
    const [last] = (await organization.runEvents(run, 0)).slice(-1);
    expect(last).toMatchObject({
      type: 'finished',
      data: { state: 'succeeded', resolved: { decision: 'commit', reason: 'looked at both databases', actor: 'ann' } },
    });
    expect(await world.deps.journal.inDoubt()).toMatchObject({ runs: 0 });
  });

  // Protocol: I14
  it('that is resolved by abort has failed, with the definitions as they were, and can be tried again', async () => {
    await doubtful('dropped');
    expect(await resolve('dropped', 'abort')).toMatchObject({ state: 'failed', error: { code: 'RUN_IN_DOUBT' } });
    expect(await outcome('dropped')).toEqual(['Failed', 'old', true]);
    expect(await world.finish(await world.request('dropped', 'sync'))).toMatchObject({ state: 'succeeded' });
    expect(await world.finish(await world.request('dropped'))).toMatchObject({ state: 'succeeded' });
    expect(await outcome('dropped')).toEqual(['Completed', 'new', false]);
  });

  it('is resolved once: there is nothing to resolve before, nor afterwards', async () => {
    await migration('plain');
    await expect(resolve('plain', 'commit')).rejects.toMatchObject({ code: 'RUN_NOT_IN_DOUBT' });
    await world.finish(await world.request('plain'));
    await expect(resolve('plain', 'abort')).rejects.toMatchObject({ code: 'RUN_NOT_IN_DOUBT' });
    expect(await outcome('plain')).toEqual(['Completed', 'new', false]);
  });
});

// Protocol: I14, I16
describe('a run that another installation has begun', () => {
  /** A worker on a copy of the control database, restored elsewhere. */
  function workerOfCopy(): WorldDeps {
    const journal = { ...world.deps.journal, installation: () => Promise.resolve('copy') };
    return world.worker(undefined, { journal });
  }

  it.each<[CrashPoint, boolean, 'commit' | 'abort', unknown[]]>([
    ['after-prepare', false, 'abort', ['Failed', 'old', true]],
    ['after-prepare', false, 'commit', ['Completed', 'new', false]],
    ['after-decide', true, 'commit', ['Completed', 'new', false]],
  ])('at %s is left alone, and ends as a person decides', async (point, decided, decision, expected) => {
    const id = `copied-${point}-${decision}`;
    await migration(id);
    const run = await dieAt(point, id);
    const before = await world.prepared();
    expect(before).toBeGreaterThan(0);
    const { error } = await recover(run, workerOfCopy());
    expect(error?.context).toMatchObject({ decided, databases: [{ ledger: 'not read' }, { ledger: 'not read' }] });
    expect(await world.prepared()).toBe(before);
    await resolve(id, decision);
    expect(await outcome(id)).toEqual(expected);
    await rollBack(EVERYTHING);
  });
});
