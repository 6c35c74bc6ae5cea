import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { CrashPoint, Run, RunState, Uuid } from '@eden/domain';
import { EdenError, isFinished } from '@eden/domain';
import { consumeRun, recoverRuns, sweepOrphans } from '@eden/engine';
import { eventually } from '@eden/testkit';
import type { WorldDeps } from './run-world.js';
import { NEVER, RunWorld } from './run-world.js';
import { FailoverDatabase } from './failover-database.js';

let control: FailoverDatabase;
let world: RunWorld;
let migrations = 0;

beforeAll(async () => {
  control = await FailoverDatabase.createControl();
  world = await RunWorld.create({ DATABASE_URL: control.url, LOCK_TTL_MS: '1000', LOCK_TIMEOUT_MS: '3000' });
});

afterAll(() => world.close());

beforeEach(async () => {
  for (const database of [0, 1] as const) {
    await world.query(database, 'DROP TABLE IF EXISTS counter; CREATE TABLE counter AS SELECT 0 AS n');
  }
  await control.follow();
});

const count = (database: 0 | 1) => ({ database, query: 'UPDATE counter SET n = n + 1' });

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
async function rewound({ lostFrom, stopsAt, worker }: Rewind): Promise<Stopped> {
  const id = `m${(migrations += 1)}`;
  await world.migration(id, [count(0), count(1)]);
  const run = await world.request(id);
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

const EXPECTED: Readonly<Partial<Record<RunState, readonly unknown[]>>> = { succeeded: [1, 1], failed: [0, 0] };

/** It has ended as what the targets have, everywhere, and nothing is left. */
async function expectWhole(run: Uuid, state: RunState): Promise<void> {
  await eventually(async () => {
    await sweepOrphans(world.worker());
    expect(await world.prepared()).toBe(0);
  });
  expect([state, await counters()]).toEqual([state, EXPECTED[state]]);
  expect((await world.run(run)).state).toBe(state);
}

const T1: Moment = { point: 'after-claim' };
const T2: Moment = { point: 'before-decide' };
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
