import fc from 'fast-check';
import {
  FAULT_KINDS,
  type FaultKind,
  type PlannedAction,
  type PlannedApi,
  type PlannedBatches,
  type PlannedFault,
  type PlannedFolder,
  type PlannedSteps,
  type ReadingPlace,
  type SimulationPlan,
  type Trigger,
} from './plan.js';
import { REQUESTS } from './requests.js';

const triggerOf = (requests: readonly string[]): fc.Arbitrary<Trigger> =>
  fc.record({
    request: fc.constantFrom(...requests),
    nth: fc.integer({ min: 1, max: 6 }),
    phase: fc.constantFrom('asking', 'done', 'answered'),
  });

const trigger = ({ requests }: Swarm): fc.Arbitrary<Trigger> =>
  fc.oneof(
    { weight: 1, arbitrary: fc.record({ atMs: fc.integer({ min: 0, max: 20_000 }) }) },
    { weight: 3, arbitrary: triggerOf(requests) },
  );

const KINDS: readonly FaultKind[] = [
  ...FAULT_KINDS,
  'kill',
  'kill',
  'kill',
  'kill',
  'freeze',
  'freeze',
  'freeze',
  'freeze',
  'freeze',
  'silent target',
  'control failover',
  'control failover',
  'target failover',
  'cut',
  'cut',
];

/** What a schedule draws its faults and changes from: all, or few of them, so that rare ones meet. */
interface Swarm {
  readonly kinds: readonly FaultKind[];
  readonly requests: readonly string[];
  readonly changes: readonly PlannedAction['kind'][];
}

const fault = ({ kinds }: Swarm): fc.Arbitrary<Omit<PlannedFault, 'trigger'>> =>
  fc.record({
    kind: fc.constantFrom(...kinds),
    target: fc.nat(7),
    ms: fc.integer({ min: 50, max: 9_000 }),
    size: fc.nat(6),
  });

/** Faults that strike at one moment. */
const moment = (swarm: Swarm): fc.Arbitrary<readonly PlannedFault[]> =>
  fc.oneof(
    { weight: 3, arbitrary: together(trigger(swarm), fc.array(fault(swarm), { minLength: 1, maxLength: 3 })) },
    { weight: 1, arbitrary: together(triggerOf(COMMITS), forgottenDecision) },
    { weight: 1, arbitrary: together(triggerOf(LAST_MOMENTS), stall) },
    { weight: 1, arbitrary: together(triggerOf(CHANGES_OF_CATALOG), stallAlone) },
  );

function together(
  when: fc.Arbitrary<Trigger>,
  what: fc.Arbitrary<readonly Omit<PlannedFault, 'trigger'>[]>,
): fc.Arbitrary<readonly PlannedFault[]> {
  return fc.tuple(when, what).map(([trigger, faults]) => faults.map((each) => ({ ...each, trigger })));
}

/** Where some databases of a run may have committed, and others not. */
const COMMITS = [
  'target.commitPreparedOnSession',
  'target.commitPrepared',
  'target.commit',
  'journal.decide',
  'journal.honour',
];

const planned = (kind: FaultKind, ms: fc.Arbitrary<number>, size: fc.Arbitrary<number>) =>
  fc.record({ kind: fc.constant(kind), target: fc.nat(7), ms, size });

/** The primary of the control database is lost with the worker, and its standby knows of no decision, or of no attempt. */
const forgottenDecision = fc
  .tuple(
    planned('control failover', fc.constant(0), fc.constantFrom(4, 5)),
    planned('kill', fc.integer({ min: 50, max: 5_000 }), fc.constant(0)),
  )
  .map((pair) => [...pair]);

/** What must not be done by whoever has been taken for dead. */
const LAST_MOMENTS = [
  'journal.start',
  'target.begin',
  'target.prepare',
  'target.commit',
  'journal.enterDeciding',
  'journal.decide',
  'journal.beginAbort',
  'target.rollbackPrepared',
  'target.raiseFence',
  'journal.finishAbort',
  'journal.finishSync',
  'store.commit',
  'target.execute',
  'target.readOnce',
  'target.enter',
  'target.commitBatch',
  'target.endStep',
];

/** What must not be done once the lock was lost. */
const CHANGES_OF_CATALOG = ['store.updateTemplate', 'store.updateApi', 'store.updateEndpoint', 'store.commit'];

const stallAlone = planned('freeze', fc.integer({ min: 3_500, max: 9_000 }), fc.constant(0)).map((freeze) => [freeze]);

/** Longer than every lease; and the locks of others may be forgotten, too. */
const stall = fc
  .tuple(planned('freeze', fc.integer({ min: 3_500, max: 9_000 }), fc.constant(0)), fc.boolean())
  .map(([freeze, isForgotten]) => [
    freeze,
    ...(isForgotten ? [{ ...freeze, kind: 'lock masters emptied' as const }] : []),
  ]);

const RUNS: readonly PlannedAction['kind'][] = ['sync', 'migrate', 'rollback', 'sync', 'migrate'];
const CHANGES: readonly PlannedAction['kind'][] = [
  'cancel',
  'cancel',
  'update template',
  'update endpoint',
  'update api',
  'update migration',
  'break template',
  'mend template',
  'detach api',
  'attach api',
  'attach api',
  'update rollback',
  'break step',
  'mend step',
  'delete api',
  'delete migration',
  'delete endpoint',
  'put source',
  'put source',
  'pause',
  'resume',
  'tune',
];

const action = (kinds: readonly PlannedAction['kind'][]): fc.Arbitrary<PlannedAction> =>
  fc.record({
    kind: fc.constantFrom(...kinds),
    afterMs: fc.integer({ min: 0, max: 1_500 }),
    waits: fc.boolean(),
    target: fc.nat(7),
  });

/** Sync and migrate first; then what comes to mind. */
const script = ({ changes }: Swarm): fc.Arbitrary<readonly PlannedAction[]> =>
  fc
    .tuple(
      fc.integer({ min: 0, max: 800 }),
      fc.boolean(),
      fc.array(action([...RUNS, ...changes]), { minLength: 0, maxLength: 6 }),
    )
    .map(([afterMs, waits, more]) => [
      { kind: 'sync', afterMs, waits: false, target: 0 },
      { kind: 'migrate', afterMs: 50, waits, target: 0 },
      ...more,
    ]);

const api: fc.Arbitrary<PlannedApi> = fc.record({
  endpoints: fc.uniqueArray(fc.nat(11), { minLength: 1, maxLength: 3 }),
  stage: fc.integer({ min: 1, max: 3 }),
  migration: fc.nat(1),
  writes: fc.boolean(),
  bindings: fc.integer({ min: 1, max: 2 }),
  joinsLate: fc.nat(7).map((number) => number === 0),
  reads: fc.constantFrom<ReadingPlace[]>('own', 'own', 'own', 'own', 'own', 'also elsewhere', 'elsewhere', 'standby'),
});

const batches: fc.Arbitrary<PlannedBatches> = fc.record({
  step: fc.nat(2),
  rows: fc.integer({ min: 0, max: 40 }),
  size: fc.integer({ min: 1, max: 8 }),
  rowsPerSecond: fc.constantFrom(null, 5, 20),
});

/** In half of all schedules there are none; in half of the others one of them has batches. */
const steps: fc.Arbitrary<PlannedSteps> = fc
  .record({
    batches,
    areThere: fc.boolean(),
    areBatched: fc.boolean(),
    migration: fc.nat(1),
    before: fc.nat(2),
    after: fc.nat(1),
    areIrreversible: fc.nat(3).map((number) => number === 0),
  })
  .map(({ areThere, areBatched, before, after, batches: planned, ...rest }) => {
    const count = before + after;
    if (!areThere || count === 0) return { ...rest, before: 0, after: 0 };
    const own = areBatched ? { batches: { ...planned, step: planned.step % count } } : {};
    return { ...rest, before, after, ...own };
  });

/** In half of all schedules there are some. */
const folders: fc.Arbitrary<readonly PlannedFolder[]> = fc
  .tuple(
    fc.boolean(),
    fc.array(
      fc.record({
        database: fc.nat(5),
        migration: fc.nat(1),
        stage: fc.integer({ min: 1, max: 3 }),
        files: fc.integer({ min: 1, max: 3 }),
        // Most often none, the first one or all of them: what stands in between is refused, or left to another run.
        outside: fc.constantFrom(0, 0, 0, 0b1, 0b1, 0b111111, 0b111111, 0b100, 0b10),
        isBuilt: fc.nat(15).map((drawn) => drawn === 0),
      }),
      { minLength: 1, maxLength: 3 },
    ),
  )
  .map(([areThere, all]) => (areThere ? all : []));

/** A schedule of everything, or of a few things. */
const swarm: fc.Arbitrary<Swarm> = fc.oneof(
  fc.constant<Swarm>({ kinds: KINDS, requests: REQUESTS, changes: CHANGES }),
  fc.record({
    kinds: fc.shuffledSubarray([...FAULT_KINDS], { minLength: 1, maxLength: 4 }),
    requests: fc.shuffledSubarray([...REQUESTS], { minLength: 2, maxLength: 8 }),
    changes: fc.shuffledSubarray([...CHANGES], { minLength: 0, maxLength: 4 }),
  }),
);

/** A small one is cheap, and what it has of everything meets more often. */
interface Extent {
  readonly databases: number;
  readonly apis: number;
  readonly weather: number;
}

const LARGE: Extent = { databases: 6, apis: 8, weather: 3 };
const SMALL: Extent = { databases: 3, apis: 2, weather: 1 };

const planWithin = ({ databases, apis, weather }: Extent, drawn: Swarm): fc.Arbitrary<SimulationPlan> =>
  fc.record({
    databases: fc.integer({ min: 1, max: databases }),
    lastResource: fc.nat(2 * databases - 1),
    doubled: fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
    clone: fc.nat(40),
    isCopiedWithId: fc.boolean(),
    workers: fc.integer({ min: 1, max: 3 }),
    gateways: fc.integer({ min: 1, max: 2 }),
    apis: fc.array(api, { minLength: 1, maxLength: apis }),
    readers: fc.integer({ min: 1, max: 3 }),
    scripts: fc.tuple(script(drawn), script(drawn)),
    faults: fc.array(moment(drawn), { minLength: 1, maxLength: 4 }).map((moments) => moments.flat()),
    weather: fc.nat(weather),
    lockMastersForget: fc.nat(3).map((number) => number === 0),
    steps,
    folders,
    slots: fc.constantFrom(1, 2, 64, 64, 64, 64),
    lagMs: fc.constantFrom(10, 300, 3_000),
    forgetsHistory: fc.nat(3).map((number) => number === 0),
  });

/** What is in batches is tried once more, and paused where it is slow: a sync that has failed would leave nothing of it. */
function withAnotherTry(plan: SimulationPlan): SimulationPlan {
  const { steps: planned, scripts } = plan;
  if (planned?.batches === undefined) return plan;
  const tried = (kind: PlannedAction['kind'], afterMs: number): PlannedAction => {
    return { kind, afterMs, waits: kind !== 'pause', target: 0 };
  };
  const pauses = planned.batches.rowsPerSecond === null ? [] : [tried('pause', 900)];
  const more = [tried('sync', 100), tried('migrate', 400), ...pauses];
  return {
    ...plan,
    scripts: scripts.map((script, migration) => (migration === planned.migration ? [...script, ...more] : script)),
  };
}

/** A schedule's plan. It is drawn by its seed, and made smaller when it has failed. */
export const simulationPlan: fc.Arbitrary<SimulationPlan> = fc
  .tuple(fc.constantFrom(LARGE, SMALL), swarm)
  .chain(([extent, drawn]) => planWithin(extent, drawn))
  .map(withAnotherTry);
