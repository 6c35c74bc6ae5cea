import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cancelRun, pauseRun, resumeRun, tuneRun } from '@eden/coordinator';
import type { Clock, MigrationOptions, OutsideStep, Run, RunTuning, Uuid } from '@eden/domain';
import { EdenError, isFinished } from '@eden/domain';
import { consumeRun, recoverRuns } from '@eden/engine';
import { eventually, withClient } from '@eden/testkit';
import type { Reached, Step, WorldDeps } from './run-world.js';
import { NEVER, RunWorld } from './run-world.js';

const COPY: Step = {
  database: 0,
  query: `INSERT INTO copied SELECT id FROM source WHERE id > {{batch.after}} ORDER BY id LIMIT {{batch.size}} RETURNING id`,
  rollback: 'TRUNCATE copied',
  batch: { size: 100, commit: 'each' },
  outputs: { copied: 'row_count' },
};
const FAIL: Step = { database: 1, query: 'SELECT 1 / 0' };
const ALTER: Step = { database: 0, query: 'ALTER TABLE copied ADD COLUMN IF NOT EXISTS more int' };
/** Each batch has a hundred rows: the others would be larger from one to the next. */
const SLOWLY: MigrationOptions = { atomicity: 'best', backfill: { max_rows_per_second: 100 } };

/** Until it is cancelled. */
const BUSY = 'SELECT pg_sleep(600)';
const OF_THE_BUSY = `SELECT pid FROM pg_stat_activity WHERE state = 'active' AND query = '${BUSY}'`;

let world: RunWorld;
let count = 0;

beforeAll(async () => {
  world = await RunWorld.create({ LOCK_TTL_MS: '3000' });
});

afterAll(() => world.close());

async function arrange(steps: readonly Step[], rows = 1_000, options: MigrationOptions = {}): Promise<string> {
  await world.query(0, 'DROP TABLE IF EXISTS source, copied; CREATE TABLE source (id int PRIMARY KEY)');
  // No key: a row that is copied twice is there twice.
  await world.query(
    0,
    `CREATE TABLE copied (id int); INSERT INTO source SELECT generate_series(1, ${rows}); ANALYZE source`,
  );
  const id = `backfill-${(count += 1)}`;
  await world.migration(id, steps, undefined, { atomicity: 'best', ...options });
  return id;
}

async function copied(): Promise<{ readonly rows: number; readonly once: boolean }> {
  const [row] = await world.query(0, 'SELECT count(*)::int AS rows, count(*) = count(DISTINCT id) AS once FROM copied');
  return row as { rows: number; once: boolean };
}

async function step(run: Uuid): Promise<OutsideStep> {
  const [first] = await world.deps.store.organization(world.subject.organizationUuid).outsideSteps(run);
  if (first === undefined) throw new Error('no step');
  return first;
}

/** Whose word counts for so short a time that the next one is there at once. */
function brief(reached: Reached = () => undefined, changes: Partial<WorldDeps> = {}): WorldDeps {
  const worker = world.worker(reached, changes);
  return { ...worker, settings: { ...worker.settings, leaseMs: 60 } };
}

/** A worker that is gone behind so many batches, and says nothing. */
function dyingAfter(batches: number): WorldDeps {
  let left = batches;
  const isGone = (): boolean => left <= 0;
  const die: Reached = (point) => {
    if (point === 'after-batch') left -= 1;
    if (isGone()) throw new EdenError('FENCED');
  };
  const { journal } = world.deps;
  return brief(die, {
    journal: { ...journal, heartbeat: async (owned) => !isGone() && (await journal.heartbeat(owned)) },
  });
}

async function lookAfter(uuid: Uuid, deps: WorldDeps): Promise<Run> {
  await consumeRun(deps, uuid, NEVER);
  await recoverRuns(deps, NEVER);
  return world.run(uuid);
}

async function finish(uuid: Uuid, deps = brief()): Promise<Run> {
  for (;;) {
    const run = await lookAfter(uuid, deps);
    if (isFinished(run.state) || run.state === 'in_doubt' || run.state === 'paused') return run;
    await sleep(20);
  }
}

/** At work until `when` has come, and then told of by `work`. */
async function during<T>(
  uuid: Uuid,
  rows: number,
  work: () => Promise<T>,
): Promise<{ told: T; running: Promise<unknown> }> {
  const running = consumeRun(brief(), uuid, NEVER);
  await eventually(async () => expect((await copied()).rows).toBeGreaterThanOrEqual(rows));
  return { told: await work(), running };
}

// Protocol: I35, I38
describe('batches that commit one by one', () => {
  it('do every row once, before the atomic part, and are shown as they go', async () => {
    const id = await arrange([COPY, ALTER], 1_050);
    const run = await finish(await world.request(id));
    expect(run).toMatchObject({ state: 'succeeded', error: null });
    expect(await copied()).toEqual({ rows: 1_050, once: true });
    const { progress, ...done } = await step(run.uuid);
    expect(done).toMatchObject({ class: 'batched', phase: 'before', state: 'done', outputs: { copied: 1_050 } });
    expect(progress).toMatchObject({ rows: 1_050, estimatedRows: 1_050, throttle: null });
    const [api] = await world.apis(run.uuid);
    expect(api?.bindings[0]).toMatchObject({ state: 'succeeded', rows: 1_050, estimatedRows: 1_050 });
  });

  it('lose nothing and repeat nothing, however many workers die', async () => {
    const id = await arrange([COPY], 3_000, { backfill: { target_batch_ms: 10, max_rows_per_second: 100_000 } });
    const uuid = await world.request(id);
    for (let death = 0; death < 9; death += 1) {
      expect(await lookAfter(uuid, dyingAfter(1 + (death % 3)))).toMatchObject({ state: 'stepping' });
      expect((await copied()).once).toBe(true);
      await sleep(80);
    }
    expect((await copied()).rows).toBeLessThan(3_000);
    expect(await finish(uuid)).toMatchObject({ state: 'succeeded' });
    expect(await copied()).toEqual({ rows: 3_000, once: true });
  });

  it('of which the first one ends its worker, one after the other, are given up', async () => {
    const id = await arrange([COPY]);
    const uuid = await world.request(id);
    const { journal } = world.deps;
    /** Gone once it has said that it begins: of no batch is anything there. */
    const dying = (): WorldDeps => {
      let isGone = false;
      const recordBatches: typeof journal.recordBatches = async (...given) => {
        await journal.recordBatches(...given);
        isGone = true;
        throw new EdenError('FENCED');
      };
      const heartbeat: typeof journal.heartbeat = async (owned) => !isGone && (await journal.heartbeat(owned));
      return brief(undefined, { journal: { ...journal, recordBatches, heartbeat } });
    };
    for (let death = 0; death < 8 && !isFinished((await world.run(uuid)).state); death += 1) {
      await lookAfter(uuid, dying());
      await sleep(80);
    }
    expect(JSON.stringify((await finish(uuid)).error)).toContain('ended its worker');
    expect(await step(uuid)).toMatchObject({ state: 'undone' });
  });

  it('are taken back by their rollback when the run fails', async () => {
    const id = await arrange([COPY, FAIL]);
    const run = await finish(await world.request(id));
    expect(run).toMatchObject({ state: 'failed' });
    expect(await step(run.uuid)).toMatchObject({ state: 'undone', progress: { rows: 1_000 } });
    expect(await copied()).toMatchObject({ rows: 0 });
  });

  it('stay where they have no rollback, and the step says so', async () => {
    const { rollback: _, ...once } = COPY;
    const id = await arrange([once, FAIL]);
    const run = await finish(await world.request(id));
    expect(run).toMatchObject({ state: 'failed' });
    expect(await step(run.uuid)).toMatchObject({ state: 'left', progress: { rows: 1_000 } });
    expect(await copied()).toMatchObject({ rows: 1_000 });
  });

  it('are taken back when the run is cancelled in the middle of them', async () => {
    const id = await arrange([COPY], 1_000, SLOWLY);
    const uuid = await world.request(id);
    const { running } = await during(uuid, 100, () => cancelRun(world.deps, world.subject, id));
    await running;
    expect(await finish(uuid)).toMatchObject({ state: 'cancelled' });
    expect(await copied()).toMatchObject({ rows: 0 });
  });

  it('of a worker that has lost its run are not committed any more', async () => {
    const id = await arrange([COPY], 1_000, SLOWLY);
    const uuid = await world.request(id);
    const { journal } = world.deps;
    let wakeUp = (): void => undefined;
    const asleep = new Promise<void>((tell) => (wakeUp = tell));
    const deaf = { ...journal, onReleased: () => () => undefined, heartbeat: () => Promise.resolve(true) };
    const frozen = consumeRun(
      brief((point) => (point === 'after-batch' ? asleep : undefined), { journal: deaf }),
      uuid,
      NEVER,
    );
    await eventually(async () => expect((await copied()).rows).toBe(100));
    await cancelRun(world.deps, world.subject, id);
    expect(await finish(uuid)).toMatchObject({ state: 'cancelled' });
    wakeUp();
    await frozen.catch(() => undefined);
    expect(await copied()).toMatchObject({ rows: 0 });
  });
});

// Protocol: I39
describe('a run that is paused', () => {
  it('stands still between its batches, and goes on from there', async () => {
    const id = await arrange([COPY, ALTER], 400, SLOWLY);
    const uuid = await world.request(id);
    const { told, running } = await during(uuid, 100, () => pauseRun(world.deps, world.subject, id));
    expect(told).toMatchObject({ state: 'paused', reason: `was paused by ${world.subject.username}` });
    await running;
    expect(await pauseRun(world.deps, world.subject, id)).toMatchObject({ uuid, state: 'paused' });
    const before = await copied();
    expect(before.rows).toBeLessThan(400);
    expect(await lookAfter(uuid, brief())).toMatchObject({ state: 'paused' });
    expect(await copied()).toEqual(before);
    await tune(uuid, { max_rows_per_second: null });
    expect(await resumeRun(world.deps, world.subject, id)).toMatchObject({ uuid, state: 'queued' });
    expect(await resumeRun(world.deps, world.subject, id)).toMatchObject({ uuid, state: 'queued' });
    expect(await finish(uuid)).toMatchObject({ state: 'succeeded' });
    expect(await copied()).toEqual({ rows: 400, once: true });
  });

  it('can be cancelled, which takes back what it has done', async () => {
    const id = await arrange([COPY], 1_000, SLOWLY);
    const uuid = await world.request(id);
    await (
      await during(uuid, 100, () => pauseRun(world.deps, world.subject, id))
    ).running;
    await cancelRun(world.deps, world.subject, id);
    expect(await finish(uuid)).toMatchObject({ state: 'cancelled' });
    expect(await copied()).toMatchObject({ rows: 0 });
  });

  it('before it has begun begins when it is resumed', async () => {
    const id = await arrange([COPY]);
    const uuid = await world.request(id);
    await pauseRun(world.deps, world.subject, id);
    expect(await lookAfter(uuid, brief())).toMatchObject({ state: 'paused' });
    await resumeRun(world.deps, world.subject, id);
    expect(await finish(uuid)).toMatchObject({ state: 'succeeded' });
  });

  it('is none that is inside its atomic part', async () => {
    const id = await arrange([ALTER]);
    let refused: unknown;
    const worker = world.worker(async (point) => {
      if (point === 'after-start')
        refused = await pauseRun(world.deps, world.subject, id).catch((error: unknown) => error);
    });
    expect(await finish(await world.request(id), worker)).toMatchObject({ state: 'succeeded' });
    expect(refused).toMatchObject({ code: 'RUN_NOT_PAUSABLE', context: { state: 'running' } });
    await expect(pauseRun(world.deps, world.subject, id)).rejects.toMatchObject({ code: 'NO_RUN_IN_PROGRESS' });
  });

  it('is none that builds an index', async () => {
    const id = await arrange([{ database: 0, query: 'CREATE INDEX CONCURRENTLY by_id ON copied (id)' }]);
    let refused: unknown;
    const worker = world.worker(async (point) => {
      if (point === 'before-step')
        refused = await pauseRun(world.deps, world.subject, id).catch((error: unknown) => error);
    });
    expect(await finish(await world.request(id), worker)).toMatchObject({ state: 'succeeded' });
    expect(refused).toMatchObject({ code: 'RUN_NOT_PAUSABLE', context: { state: 'stepping' } });
  });

  it('is none that has come to build an index since it was looked at', async () => {
    const id = await arrange([COPY, { database: 0, query: 'CREATE INDEX CONCURRENTLY by_id ON copied (id)' }], 50);
    const [asked, begun] = [signal(), signal()];
    let refused: Promise<unknown> | undefined;
    const worker = brief(async (point, number) => {
      if (point === 'after-batch' && refused === undefined) {
        refused = pauseRun(pausingBehind(asked.give, begun.given), world.subject, id).catch((error: unknown) => error);
        await asked.given;
      }
      if (point !== 'before-step' || number !== 1) return;
      begun.give();
      await refused;
    });
    expect(await finish(await world.request(id), worker)).toMatchObject({ state: 'succeeded' });
    expect(await refused).toMatchObject({ code: 'RUN_NOT_PAUSABLE', context: { state: 'stepping' } });
  });

  /** Whose change waits for something. */
  function pausingBehind(asked: () => void, then: Promise<void>): WorldDeps {
    const { store } = world.deps;
    const organization: typeof store.organization = (uuid) => {
      const real = store.organization(uuid);
      const transact: typeof real.transact = (work) =>
        real.transact((tx) =>
          work({ ...tx, pauseRun: (...given) => (asked(), then.then(() => tx.pauseRun(...given))) }),
        );
      return { ...real, transact };
    };
    return { ...world.deps, store: { ...store, organization } };
  }

  function signal(): { readonly given: Promise<void>; readonly give: () => void } {
    let give = (): void => undefined;
    const given = new Promise<void>((tell) => (give = tell));
    return { given, give };
  }
});

describe('the pace of a run', () => {
  it('is held to a rate, and changed while it is at work', async () => {
    const id = await arrange([COPY], 5_000, SLOWLY);
    const uuid = await world.request(id);
    const { running } = await during(uuid, 200, () => Promise.resolve());
    await eventually(async () =>
      expect((await step(uuid)).progress).toMatchObject({ throttle: { cause: 'rows_per_second' }, batchSize: 100 }),
    );
    expect((await step(uuid)).progress?.endsAt).toMatch(/Z$/);
    await tune(uuid, { max_rows_per_second: null, batch_size: 1_000 });
    await running;
    expect(await finish(uuid)).toMatchObject({
      state: 'succeeded',
      tuning: { max_rows_per_second: null, batch_size: 1_000 },
    });
    expect((await step(uuid)).progress).toMatchObject({ batchSize: 1_000 });
    expect(await copied()).toEqual({ rows: 5_000, once: true });
    await expect(tune(uuid, { batch_size: 1 })).rejects.toMatchObject({ code: 'RUN_NOT_TUNABLE' });
  });

  it('gives way to sessions at work', async () => {
    const id = await arrange([COPY], 300, { backfill: { max_active_sessions: 1 } });
    const uuid = await world.request(id);
    const busy = [1, 2].map(() => world.query(0, BUSY).catch(String));
    await eventually(async () => expect(await world.query(0, OF_THE_BUSY)).toHaveLength(2));
    const running = consumeRun(brief(), uuid, NEVER);
    await eventually(async () =>
      expect((await step(uuid)).progress?.throttle).toMatchObject({
        cause: 'active_sessions',
        reason: '2 sessions are at work, 1 may be',
      }),
    );
    expect(await copied()).toMatchObject({ rows: 0 });
    await world.query(0, `SELECT pg_cancel_backend(pid) FROM (${OF_THE_BUSY}) AS busy`);
    await Promise.all(busy);
    await running;
    expect(await finish(uuid)).toMatchObject({ state: 'succeeded' });
  });

  it('is larger from batch to batch where they are quick', async () => {
    const id = await arrange([COPY], 20_000);
    const uuid = await world.request(id);
    expect(await finish(uuid)).toMatchObject({ state: 'succeeded' });
    const { progress } = await step(uuid);
    expect(progress?.batches).toBeLessThan(40);
    expect(progress?.batchSize).toBeGreaterThan(1_000);
  });
});

describe('batches with wide rows', () => {
  it('do not grow beyond what a statement may answer', async () => {
    const wide = COPY.query.replace('RETURNING id', "RETURNING id, repeat('x', 1000)");
    const id = await arrange([{ ...COPY, query: wide }], 40_000, { backfill: { target_batch_ms: 10_000 } });
    expect(await finish(await world.request(id))).toMatchObject({ state: 'succeeded', error: null });
    expect(await copied()).toEqual({ rows: 40_000, once: true });
  });
});

describe('a maintenance window', () => {
  const NIGHT = { start: '01:00', end: '02:00', timezone: 'Europe/Berlin' } as const;

  /** Its calendar begins there, and goes on as time does. */
  function at(time: string): Partial<WorldDeps> {
    const { clock } = world.deps;
    const offset = Date.parse(time) - clock.now().getTime();
    const now: Clock['now'] = () => new Date(clock.now().getTime() + offset);
    return { clock: { ...boundClock(clock), now } };
  }

  function boundClock(clock: Clock): Clock {
    return {
      now: () => clock.now(),
      elapsedMs: () => clock.elapsedMs(),
      sleep: (ms, signal) => clock.sleep(ms, signal),
      after: (ms, work) => clock.after(ms, work),
      every: (ms, work) => clock.every(ms, work),
    };
  }

  it('that is closed lets nothing begin, and nobody work', async () => {
    const id = await arrange([COPY, ALTER], 300, { maintenance_window: NIGHT });
    const uuid = await world.request(id);
    const outcome = await consumeRun(brief(undefined, at('2026-11-27T12:00:00Z')), uuid, NEVER);
    expect(outcome.kind).toBe('later');
    expect(await world.run(uuid)).toMatchObject({
      state: 'waiting_for_lock',
      owner: null,
      reason: 'waits for its maintenance window, which opens at 2026-11-28T00:00:00.000Z',
    });
    expect(await finish(uuid, brief(undefined, at('2026-11-28T00:30:00Z')))).toMatchObject({ state: 'succeeded' });
    expect(await copied()).toEqual({ rows: 300, once: true });
  });

  it('that closes in the middle ends the batches, which go on when it opens', async () => {
    const id = await arrange([COPY], 2_000, { maintenance_window: NIGHT, backfill: { max_rows_per_second: 100 } });
    const uuid = await world.request(id);
    await consumeRun(brief(undefined, at('2026-11-28T00:59:58Z')), uuid, NEVER);
    expect(await world.run(uuid)).toMatchObject({ state: 'waiting_for_lock', owner: null });
    const { rows, once } = await copied();
    expect({ some: rows > 0 && rows < 2_000, once }).toEqual({ some: true, once: true });
    expect((await consumeRun(brief(undefined, at('2026-11-28T05:00:00Z')), uuid, NEVER)).kind).toBe('later');
    await tune(uuid, { max_rows_per_second: null });
    expect(await finish(uuid, brief(undefined, at('2026-11-29T00:30:00Z')))).toMatchObject({ state: 'succeeded' });
    expect(await copied()).toEqual({ rows: 2_000, once: true });
  });

  it('that closes while the lock is waited for lets nothing begin, and keeps no lock', async () => {
    const id = await arrange([ALTER], 10, { maintenance_window: NIGHT });
    const uuid = await world.request(id);
    const { journal } = world.deps;
    const [night, day] = [at('2026-11-28T00:30:00Z').clock, at('2026-11-28T12:00:00Z').clock];
    let isNight = true;
    const clock = { ...boundClock(world.deps.clock), now: () => (isNight ? night : day)?.now() ?? new Date() };
    const waitedMs: typeof journal.waitedMs = (owned) => ((isNight = false), journal.waitedMs(owned));
    const outcome = await consumeRun(brief(undefined, { clock, journal: { ...journal, waitedMs } }), uuid, NEVER);
    expect([outcome.kind, (await world.run(uuid)).state]).toEqual(['later', 'waiting_for_lock']);
    expect(await finish(uuid, brief(undefined, at('2026-11-29T00:30:00Z')))).toMatchObject({ state: 'succeeded' });
  });

  it('does not hold back what is undone', async () => {
    const undone: Step = { ...ALTER, rollback: 'ALTER TABLE copied DROP COLUMN more' };
    const id = await arrange([COPY, undone], 300, { maintenance_window: NIGHT });
    const night = brief(undefined, at('2026-11-28T00:30:00Z'));
    expect(await finish(await world.request(id), night)).toMatchObject({ state: 'succeeded' });
    const day = brief(undefined, at('2026-11-28T12:00:00Z'));
    expect(await finish(await world.request(id, 'rollback'), day)).toMatchObject({ state: 'succeeded', error: null });
    expect(await copied()).toMatchObject({ rows: 0 });
  });
});

describe('at the sync', () => {
  it.each<[string, Partial<Step>, RegExp]>([
    ['whose output is a row', { outputs: { first: 'rows[0].id' } }, /only row_count is known/],
    ['that expect a value', { expect: { value: 1 } }, /can be expected/],
    ['that cannot be in a transaction', { query: 'VACUUM copied' }, /nothing that cannot be in a transaction/],
  ])('batches %s are refused', async (_, change, words) => {
    await expect(arrange([{ ...COPY, ...change }])).rejects.toThrow(words);
  });

  it('batches are refused under strict, and told of in the plan under best', async () => {
    await expect(arrange([COPY, ALTER], 10, { atomicity: 'strict' })).rejects.toThrow(/ATOMICITY_REFUSED|strict/);
    const id = await arrange([COPY]);
    const organization = world.deps.store.organization(world.subject.organizationUuid);
    const plan = await organization.plan((await organization.migration(id)).uuid);
    expect(plan?.apis[0]?.bindings[0]).toMatchObject({
      class: 'compensable',
      outside: { phase: 'before' },
      estimatedRows: 1_000,
    });
    expect(plan?.apis[0]?.bindings[0]?.findings).toMatchObject([{ rule: 'commits-in-batches' }]);
  });
});

async function tune(uuid: Uuid, changes: RunTuning): Promise<Run> {
  return tuneRun(world.deps, world.subject, uuid, changes);
}

/** Whoever is connected sees each batch at once. */
describe('somebody else', () => {
  it('sees the rows of each batch before the run has ended', async () => {
    const id = await arrange([COPY], 500, SLOWLY);
    const uuid = await world.request(id);
    const seen = await during(uuid, 100, () =>
      withClient(world.databases[0].url, async (client) => (await client.query('SELECT FROM copied')).rowCount),
    );
    expect(seen.told).toBeLessThan(500);
    await tune(uuid, { max_rows_per_second: null });
    await seen.running;
    expect(await finish(uuid)).toMatchObject({ state: 'succeeded' });
  });
});
