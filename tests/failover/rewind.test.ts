import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { CrashPoint, Run, RunState, Uuid } from '@eden/domain';
import { EdenError, isFinished } from '@eden/domain';
import { consumeRun, recoverRuns, sweepOrphans } from '@eden/engine';
import { eventually } from '@eden/testkit';
import type { WorldDeps } from '../runs/run-world.js';
import { NEVER, RunWorld } from '../runs/run-world.js';
import type { Step } from '../runs/run-world.js';
import { FailoverDatabase } from './failover-database.js';

let control: FailoverDatabase;
let world: RunWorld;
let migrations = 0;

beforeAll(async () => {
  control = await FailoverDatabase.createControl();
  world = await RunWorld.create({ DATABASE_URL: control.url, LOCK_TTL_MS: '3000', LOCK_TIMEOUT_MS: '9000' });
});

afterAll(() => world.close());

beforeEach(async () => {
  for (const database of [0, 1] as const) {
    await world.query(database, 'DROP TABLE IF EXISTS counter; CREATE TABLE counter AS SELECT 0 AS n');
  }
  await control.follow();
});

const count = (database: 0 | 1): Step => ({
  database,
  query: 'UPDATE counter SET n = n + 1',
  rollback: 'UPDATE counter SET n = n - 1',
});

/** What PostgreSQL cannot prepare, in either direction. */
const notify: Step = { database: 1, query: 'NOTIFY counters', rollback: 'NOTIFY counters' };

/** Over which databases a run goes, and where the counters stand when it has succeeded. */
interface Shape {
  readonly steps: readonly Step[];
  readonly kind?: 'migrate' | 'rollback';
  readonly succeeded: readonly unknown[];
}

const TWO_PHASE: Shape = { steps: [count(0), count(1)], succeeded: [1, 1] };
const LAST_RESOURCE: Shape = { steps: [count(0), count(1), notify], succeeded: [1, 1] };
const SINGLE: Shape = { steps: [count(0)], succeeded: [1, 0] };
const ROLLBACK: Shape = { steps: [count(0), count(1)], kind: 'rollback', succeeded: [0, 0] };
const ROLLBACK_OF_LAST: Shape = { steps: [count(0), count(1), notify], kind: 'rollback', succeeded: [0, 0] };

async function counters(): Promise<unknown[]> {
  const rows = await Promise.all(([0, 1] as const).map((n) => world.query(n, 'SELECT n FROM counter')));
  return rows.flat().map(({ n }) => n);
}

/** A moment of a run: a crash point, of the n-th participant that reaches it where there are several. */
interface Moment {
  readonly point: CrashPoint;
  readonly nth?: number;
}

function watch({ point, nth = 1 }: Moment, then: () => Promise<void>): (reached: CrashPoint) => Promise<void> {
  let seen = 0;
  return async (reached) => {
    if (reached === point && (seen += 1) === nth) await then();
  };
}

interface Rewind {
  /** Without one, a migrate of two databases that are prepared. */
  readonly shape?: Shape;
  /** The last moment that the standby knows of. */
  readonly lostFrom: Moment;
  /** Where the worker is when the primary dies. */
  readonly stopsAt: Moment;
  /** `dead`: it dies with the primary. `alive`: it goes on when the others are through. */
  readonly worker: 'dead' | 'alive';
}

interface Stopped {
  readonly run: Uuid;
  /** Lets the worker go on, and waits for its end. */
  readonly wakeUp: () => Promise<void>;
}

/** A run whose worker has been stopped, and whose control database has been rewound. */
async function rewound({ shape = TWO_PHASE, lostFrom, stopsAt, worker }: Rewind): Promise<Stopped> {
  const id = `m${(migrations += 1)}`;
  await world.migration(id, shape.steps);
  if (shape.kind === 'rollback') await world.finish(await world.request(id));
  const run = await world.request(id, shape.kind);
  let wake = (): void => undefined;
  const asleep = new Promise<void>((resolve) => (wake = resolve));
  let isGone = false;
  const stopped = new Promise<void>((arrived) => {
    const cut = watch(lostFrom, () => control.cutOff());
    const stop = watch(stopsAt, async () => {
      arrived();
      isGone = worker === 'dead';
      if (!isGone) await asleep;
    });
    const deps = world.worker(async (point) => {
      await cut(point);
      await stop(point);
      if (isGone) throw new EdenError('FENCED');
    });
    void consumeRun(unwarned(deps), run, NEVER)
      .catch(() => undefined)
      .finally(arrived)
      .finally(() => (ended = true));
  });
  let ended = false;
  await stopped;
  await control.failOver();
  return {
    run,
    wakeUp: async () => {
      wake();
      await eventually(() => expect(ended).toBe(true));
    },
  };
}

/** No heartbeat tells it that others have its run. */
function unwarned(deps: WorldDeps): WorldDeps {
  return { ...deps, journal: { ...deps.journal, heartbeat: () => Promise.resolve(true) } };
}

/** What the workers that are left do, until the run has ended. */
async function settle(run: Uuid): Promise<Run> {
  const { migrationUuid } = await eventually(() => world.run(run));
  return eventually(async () => {
    await world.deps.locks.drop([{ kind: 'migration', uuid: migrationUuid }]);
    const worker = world.worker();
    await recoverRuns(worker, NEVER);
    await sweepOrphans(worker);
    await consumeRun(worker, run, NEVER);
    const now = await world.run(run);
    if (!isFinished(now.state) && now.state !== 'in_doubt') throw new Error(`still ${now.state}`);
    return now;
  });
}

/** It has ended as what the targets have, everywhere, and nothing is left. */
async function expectWhole(run: Uuid, state: RunState, { succeeded } = TWO_PHASE): Promise<void> {
  await eventually(async () => {
    await sweepOrphans(world.worker());
    expect(await world.prepared()).toBe(0);
  });
  expect([state, await counters()]).toEqual(['succeeded', succeeded]);
  expect((await world.run(run)).state).toBe(state);
}

const T1: Moment = { point: 'after-claim' };
const T2: Moment = { point: 'before-decide' };
const DECIDING: Moment = { point: 'before-deciding' };
const OPEN: Moment = { point: 'after-deciding' };
/** The last resource has committed. */
const LAST: Moment = { point: 'after-last-resource' };
const NONE: Moment = { point: 'after-decide' };
const ONE: Moment = { point: 'after-commit-prepared' };
const ALL: Moment = { point: 'before-complete' };
/** Never reached: its worker is through. */
const END: Moment = { point: 'before-complete', nth: 2 };

// Protocol: I20
describe('a control database that has lost', () => {
  const workers = ['dead', 'alive'] as const;
  const cases = [
    ['T2, before any COMMIT PREPARED', T2, NONE],
    ['T2, behind one COMMIT PREPARED', T2, ONE],
    ['T2, behind all COMMIT PREPAREDs', T2, ALL],
    ['T1 and T2, before any COMMIT PREPARED', T1, NONE],
    ['T1 and T2, behind one COMMIT PREPARED', T1, ONE],
    ['T1 and T2, behind all COMMIT PREPAREDs', T1, ALL],
    ['nothing, before any COMMIT PREPARED', NONE, NONE],
    ['nothing, behind one COMMIT PREPARED', ONE, ONE],
  ] as const;

  it.each([
    ['T2 and T3', T2],
    ['T1 to T3', T1],
    ['T3', ALL],
  ])('%s, behind the end of the run', async (_, lostFrom) => {
    const { run } = await rewound({ lostFrom, stopsAt: END, worker: 'dead' });
    const { state } = await settle(run);
    await expectWhole(run, state);
    expect(state).toBe('succeeded');
  });

  describe.each(workers)('with the old worker %s', (worker) => {
    it.each(cases)('%s', async (_, lostFrom, stopsAt) => {
      const { run, wakeUp } = await rewound({ lostFrom, stopsAt, worker });
      const { state } = await settle(run);
      await wakeUp();
      await expectWhole(run, state);
      expect(state).toBe('succeeded');
    });
  });
});

/*
 * The last resource commits between `deciding` and T2, and is the run's witness; of a single database there is nothing else.
 * A part of the product of moments and shapes, each moment with the one that it is hardest for.
 */
// Protocol: I13, I20
describe('a run whose control database has lost', () => {
  const shapes = {
    'a last resource': LAST_RESOURCE,
    'a single database': SINGLE,
    'a last resource, rolled back': ROLLBACK_OF_LAST,
  };

  it.each([
    ['that it was deciding, before the COMMIT', 'a last resource', DECIDING, OPEN],
    ['that it was deciding, behind the COMMIT', 'a last resource', DECIDING, LAST],
    ['T1 and that it was deciding, behind the COMMIT', 'a last resource', T1, LAST],
    ['T1 to T2', 'a last resource', T1, NONE],
    ['T2, behind the COMMIT', 'a last resource', LAST, NONE],
    ['that it was deciding, before the COMMIT', 'a single database', DECIDING, OPEN],
    ['that it was deciding, behind the COMMIT', 'a single database', DECIDING, LAST],
    ['T1 to T2', 'a single database', T1, NONE],
    ['T1 to T3, behind its end', 'a single database', T1, END],
    ['T1 and that it was deciding, behind the COMMIT', 'a last resource, rolled back', T1, LAST],
    ['T2, behind the COMMIT', 'a last resource, rolled back', LAST, NONE],
  ] as const)('%s, with %s', async (_, shape, lostFrom, stopsAt) => {
    const { run } = await rewound({ shape: shapes[shape], lostFrom, stopsAt, worker: 'dead' });
    await expectWhole(run, (await settle(run)).state, shapes[shape]);
  });

  it.each([
    ['that it was deciding, before the COMMIT', 'a last resource', DECIDING, OPEN],
    ['T1 and that it was deciding, behind the COMMIT', 'a last resource', T1, LAST],
    ['that it was deciding, before the COMMIT', 'a single database', DECIDING, OPEN],
  ] as const)('%s, with %s, and whose worker wakes up', async (_, shape, lostFrom, stopsAt) => {
    const { run, wakeUp } = await rewound({ shape: shapes[shape], lostFrom, stopsAt, worker: 'alive' });
    const { state } = await settle(run);
    await wakeUp();
    await expectWhole(run, state, shapes[shape]);
  });
});

// Protocol: I20
describe('a rollback whose control database has lost', () => {
  it.each([
    ['T2, behind one COMMIT PREPARED', T2, ONE],
    ['T1 and T2, before any COMMIT PREPARED', T1, NONE],
    ['T1 and T2, behind one COMMIT PREPARED', T1, ONE],
    ['T1 to T3, behind its end', T1, END],
  ] as const)('%s', async (_, lostFrom, stopsAt) => {
    const { run } = await rewound({ shape: ROLLBACK, lostFrom, stopsAt, worker: 'dead' });
    await expectWhole(run, (await settle(run)).state, ROLLBACK);
  });
});
