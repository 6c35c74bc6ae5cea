import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Plan, Run, Uuid } from '@eden/domain';
import { consumeRun, recoverRuns } from '@eden/engine';
import { eventually } from '@eden/testkit';
import { NEVER, RunWorld } from './run-world.js';
import type { Step } from './run-world.js';

let world: RunWorld;
let migrations = 0;

beforeAll(async () => {
  world = await RunWorld.create({ LOCK_TTL_MS: '3000' });
});

afterAll(() => world.close());

beforeEach(async () => {
  for (const database of [0, 1] as const) {
    await world.query(database, 'DROP TABLE IF EXISTS counter; CREATE TABLE counter AS SELECT 0 AS n');
  }
});

const count = (database: 0 | 1): Step => ({
  database,
  query: 'UPDATE counter SET n = n + 1',
  rollback: 'UPDATE counter SET n = n - 1',
});

async function counters(): Promise<unknown[]> {
  const both = await Promise.all([world.query(0, 'SELECT n FROM counter'), world.query(1, 'SELECT n FROM counter')]);
  return both.flat().map(({ n }) => n);
}

async function prepareMigration(steps: readonly Step[]): Promise<string> {
  const id = `m${(migrations += 1)}`;
  await world.migration(id, steps);
  return id;
}

async function planOf(id: string): Promise<Plan | null> {
  const organization = world.deps.store.organization(world.subject.organizationUuid);
  return organization.plan((await organization.migration(id)).uuid);
}

/** Of the plan, by the database's name. */
async function classesOf(id: string): Promise<Record<string, string>> {
  const databases = (await planOf(id))?.databases ?? [];
  return Object.fromEntries(databases.map(({ identity, class: participant }) => [identity.name, participant]));
}

async function eventTypes(run: Uuid): Promise<string[]> {
  const events = await world.deps.store.organization(world.subject.organizationUuid).runEvents(run, 0);
  return events.map(({ type }) => type);
}

/** Statements that reached the server since, as its statistics count them, would be late: the log of prepared ids is asked. */
async function finishUnprepared(run: Uuid): Promise<Run> {
  const seen: number[] = [];
  const worker = world.worker(async () => void seen.push(await world.prepared()));
  const ended = await world.finish(run, worker);
  expect(seen).not.toHaveLength(0);
  expect(Math.max(...seen)).toBe(0);
  return ended;
}

describe('a migration over a single database', () => {
  // Protocol: I13
  it('commits in one phase, whatever its transaction holds, and so does its rollback', async () => {
    await world.query(0, 'DROP MATERIALIZED VIEW IF EXISTS seen');
    const steps: readonly Step[] = [
      count(0),
      { database: 0, query: 'CREATE MATERIALIZED VIEW seen AS SELECT n FROM counter', rollback: 'SELECT 1' },
      { database: 0, query: 'CREATE UNIQUE INDEX ON seen (n)', rollback: 'SELECT 1' },
      { database: 0, query: 'REFRESH MATERIALIZED VIEW CONCURRENTLY seen', rollback: 'DROP MATERIALIZED VIEW seen' },
      { database: 0, query: "NOTIFY counters, 'changed'", rollback: 'NOTIFY counters' },
      { database: 0, query: 'CREATE TEMP TABLE aside AS SELECT n FROM counter', rollback: 'SELECT 1' },
      { database: 0, query: 'DECLARE c CURSOR WITH HOLD FOR SELECT n FROM aside', rollback: 'SELECT 1' },
    ];
    const id = await prepareMigration(steps);
    expect(await planOf(id)).toMatchObject({
      atomicity: 'atomic',
      databases: [{ class: 'last-resource', reason: expect.stringContaining('one phase') }],
    });
    const run = await world.request(id);
    expect(await finishUnprepared(run)).toMatchObject({ state: 'succeeded', attempt: 1 });
    expect(await counters()).toEqual([1, 0]);
    const types = await eventTypes(run);
    expect(types.slice(-4)).toEqual(['deciding', 'commit_decided', 'target_committed', 'finished']);
    expect(types).not.toContain('prepared');
    const back = await world.request(id, 'rollback');
    expect(await finishUnprepared(back)).toMatchObject({ state: 'succeeded' });
    expect(await counters()).toEqual([0, 0]);
  });

  it('fails with nothing changed where what is deferred to its end does not hold', async () => {
    const id = await prepareMigration([
      count(0),
      { database: 0, query: 'CREATE TABLE u (n int UNIQUE DEFERRABLE INITIALLY DEFERRED)' },
      { database: 0, query: 'INSERT INTO u VALUES (1), (1)' },
    ]);
    expect(await finishUnprepared(await world.request(id))).toMatchObject({ state: 'failed' });
    expect(await counters()).toEqual([0, 0]);
    expect(await world.query(0, "SELECT FROM pg_class WHERE relname = 'u'")).toEqual([]);
  });

  // Protocol: I13, C4
  it.each([
    ['after-deciding', { state: 'succeeded', attempt: 2 }],
    ['after-last-resource', { state: 'succeeded', attempt: 1 }],
    ['after-decide', { state: 'succeeded', attempt: 1 }],
  ] as const)('whose worker dies at %s ends once, and as its ledger says', async (point, ended) => {
    const run = await world.request(await prepareMigration([count(0)]));
    await consumeRun(world.dying(point), run, NEVER);
    await eventually(async () => {
      await recoverRuns(world.worker(), NEVER);
      expect(['queued', 'succeeded']).toContain((await world.run(run)).state);
    });
    expect(await world.finish(run)).toMatchObject(ended);
    expect(await counters()).toEqual([1, 0]);
  });
});

describe('a migration over two databases', () => {
  it('has one as its last resource by a statement: what PostgreSQL cannot prepare runs there', async () => {
    const id = await prepareMigration([count(0), count(1), { database: 0, query: "NOTIFY counters, 'changed'" }]);
    expect(await classesOf(id)).toEqual({
      [world.databases[0].name]: 'last-resource',
      [world.databases[1].name]: 'two-phase',
    });
    expect(await world.finish(await world.request(id))).toMatchObject({ state: 'succeeded' });
    expect(await counters()).toEqual([1, 1]);
  });
});

describe('what a trigger does against PREPARE', () => {
  beforeEach(() => forEachDatabase('DROP FUNCTION IF EXISTS shout CASCADE'));

  function forEachDatabase(sql: string): Promise<unknown> {
    return Promise.all([world.query(0, sql), world.query(1, sql)]);
  }

  const SHOUT = `CREATE FUNCTION shout() RETURNS trigger LANGUAGE plpgsql AS $$
     BEGIN CREATE TEMP TABLE aside (n int) ON COMMIT DROP; RETURN NULL; END $$;
     CREATE TRIGGER shout AFTER UPDATE ON counter EXECUTE FUNCTION shout();`;

  async function sync(id: string): Promise<Run> {
    return world.finish(await world.request(id, 'sync'));
  }

  it('aborts the run and says what to do; the next sync makes that database the last resource', async () => {
    await world.query(0, SHOUT);
    const id = await prepareMigration([count(0), count(1)]);
    expect(Object.values(await classesOf(id))).toEqual(['two-phase', 'two-phase']);
    const failed = await world.finish(await world.request(id));
    expect(failed).toMatchObject({ state: 'failed', error: { code: 'MIGRATION_EXECUTION_FAILED' } });
    expect(failed.error?.context['errors']).toMatchObject([
      { sqlstate: '0A000', suggestion: expect.stringMatching(/sync again.*DISABLE TRIGGER/) },
      { sqlstate: '0A000' },
    ]);
    expect(await counters()).toEqual([0, 0]);
    expect(await world.prepared()).toBe(0);

    expect(await sync(id)).toMatchObject({ state: 'succeeded' });
    const plan = await planOf(id);
    expect(plan?.atomicity).toBe('atomic');
    const last = plan?.databases.find(({ class: participant }) => participant === 'last-resource');
    expect(last).toMatchObject({ identity: { name: world.databases[0].name } });
    expect(last?.reason).toMatch(/could not be prepared when it ran.*temporary objects/);
    expect(await world.finish(await world.request(id))).toMatchObject({ state: 'succeeded' });
    expect(await counters()).toEqual([1, 1]);

    // A rollback has a plan of its own, and finds out for itself.
    expect(await world.finish(await world.request(id, 'rollback'))).toMatchObject({ state: 'failed' });
    expect(await world.finish(await world.request(id, 'rollback'))).toMatchObject({ state: 'succeeded' });
    expect(await counters()).toEqual([0, 0]);
  });

  it('is forgotten when the trigger goes: the database is prepared again', async () => {
    await world.query(0, SHOUT);
    const id = await prepareMigration([count(0), count(1)]);
    await world.finish(await world.request(id));
    await world.query(0, 'DROP FUNCTION shout CASCADE');
    expect(await sync(id)).toMatchObject({ state: 'succeeded' });
    expect(Object.values(await classesOf(id))).toEqual(['two-phase', 'two-phase']);
    expect(await world.finish(await world.request(id))).toMatchObject({ state: 'succeeded' });
  });

  // Protocol: I8
  it('in two databases is refused at sync, with what each of them has shown', async () => {
    await forEachDatabase(SHOUT);
    const id = await prepareMigration([count(0), count(1)]);
    await world.finish(await world.request(id));
    let refused = await sync(id);
    // One run shows one of them at least.
    if (refused.state === 'succeeded') {
      await world.finish(await world.request(id));
      refused = await sync(id);
    }
    expect(refused).toMatchObject({ state: 'failed', error: { code: 'ATOMICITY_REFUSED' } });
    const [several, ...reasons] = refused.error?.context['reasons'] as string[];
    expect(several).toContain('2 databases');
    for (const { name } of world.databases) {
      expect(reasons).toContainEqual(expect.stringMatching(new RegExp(`^${name}: .*temporary objects.*by itself$`)));
    }
    expect(await counters()).toEqual([0, 0]);
  });
});
