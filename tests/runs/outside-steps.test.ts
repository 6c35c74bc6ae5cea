import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cancelRun, resolveRun } from '@eden/coordinator';
import type { CrashPoint, MigrationOptions, OutsideStep, Run, Uuid } from '@eden/domain';
import { isFinished } from '@eden/domain';
import { consumeRun, recoverRuns } from '@eden/engine';
import { eventually, withClient } from '@eden/testkit';
import type { Reached, Step, WorldDeps } from './run-world.js';
import { NEVER, RunWorld } from './run-world.js';

const INDEX =
  "SELECT i.indisvalid AS valid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE c.relname = 'by_name'";
const COLUMN = "SELECT FROM information_schema.columns WHERE table_name = 'people' AND column_name = 'tier'";
const BUILD: Step = { database: 0, query: 'CREATE INDEX CONCURRENTLY by_name ON people (name)' };
const ALTER: Step = { database: 0, query: 'ALTER TABLE people ADD COLUMN tier text' };
const ALTER_OTHER: Step = { ...ALTER, database: 1 };
const FAIL: Step = { database: 1, query: 'SELECT 1 / 0' };

let world: RunWorld;
let count = 0;

beforeAll(async () => {
  world = await RunWorld.create({ LOCK_TTL_MS: '3000' });
});

afterAll(() => world.close());

/** Both databases as they were, and a migration of these steps. */
async function arrange(steps: readonly Step[], options: MigrationOptions = {}): Promise<string> {
  for (const database of [0, 1]) {
    await world.query(database, 'DROP TABLE IF EXISTS people; CREATE TABLE people (name text)');
    await world.query(database, "INSERT INTO people SELECT 'p' || n FROM generate_series(1, 100) n");
  }
  count += 1;
  const id = `outside-${count}`;
  await world.migration(id, steps, undefined, { atomicity: 'best', ...options });
  return id;
}

/** As workers do until the run has ended or waits for a person. */
async function finish(uuid: Uuid, deps: WorldDeps = world.worker()): Promise<Run> {
  for (;;) {
    const run = await world.run(uuid);
    if (isFinished(run.state) || run.state === 'in_doubt') return run;
    await consumeRun(deps, uuid, NEVER);
    await recoverRuns(deps, NEVER);
  }
}

function steps(uuid: Uuid): Promise<readonly OutsideStep[]> {
  return world.deps.store.organization(world.subject.organizationUuid).outsideSteps(uuid);
}

async function found(): Promise<object> {
  return {
    index: (await world.query(0, INDEX))[0]?.['valid'] ?? 'absent',
    columns: [(await world.query(0, COLUMN)).length, (await world.query(1, COLUMN)).length],
    prepared: await world.prepared(),
  };
}

const DONE = { index: true, columns: [1, 1], prepared: 0 };
const UNDONE = { index: 'absent', columns: [0, 0], prepared: 0 };

/** In a state that needs a person the run is looked at as it stands. */
async function resolve(id: string, decision: 'commit' | 'abort' | 'retry'): Promise<Run> {
  return resolveRun(world.deps, world.subject, id, { decision, reason: 'looked at it' });
}

// Protocol: I35
describe('an index that is built before the atomic part', () => {
  it('stays when the run succeeds, and is shown as a step of its own', async () => {
    const id = await arrange([BUILD, ALTER, ALTER_OTHER]);
    const run = await finish(await world.request(id));
    expect(run).toMatchObject({ state: 'succeeded', error: null });
    expect(await steps(run.uuid)).toMatchObject([
      { phase: 'before', class: 'compensable', state: 'done', attempts: 1 },
    ]);
    expect((await world.apis(run.uuid)).map(({ state, bindings }) => [state, bindings[0]?.state])).toEqual(
      Array.from({ length: 3 }, () => ['succeeded', 'succeeded']),
    );
    expect(await found()).toEqual(DONE);
  });

  it('goes again when the atomic part fails', async () => {
    const id = await arrange([BUILD, ALTER, ALTER_OTHER, FAIL]);
    const run = await finish(await world.request(id));
    expect(run).toMatchObject({ state: 'failed', error: { code: 'MIGRATION_EXECUTION_FAILED' } });
    expect(await steps(run.uuid)).toMatchObject([{ state: 'undone' }]);
    expect(await found()).toEqual(UNDONE);
  });

  it('is left alone when somebody else had made it', async () => {
    const id = await arrange([BUILD, ALTER]);
    await world.query(0, 'CREATE INDEX by_name ON people (name)');
    const uuid = await world.request(id);
    // The schema has changed since the sync.
    expect(await finish(uuid)).toMatchObject({ state: 'failed', error: { code: 'PLAN_OUT_OF_DATE' } });
    await syncAgain(id);
    const run = await finish(await world.request(id));
    expect(run).toMatchObject({ state: 'failed', error: { context: { errors: [{ sqlstate: '42P07' }] } } });
    expect(await found()).toEqual({ ...UNDONE, index: true });
  });

  it('is not taken for built where another one has left it invalid', async () => {
    const query = 'CREATE INDEX CONCURRENTLY IF NOT EXISTS by_name ON people (name)';
    const id = await arrange([{ ...BUILD, query }, ALTER]);
    await leaveInvalid();
    await syncAgain(id);
    const run = await finish(await world.request(id));
    expect(run).toMatchObject({ state: 'failed' });
    expect(JSON.stringify(run.error)).toContain('is there, invalid');
    expect(await found()).toEqual({ ...UNDONE, index: false });
  });

  it('is undone when the run is cancelled in the middle of it', async () => {
    const id = await arrange([BUILD, ALTER]);
    const uuid = await world.request(id);
    const cancelling = world.worker(async (point) => {
      if (point === 'after-step') await cancelRun(world.deps, world.subject, id);
    });
    await consumeRun(cancelling, uuid, NEVER);
    expect(await world.run(uuid)).toMatchObject({ state: 'compensating', cancelledBy: world.subject.username });
    expect(await finish(uuid)).toMatchObject({ state: 'cancelled' });
    expect(await found()).toEqual(UNDONE);
  });

  it('is not made by a worker that wakes up once its run has ended', async () => {
    const id = await arrange([BUILD, ALTER]);
    const uuid = await world.request(id);
    let isBegun = (): void => undefined;
    const begun = new Promise<void>((tell) => (isBegun = tell));
    let wakeUp = (): void => undefined;
    const sleep = new Promise<void>((tell) => (wakeUp = tell));
    const { journal } = world.deps;
    // Like a process that is stopped, it hears of nothing.
    const deaf = { ...journal, onReleased: () => () => undefined, heartbeat: () => Promise.resolve(true) };
    const stopped: Reached = async (point) => {
      if (point !== 'before-step') return;
      isBegun();
      await sleep;
    };
    const zombie = world.worker(stopped, { journal: deaf });
    const frozen = consumeRun(zombie, uuid, NEVER);
    await begun;
    await cancelRun(world.deps, world.subject, id);
    expect(await finish(uuid)).toMatchObject({ state: 'cancelled' });
    wakeUp();
    await frozen;
    expect(await found()).toEqual(UNDONE);
  });

  it('is built anew where a try has left it invalid', async () => {
    const id = await arrange([BUILD, ALTER]);
    const uuid = await world.request(id);
    await consumeRun(world.dying('before-step'), uuid, NEVER);
    await noteTry(uuid);
    await leaveInvalid();
    expect(await finish(uuid)).toMatchObject({ state: 'succeeded' });
    expect(await found()).toMatchObject({ index: true });
  });
});

/** What a worker has written just before it sends the statement. */
async function noteTry(uuid: Uuid): Promise<void> {
  const note = { 0: { index: { schema: 'public', name: 'by_name', existed: false } } };
  await world.query(
    0,
    `INSERT INTO _eden.step (run_uuid, number, epoch, state, note) VALUES ('${uuid}', 0, 1, 'doing', '${JSON.stringify(note)}')`,
  );
}

async function leaveInvalid(): Promise<void> {
  await world.query(0, "UPDATE people SET name = 'twice'");
  await expect(world.query(0, 'CREATE UNIQUE INDEX CONCURRENTLY by_name ON people (name)')).rejects.toThrow('by_name');
  expect(await world.query(0, INDEX)).toEqual([{ valid: false }]);
}

async function syncAgain(id: string): Promise<void> {
  const sync = await world.request(id, 'sync');
  await consumeRun(world.deps, sync, NEVER);
}

/** Those beside which the atomic part has none, and those where one goes over into the other. */
const POINTS: readonly CrashPoint[] = ['before-step', 'after-step', 'after-start', 'after-decide', 'before-complete'];

const FAILING_POINTS: readonly CrashPoint[] = ['before-finish-abort', 'before-compensation', 'after-compensation'];

// Protocol: I35
describe('a worker that dies', () => {
  it.each(POINTS)('at %s of a run that succeeds leaves everything done', async (point) => {
    const last: Step = { database: 1, query: 'CREATE INDEX CONCURRENTLY by_tier ON people (tier)', stage: 1 };
    const id = await arrange([BUILD, ALTER, ALTER_OTHER, last]);
    const uuid = await world.request(id);
    await world.dieAt(point, uuid);
    expect(await finish(uuid)).toMatchObject({ state: 'succeeded' });
    expect((await steps(uuid)).map(({ state }) => state)).toEqual(['done', 'done']);
    expect(await found()).toEqual(DONE);
    expect(await world.query(1, "SELECT FROM pg_class WHERE relname = 'by_tier'")).toHaveLength(1);
  });

  it.each(FAILING_POINTS)('at %s of a run that fails leaves everything undone', async (point) => {
    const id = await arrange([BUILD, ALTER, ALTER_OTHER, FAIL]);
    const uuid = await world.request(id);
    await world.dieAt(point, uuid);
    expect(await finish(uuid)).toMatchObject({ state: 'failed', error: { code: 'MIGRATION_EXECUTION_FAILED' } });
    expect(await found()).toEqual(UNDONE);
  });
});

/** Two databases, each with an index that is built before the atomic part. */
const BUILD_OTHER: Step = { ...BUILD, database: 1 };

/** Told once somebody else has come as well. */
function meeting(count: number): () => Promise<void> {
  let isComplete = (): void => undefined;
  const complete = new Promise<void>((tell) => (isComplete = tell));
  let come = 0;
  return () => {
    come += 1;
    if (come === count) isComplete();
    return complete;
  };
}

/** What a worker was at, point by point, of these. */
function recording(points: readonly CrashPoint[]): readonly [string[], Reached] {
  const seen: string[] = [];
  return [seen, (point, number) => void (points.includes(point) && seen.push(`${point} ${number ?? ''}`))];
}

async function indexes(): Promise<unknown[]> {
  const found = await Promise.all([0, 1].map((database) => world.query(database, INDEX)));
  return found.map(([row]) => row?.['valid'] ?? 'absent');
}

// Protocol: I35
describe('steps of several databases', () => {
  it('are under way at once, there and back', async () => {
    const id = await arrange([BUILD, BUILD_OTHER, ALTER, FAIL]);
    const uuid = await world.request(id);
    // Whoever came alone would wait for ever.
    const [there, back] = [meeting(2), meeting(2)];
    const worker = world.worker(async (point) => {
      if (point === 'after-step') await there();
      if (point === 'after-compensation') await back();
    });
    expect(await finish(uuid, worker)).toMatchObject({ state: 'failed' });
    expect((await steps(uuid)).map(({ state }) => state)).toEqual(['undone', 'undone']);
    expect(await indexes()).toEqual(['absent', 'absent']);
  });

  it('are behind the commit as well', async () => {
    const id = await arrange([ALTER, ALTER_OTHER, { ...BUILD, stage: 1 }, { ...BUILD_OTHER, stage: 1 }]);
    const there = meeting(2);
    const worker = world.worker(async (point) => {
      if (point === 'after-step') await there();
    });
    expect(await finish(await world.request(id), worker)).toMatchObject({ state: 'succeeded' });
    expect(await indexes()).toEqual([true, true]);
  });

  it.each([
    ['of which the run may have one at once', { max_parallel: 1 }, [BUILD, BUILD_OTHER]],
    ['of one stage and the next', {}, [BUILD, { ...BUILD_OTHER, stage: 1 }]],
    ['of one database', {}, [BUILD, { ...BUILD, query: 'CREATE INDEX CONCURRENTLY by_other ON people (name)' }]],
  ])('%s are one after the other, and back from the last one', async (_, options, builds) => {
    const id = await arrange([...builds, { ...FAIL, stage: 2 }], options);
    const [seen, reached] = recording(['before-step', 'after-step', 'before-compensation', 'after-compensation']);
    expect(await finish(await world.request(id), world.worker(reached))).toMatchObject({ state: 'failed' });
    expect(seen).toEqual([
      ...['before-step 0', 'after-step 0', 'before-step 1', 'after-step 1'],
      ...['before-compensation 1', 'after-compensation 1', 'before-compensation 0', 'after-compensation 0'],
    ]);
  });

  it('end those beside them when one fails, and all are taken back', async () => {
    const unique = 'CREATE UNIQUE INDEX CONCURRENTLY by_name ON people (name)';
    const id = await arrange([BUILD, { ...BUILD_OTHER, query: unique }, ALTER]);
    await world.query(1, "INSERT INTO people VALUES ('p1')");
    const uuid = await world.request(id);
    // The first one could wait for ever.
    await withClient(world.databases[0].url, async (holder) => {
      await holder.query("BEGIN; UPDATE people SET name = name WHERE name = 'p1'");
      const worker = world.worker(async (point, number) => {
        if (point === 'before-step' && number === 1) await eventually(isBuilding);
        if (point === 'before-compensation' && number === 0) await holder.query('COMMIT');
      });
      const run = await finish(uuid, worker);
      expect(run).toMatchObject({ state: 'failed', error: { context: { errors: [{ sqlstate: '23505' }] } } });
    });
    expect((await steps(uuid)).map(({ state, failures }) => [state, failures])).toEqual([
      ['undone', 0],
      ['undone', 0],
    ]);
    expect(await indexes()).toEqual(['absent', 'absent']);
  });

  it('are finished when one behind the commit fails, and nothing else is begun', async () => {
    const unique = 'CREATE UNIQUE INDEX CONCURRENTLY by_name ON people (name)';
    const last = { ...BUILD, query: 'CREATE INDEX CONCURRENTLY by_other ON people (name)' };
    const builds = [BUILD, last, { ...BUILD_OTHER, query: unique }].map((step) => ({ ...step, stage: 1 }));
    const id = await arrange([ALTER, ALTER_OTHER, ...builds]);
    await world.query(1, "INSERT INTO people VALUES ('p1')");
    const uuid = await world.request(id);
    await withClient(world.databases[0].url, async (holder) => {
      const worker = world.worker(async (point, number) => {
        if (point === 'before-step' && number === 0) {
          await holder.query("BEGIN; UPDATE people SET name = name WHERE name = 'p1'");
        }
        if (point === 'before-step' && number === 2) await eventually(isBuilding);
      });
      const ended = finish(uuid, worker);
      await eventually(async () => expect((await steps(uuid))[2]?.state).toBe('failed'));
      await holder.query('COMMIT');
      expect(await ended).toMatchObject({ state: 'in_doubt', error: { code: 'STEP_AFTER_COMMIT_FAILED' } });
    });
    expect((await steps(uuid)).map(({ state }) => state)).toEqual(['done', 'pending', 'failed']);
    await world.query(1, "DELETE FROM people WHERE ctid = (SELECT max(ctid) FROM people WHERE name = 'p1')");
    await resolve(id, 'retry');
    expect(await finish(uuid)).toMatchObject({ state: 'succeeded' });
    expect((await steps(uuid)).map(({ state }) => state)).toEqual(['done', 'done', 'done']);
  });

  it('that targets know by newer epochs than a rewound control database go on, each', async () => {
    const id = await arrange([BUILD, BUILD_OTHER, ALTER]);
    const uuid = await world.request(id);
    for (const [number, epoch] of [
      [0, 50],
      [1, 90],
    ] as const) {
      const row = `('${uuid}', ${number}, ${epoch}, 'doing')`;
      await world.query(number, `INSERT INTO _eden.step (run_uuid, number, epoch, state) VALUES ${row}`);
    }
    const run = await finish(uuid);
    expect(run).toMatchObject({ state: 'succeeded' });
    expect(run.epoch).toBeGreaterThan(90);
    expect(await indexes()).toEqual([true, true]);
  });

  it.each<readonly [CrashPoint, boolean]>([
    ['before-step', true],
    ['after-step', true],
    ['before-compensation', false],
    ['after-compensation', false],
  ])('through a crash at %s are all done, or all undone', async (point, succeeds) => {
    const id = await arrange([BUILD, BUILD_OTHER, ALTER, ...(succeeds ? [] : [FAIL])]);
    const uuid = await world.request(id);
    await world.dieAt(point, uuid);
    expect(await finish(uuid)).toMatchObject({ state: succeeds ? 'succeeded' : 'failed' });
    expect(await indexes()).toEqual(succeeds ? [true, true] : ['absent', 'absent']);
  });
});

async function isBuilding(): Promise<void> {
  const sql = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'CREATE INDEX%' AND wait_event_type = 'Lock'`;
  expect(await world.query(0, sql)).toHaveLength(1);
}

// Protocol: I35
describe('steps before the atomic part', () => {
  it('that end their workers, one after the other, are given up and taken back', async () => {
    const id = await arrange([BUILD, ALTER, ALTER_OTHER]);
    const uuid = await world.request(id);
    for (let died = 0; died < 2; died += 1) await world.dieAt('before-step', uuid);
    const worker = world.worker();
    const impatient = { ...worker, settings: { ...worker.settings, maxAttempts: 2 } };
    const run = await finish(uuid, impatient);
    expect(run).toMatchObject({ state: 'failed', error: { code: 'MIGRATION_EXECUTION_FAILED' } });
    expect(JSON.stringify(run.error)).toContain('look whether it is the step that ends them');
    expect(await found()).toEqual(UNDONE);
  });

  it('count a worker that is told to stop for nothing', async () => {
    const id = await arrange([BUILD, ALTER]);
    const uuid = await world.request(id);
    const stop = new AbortController();
    const stopping = world.worker((point) => {
      if (point !== 'before-step') return;
      stop.abort();
      throw new Error('its session was closed');
    });
    await consumeRun(stopping, uuid, stop.signal);
    expect(await steps(uuid)).toMatchObject([{ state: 'running', attempts: 1, failures: 0 }]);
    expect(await finish(uuid)).toMatchObject({ state: 'succeeded' });
  });

  it('are all that may have changed the schema: the run fails when somebody else has, and is counted once', async () => {
    const id = await arrange([BUILD, ALTER, ALTER_OTHER]);
    const uuid = await world.request(id);
    const ends: unknown[] = [];
    const { telemetry } = world.deps;
    const runFinished: typeof telemetry.runFinished = (_, result, details) => void ends.push([result, details]);
    const counting = Object.assign(Object.create(telemetry) as typeof telemetry, { runFinished });
    const worker = world.worker(undefined, { telemetry: counting });
    await consumeRun(worker, uuid, NEVER);
    expect(await world.run(uuid)).toMatchObject({ state: 'waiting_for_lock' });
    await world.query(0, 'ALTER TABLE people ADD COLUMN other text');
    expect(await finish(uuid, worker)).toMatchObject({ state: 'failed', error: { code: 'PLAN_OUT_OF_DATE' } });
    expect(ends).toEqual([['failed', expect.objectContaining({ run: uuid, code: 'PLAN_OUT_OF_DATE' })]]);
    expect(await found()).toEqual(UNDONE);
  });

  it.each([
    ['doing', 'succeeded'],
    ['undone', 'failed'],
  ])(
    'that a target knows by a newer epoch as %s, which a rewound control database has forgotten, end %s',
    async (state, end) => {
      const id = await arrange([BUILD, ALTER, ALTER_OTHER]);
      const uuid = await world.request(id);
      await world.query(
        0,
        `INSERT INTO _eden.step (run_uuid, number, epoch, state) VALUES ('${uuid}', 0, 50, '${state}')`,
      );
      const run = await finish(uuid);
      expect(run.state).toBe(end);
      expect(run.epoch).toBeGreaterThan(50);
      expect(await found()).toEqual(end === 'failed' ? UNDONE : DONE);
      if (end === 'failed') expect(JSON.stringify(run.error)).toContain('taken back already');
    },
  );
});

// Protocol: I35
describe('a step after the commit', () => {
  const UNIQUE: Step = { database: 1, query: 'CREATE UNIQUE INDEX CONCURRENTLY by_name ON people (name)', stage: 1 };

  it('that keeps failing leaves the run to a person, who can have it tried again', async () => {
    const id = await arrange([ALTER, ALTER_OTHER, UNIQUE]);
    await world.query(1, "INSERT INTO people VALUES ('p1')");
    const run = await finish(await world.request(id));
    expect(run).toMatchObject({ state: 'in_doubt', error: { code: 'STEP_AFTER_COMMIT_FAILED' } });
    expect(run.error?.context).toMatchObject({ decided: true, steps: [{ database: expect.any(String), attempts: 3 }] });
    await expect(resolve(id, 'abort')).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
    await world.query(1, "DELETE FROM people WHERE ctid = (SELECT max(ctid) FROM people WHERE name = 'p1')");
    await resolve(id, 'retry');
    expect(await finish(run.uuid)).toMatchObject({ state: 'succeeded', error: null });
    expect(await world.query(1, INDEX)).toEqual([{ valid: true }]);
    expect(await steps(run.uuid)).toMatchObject([{ phase: 'after', state: 'done', attempts: 4 }]);
  });
});

// Protocol: I35
describe('a step that cannot be taken back', () => {
  const FILL: Step = {
    ...{ database: 0, transactional: false },
    query: "INSERT INTO people VALUES ('new')",
    rollback: "DELETE FROM people WHERE name = 'new'",
  };

  it('leaves the run to a person, and is taken back by another try', async () => {
    const id = await arrange([FILL, ALTER_OTHER, FAIL]);
    const uuid = await world.request(id);
    const refusing = world.worker(async (point) => {
      if (point !== 'before-finish-abort') return;
      await world.query(0, 'CREATE RULE kept AS ON DELETE TO people DO INSTEAD SELECT 1 / 0');
    });
    const run = await finish(uuid, refusing);
    expect(run).toMatchObject({ state: 'in_doubt', error: { code: 'STEP_COMPENSATION_FAILED' } });
    await expect(resolve(id, 'commit')).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
    await world.query(0, 'DROP RULE kept ON people');
    await resolve(id, 'retry');
    expect(await finish(uuid)).toMatchObject({ state: 'failed', error: { code: 'MIGRATION_EXECUTION_FAILED' } });
    expect(await world.query(0, "SELECT FROM people WHERE name = 'new'")).toEqual([]);
  });

  it('is named when nothing takes it back', async () => {
    const { rollback: _, ...forever } = FILL;
    const id = await arrange([forever, ALTER_OTHER, FAIL]);
    const run = await finish(await world.request(id));
    expect(run).toMatchObject({ state: 'failed' });
    expect(await steps(run.uuid)).toMatchObject([{ class: 'irreversible', state: 'left' }]);
    expect(await world.query(0, "SELECT FROM people WHERE name = 'new'")).toHaveLength(1);
  });
});

// Protocol: I14, I35
describe('a run in doubt by its databases that a person resolves', () => {
  const LAST: Step = { database: 1, query: 'CREATE INDEX CONCURRENTLY by_tier ON people (tier)', stage: 1 };
  const TIER = "SELECT FROM pg_class WHERE relname = 'by_tier'";

  /** Somebody has rolled back by hand what one of its databases had prepared. */
  async function doubtful(): Promise<readonly [string, Run]> {
    const id = await arrange([BUILD, ALTER, ALTER_OTHER, LAST]);
    const uuid = await world.request(id);
    await world.dieAt('after-decide', uuid);
    for (const database of [0, 1]) {
      const sql = "SELECT gid FROM pg_prepared_xacts WHERE database = current_database() AND gid ~ '_1_[0-9a-f]{16}$'";
      for (const { gid } of await world.query(database, sql)) {
        await world.query(database, `ROLLBACK PREPARED '${String(gid)}'`);
      }
    }
    const run = await finish(uuid);
    expect(run).toMatchObject({ state: 'in_doubt', error: { code: 'RUN_IN_DOUBT' } });
    return [id, run];
  }

  async function columnByHand(): Promise<void> {
    for (const database of [0, 1]) await world.query(database, 'ALTER TABLE people ADD COLUMN IF NOT EXISTS tier text');
  }

  it.each<CrashPoint>(['before-step', 'after-step', 'before-complete'])(
    'by commit has its last steps done as well, also through a crash at %s',
    async (point) => {
      const [id, { uuid }] = await doubtful();
      await columnByHand();
      expect(await resolve(id, 'commit')).toMatchObject({ state: 'finishing' });
      await world.dieAt(point, uuid);
      expect(await finish(uuid)).toMatchObject({ state: 'succeeded', error: null });
      expect((await steps(uuid)).map(({ state }) => state)).toEqual(['done', 'done']);
      expect(await found()).toEqual(DONE);
      expect(await world.query(1, TIER)).toHaveLength(1);
      expect((await world.deps.store.organization(world.subject.organizationUuid).migration(id)).state).toBe(
        'Completed',
      );
    },
  );

  it.each<CrashPoint>(['before-compensation', 'after-compensation'])(
    'by abort has its first steps taken back, also through a crash at %s',
    async (point) => {
      const [id, { uuid }] = await doubtful();
      expect(await resolve(id, 'abort')).toMatchObject({ state: 'compensating' });
      await world.dieAt(point, uuid);
      expect(await finish(uuid)).toMatchObject({ state: 'failed', error: { code: 'RUN_IN_DOUBT' } });
      expect((await steps(uuid)).map(({ state }) => state)).toEqual(['undone', 'pending']);
      expect(await found()).toMatchObject({ index: 'absent' });
      expect((await world.deps.store.organization(world.subject.organizationUuid).migration(id)).state).toBe('Failed');
    },
  );

  it('about a step after the commit goes on with those behind it', async () => {
    const unique: Step = { ...LAST, query: 'CREATE UNIQUE INDEX CONCURRENTLY by_name ON people (name)' };
    const id = await arrange([ALTER, ALTER_OTHER, unique, { ...LAST, stage: 2 }]);
    await world.query(1, "INSERT INTO people VALUES ('p1')");
    const run = await finish(await world.request(id));
    expect(run).toMatchObject({ state: 'in_doubt', error: { code: 'STEP_AFTER_COMMIT_FAILED' } });
    await resolve(id, 'commit');
    expect(await finish(run.uuid)).toMatchObject({ state: 'succeeded', error: null });
    expect((await steps(run.uuid)).map(({ state }) => state)).toEqual(['done', 'done']);
    expect(await world.query(1, TIER)).toHaveLength(1);
  });
});

// Protocol: I35
describe('a rollback that needs steps outside the transaction', () => {
  const undoneBy = (step: Step, rollback: string): Step => ({ ...step, rollback });
  const built = undoneBy(BUILD, 'DROP INDEX CONCURRENTLY by_name');
  const altered = undoneBy(ALTER, 'ALTER TABLE people DROP COLUMN tier');

  async function stateOf(id: string): Promise<string> {
    return (await world.deps.store.organization(world.subject.organizationUuid).migration(id)).state;
  }

  it('does them in their place, also through a crash', async () => {
    const id = await arrange([built, altered, { ...altered, database: 1 }]);
    expect(await finish(await world.request(id))).toMatchObject({ state: 'succeeded' });
    const uuid = await world.request(id, 'rollback');
    await world.dieAt('before-step', uuid);
    expect(await finish(uuid)).toMatchObject({ state: 'succeeded', error: null });
    expect(await steps(uuid)).toMatchObject([{ phase: 'after', class: 'compensable', state: 'done' }]);
    expect([await found(), await stateOf(id)]).toEqual([UNDONE, 'Rolled Back']);
  });

  it('does again what it has taken back, when it fails', async () => {
    const last = { ...built, stage: 1 };
    const id = await arrange([altered, undoneBy(ALTER_OTHER, 'SELECT 1 / 0'), last]);
    expect(await finish(await world.request(id))).toMatchObject({ state: 'succeeded' });
    const uuid = await world.request(id, 'rollback');
    await world.dieAt('before-compensation', uuid);
    expect(await finish(uuid)).toMatchObject({ state: 'failed' });
    expect(await steps(uuid)).toMatchObject([{ phase: 'before', class: 'compensable', state: 'undone' }]);
    expect([await found(), await stateOf(id)]).toEqual([DONE, 'Completed']);
  });
});
