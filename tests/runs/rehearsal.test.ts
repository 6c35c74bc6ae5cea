import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { approvePlan, createTemplate, requestRun, updateApi } from '@eden/coordinator';
import { EdenError, type CrashPoint, type Plan, type Run, type Uuid } from '@eden/domain';
import { consumeRun, recoverRuns, sweepOrphans } from '@eden/engine';
import { eventually } from '@eden/testkit';
import { NEVER, RunWorld, type WorldDeps } from './run-world.js';

let world: RunWorld;

beforeAll(async () => {
  world = await RunWorld.create({ LOCK_TTL_MS: '3000' });
  await world.query(0, 'CREATE TABLE counter AS SELECT 0 AS n; CREATE SEQUENCE s');
  await world.query(1, 'CREATE TABLE counter AS SELECT 0 AS n');
});

afterAll(() => world.close());

const STEPS = [
  { database: 0, query: 'UPDATE counter SET n = n + 1', stage: 0 },
  { database: 1, query: 'ALTER TABLE counter ADD COLUMN more int', stage: 1 },
  { database: 1, query: 'UPDATE counter SET more = n', stage: 2 },
] as const;

let count = 0;

/** Synced, and of two databases. */
async function newMigration(steps: Parameters<RunWorld['migration']>[1] = STEPS, options = {}): Promise<string> {
  const id = `m${(count += 1)}`;
  await world.migration(id, steps, undefined, options);
  return id;
}

async function rehearse(id: string, deps: WorldDeps = world.worker()): Promise<Run> {
  const uuid = await world.request(id, 'sync', { rehearse: true });
  await consumeRun(deps, uuid, NEVER);
  return world.run(uuid);
}

function organization() {
  return world.deps.store.organization(world.subject.organizationUuid);
}

async function planOf(id: string): Promise<Plan> {
  const plan = await organization().plan((await organization().migration(id)).uuid);
  if (plan === null) throw new Error('no plan');
  return plan;
}

async function typesOf(run: Uuid): Promise<readonly string[]> {
  return (await organization().runEvents(run, 0)).map(({ type }) => type);
}

/** As it was before: rows and schema, nothing prepared, and no gate or table that somebody keeps closed. */
async function expectUntouched(): Promise<void> {
  expect(await world.prepared()).toBe(0);
  expect(await world.query(0, 'SELECT n FROM counter')).toEqual([{ n: 0 }]);
  expect(await world.query(1, 'SELECT * FROM counter')).toEqual([{ n: 0 }]);
  for (const database of [0, 1]) {
    expect(await world.query(database, 'SELECT FROM _eden.ledger')).toEqual([]);
    expect(await world.query(database, 'SELECT FROM _eden.gate')).toEqual([]);
    const held = `SELECT FROM pg_locks l JOIN pg_database d ON d.oid = l.database AND d.datname = current_database()
                   WHERE locktype = 'advisory' OR mode = 'AccessExclusiveLock'`;
    expect(await world.query(database, held)).toEqual([]);
  }
}

// Protocol: I36
describe('a rehearsal', () => {
  it('runs everything and takes it back, and the plan tells what was locked and for how long', async () => {
    const id = await newMigration();
    const { hash } = await planOf(id);
    const run = await rehearse(id);
    expect(run).toMatchObject({ state: 'succeeded', token: '' });
    await expectUntouched();
    const plan = await planOf(id);
    expect(plan.hash).toBe(hash);
    expect(plan.apis.map(({ bindings }) => bindings[0]?.rehearsed?.rows)).toEqual([1, 0, 1]);
    const [first, second] = plan.databases.map(({ identity }) =>
      plan.rehearsal?.databases.find(({ key }) => key === identity.key),
    );
    const all = [...(first?.locks ?? []), ...(second?.locks ?? [])];
    expect(all).toContainEqual({
      object: 'public.counter',
      mode: 'AccessExclusiveLock',
      step: `${id}-1`,
      heldMs: expect.any(Number),
    });
    expect(all).toContainEqual({
      object: 'public.counter',
      mode: 'RowExclusiveLock',
      step: `${id}-0`,
      heldMs: expect.any(Number),
    });
    expect(first?.walBytes).toBeGreaterThan(0);
    expect(await typesOf(run.uuid)).toEqual(
      expect.arrayContaining(['started', 'rehearsing', 'api_finished', 'finished']),
    );
    expect((await world.apis(run.uuid)).map(({ state }) => state)).toEqual([
      'rolled_back',
      'rolled_back',
      'rolled_back',
    ]);
    // A plain sync says nothing of an earlier rehearsal.
    await consumeRun(world.worker(), await world.request(id, 'sync'), NEVER);
    expect((await planOf(id)).rehearsal).toBeUndefined();
  });

  it('closes the gates as a migrate does', async () => {
    const id = `m${(count += 1)}`;
    await world.migration(id, STEPS, async () => {
      const read = {
        id: `${id}-read`,
        description: null,
        endpoint: 'db-0',
        kind: 'Read',
        body: { query: 'SELECT 1' },
        settings: {},
      } as const;
      await createTemplate(world.deps, world.subject, read);
      await updateApi(world.deps, world.subject, `${id}-0`, { bindings: [{ template: read.id, fields: {} }] });
    });
    const gates: unknown[] = [];
    const worker = world.worker(async (point) => {
      if (point !== 'after-bindings') return;
      const held = "SELECT FROM pg_locks WHERE locktype = 'advisory' AND mode = 'ExclusiveLock' AND granted";
      gates.push(...(await world.query(0, held)));
    });
    expect(await rehearse(id, worker)).toMatchObject({ state: 'succeeded' });
    // The run lock and the gate, in the first database; its server may hold others.
    expect(gates.length).toBeGreaterThanOrEqual(2);
    await expectUntouched();
  });

  it('is another request than a sync without one, and joins an equal one', async () => {
    const id = await newMigration();
    const asked = (rehearsing: boolean) =>
      requestRun(world.deps, world.subject, id, { kind: 'sync', overrides: {}, rehearse: rehearsing });
    const run = await asked(true);
    expect((await asked(true)).uuid).toBe(run.uuid);
    await expect(asked(false)).rejects.toMatchObject({ code: 'RUN_IN_PROGRESS' });
    await consumeRun(world.worker(), run.uuid, NEVER);
  });

  it('takes no approval away, and none is given meanwhile', async () => {
    const [id, other] = [await newMigration(STEPS, { approval: true }), await newMigration(STEPS, { approval: true })];
    const bob = { ...world.subject, username: 'bob' };
    expect(await approvePlan(world.deps, bob, id, undefined)).toMatchObject({ approval: { approvedBy: 'bob' } });
    for (const each of [id, other]) await world.request(each, 'sync', { rehearse: true });
    expect(await approvePlan(world.deps, bob, id, undefined)).toMatchObject({ approval: { approvedBy: 'bob' } });
    await expect(approvePlan(world.deps, bob, other, undefined)).rejects.toMatchObject({ code: 'RUN_IN_PROGRESS' });
    const migrate = await world.request(other);
    for (const each of [id, other]) await world.finish(await world.request(each, 'sync', { rehearse: true }));
    expect((await organization().migration(id)).approval).toMatchObject({ planHash: (await planOf(id)).hash });
    // It waited behind the sync, whose plan nobody has approved.
    expect(await world.finish(migrate)).toMatchObject({
      state: 'failed',
      error: { code: 'MIGRATION_AWAITS_APPROVAL' },
    });
    await expectUntouched();
  });

  it('that fails says what has, and leaves migration and databases as they were', async () => {
    const failing = [...STEPS, { database: 0, query: 'SELECT 1 / (n * 0) FROM counter', stage: 3 }] as const;
    const id = await newMigration(failing);
    const before = await planOf(id);
    const run = await rehearse(id);
    expect(run).toMatchObject({
      state: 'failed',
      token: '',
      error: { code: 'REHEARSAL_FAILED', context: { errors: [{ api_id: `${id}-3`, sqlstate: '22012' }] } },
    });
    expect((await planOf(id)).hash).toBe(before.hash);
    expect((await organization().migration(id)).state).toBe('Pending');
    await expectUntouched();
  });

  it('finds what only the end of a transaction shows', async () => {
    await world.query(
      1,
      'CREATE TABLE parent (id int PRIMARY KEY); CREATE TABLE child (id int REFERENCES parent DEFERRABLE INITIALLY DEFERRED)',
    );
    const id = await newMigration([STEPS[0], { database: 1, query: 'INSERT INTO child VALUES (1)' }]);
    expect(await rehearse(id)).toMatchObject({
      state: 'failed',
      error: { code: 'REHEARSAL_FAILED', context: { errors: [{ sqlstate: '23503' }] } },
    });
    await expectUntouched();
  });

  it('is refused where something would stay, with all that would', async () => {
    const outside = {
      database: 1,
      query: 'CREATE INDEX CONCURRENTLY i ON counter (n)',
      transactional: false,
      stage: 9,
    } as const;
    const id = await newMigration([STEPS[0], outside], { atomicity: 'best' });
    expect(await rehearse(id)).toMatchObject({
      state: 'failed',
      error: {
        code: 'REHEARSAL_REFUSED',
        context: { reasons: [`${id}-1, ${id}-1: runs outside the transaction on db-1`] },
      },
    });
    await expectUntouched();
  });

  it.each([
    ['dblink', "SELECT dblink('dbname=' || current_database(), 'UPDATE counter SET n = 7')"],
    [
      'dblink_exec',
      "DO $$ BEGIN PERFORM dblink_exec('dbname=' || current_database(), 'UPDATE counter SET n = 7'); END $$",
    ],
    ['COPY … PROGRAM', "COPY counter TO PROGRAM 'cat'"],
    ['COPY … TO a file', "COPY counter TO '/tmp/counter'"],
    ['lo_export', "SELECT lo_export(1, '/tmp/counter')"],
    ['setval', "SELECT setval('s', 9)"],
  ])('is refused where %s takes effect at once, before any of it has run', async (name, query) => {
    const id = await newMigration([STEPS[0], { database: 0, query, stage: 9 }]);
    const { error } = await rehearse(id);
    expect(error).toMatchObject({
      code: 'REHEARSAL_REFUSED',
      context: { reasons: [expect.stringMatching(`^${id}-1, ${id}-1: ${name}: takes effect at once and for good`)] },
    });
    expect(await world.query(0, 'SELECT last_value::int AS n FROM s')).toEqual([{ n: 1 }]);
    expect((await world.query(0, 'SELECT is_called FROM s'))[0]).toEqual({ is_called: false });
    await expectUntouched();
  });

  it('runs where a sequence advances, which the plan has said before and which is not set back', async () => {
    const advances = { database: 0, query: "INSERT INTO counter SELECT nextval('s')", stage: 9 } as const;
    const id = await newMigration([...STEPS, advances]);
    const said = async () => (await planOf(id)).apis.at(-1)?.bindings[0]?.findings;
    const message = expect.stringContaining('is not set back');
    const found = expect.objectContaining({ rule: 'sequence-advances', message });
    expect(await said()).toContainEqual(found);
    expect(await rehearse(id)).toMatchObject({ state: 'succeeded', error: null });
    expect(await said()).toContainEqual(found);
    expect(await world.query(0, 'SELECT is_called FROM s')).toEqual([{ is_called: true }]);
    await expectUntouched();
  });
});

const POINTS: readonly (readonly [CrashPoint, number])[] = [
  // The second one is behind the record of its participants.
  ['after-start', 2],
  ['after-begin', 1],
  ['after-bindings', 1],
  ['after-prepare', 1],
  ['after-prepare', 2],
];

/** Once it is dead, these methods do nothing any more. */
function whileAlive<T extends object>(object: T, names: readonly string[], died: () => boolean): T {
  return new Proxy(object, {
    get: (target, name) => {
      if (died() && names.includes(String(name))) return () => Promise.reject(new EdenError('FENCED'));
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (...args: unknown[]): unknown => Reflect.apply(value, target, args) : value;
    },
  });
}

/** A worker that is gone when it comes to the point for the nth time: it writes nothing any more, nowhere. */
function gone(at: CrashPoint, times: number): WorldDeps {
  const { journal, targets } = world.deps;
  let left = times;
  const died = (): boolean => left <= 0;
  const die = (point: CrashPoint): void => {
    if (point === at) left -= 1;
    if (died()) throw new EdenError('FENCED');
  };
  const adapter: typeof targets.adapter = (kind) => whileAlive(targets.adapter(kind), ['openSettlement'], died);
  return world.worker(die, {
    journal: whileAlive(journal, Object.keys(journal), died),
    targets: { adapter, checkConfig: (...args) => targets.checkConfig(...args) },
  });
}

// Protocol: I36
describe('a rehearsal whose worker is killed', () => {
  it.each(POINTS)('%s (%d) leaves nothing, and is begun again', async (point, times) => {
    const id = await newMigration();
    const uuid = await world.request(id, 'sync', { rehearse: true });
    await consumeRun(gone(point, times), uuid, NEVER).catch(() => undefined);
    await eventually(async () => {
      await recoverRuns(world.worker(), NEVER);
      expect(await world.run(uuid)).toMatchObject({ state: 'queued', attempt: 2 });
    });
    await expectUntouched();
    await consumeRun(world.worker(), uuid, NEVER);
    expect(await world.run(uuid)).toMatchObject({ state: 'succeeded' });
    expect((await planOf(id)).rehearsal).toBeDefined();
    await expectUntouched();
  });

  it('after it was cancelled leaves what the next sweep rolls back, and nobody commits', async () => {
    const id = await newMigration();
    const uuid = await world.request(id, 'sync', { rehearse: true });
    await consumeRun(gone('after-prepare', 2), uuid, NEVER).catch(() => undefined);
    expect(await world.prepared()).toBe(2);
    await organization().transact(async (tx) => {
      const [run] = await tx.unfinishedRuns((await tx.migration(id)).uuid);
      if (run !== undefined) await tx.cancelRun(run, 'ann');
    });
    expect(await world.run(uuid)).toMatchObject({ state: 'cancelled' });
    await sweepOrphans(world.worker());
    await expectUntouched();
  });
});
