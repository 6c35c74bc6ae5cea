import fc from 'fast-check';

/** An API: where it reads, and what its migration does there. */
export interface PlannedApi {
  /** Numbers of endpoints, each of another database. */
  readonly endpoints: readonly number[];
  readonly stage: number;
  readonly migration: number;
  /** Whether it writes, too, when it is executed. */
  readonly writes: boolean;
  /** Of the migration's bindings in its first database: 1 or 2 of them. */
  readonly bindings: number;
}

export interface PlannedAction {
  readonly kind:
    | 'sync'
    | 'migrate'
    | 'rollback'
    | 'cancel'
    | 'update template'
    | 'mend template'
    | 'break template'
    | 'update endpoint'
    | 'update api'
    | 'update migration'
    | 'detach api'
    | 'attach api';
  /** After the action before it, in milliseconds. */
  readonly afterMs: number;
  /** Whether it waits for the end of the run that is at work. */
  readonly waits: boolean;
  readonly target: number;
}

/** What makes a fault happen: a moment, or the n-th time that something is asked for. */
export type Trigger =
  | { readonly atMs: number }
  | { readonly request: string; readonly nth: number; readonly phase: 'asking' | 'done' | 'answered' };

export interface PlannedFault {
  readonly kind: FaultKind;
  readonly trigger: Trigger;
  readonly target: number;
  readonly ms: number;
  /** Commits, changes. */
  readonly size: number;
}

export const FAULT_KINDS = [
  'kill',
  'freeze',
  'drain',
  'silent target',
  'silent control database',
  'control failover',
  'target failover',
  'lock masters emptied',
  'lock masters silent',
  'lock masters jump',
  'partition',
  'queue emptied',
  'stranger',
  'calendar',
  'copy',
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** Everything that a schedule does but for what its scheduler draws. */
export interface SimulationPlan {
  readonly databases: number;
  /** A database that prepares nothing; none where the number is too great. */
  readonly lastResource: number;
  /** Databases with two endpoints. */
  readonly doubled: readonly boolean[];
  /** Whether the second endpoint of a database leads to a copy of it. */
  readonly clone: number;
  readonly workers: number;
  readonly gateways: number;
  readonly apis: readonly PlannedApi[];
  readonly readers: number;
  readonly scripts: readonly (readonly PlannedAction[])[];
  readonly faults: readonly PlannedFault[];
  /** 0 … 3, how bad the network is. */
  readonly weather: number;
  /** Whether the lock masters forget everything again and again: then only fences and gates hold. */
  readonly lockMastersForget: boolean;
}

/** What a worker asks for on its way through a run, and what others do beside it. */
const REQUESTS = [
  'journal.claim',
  'locks.acquire-write',
  'locks.extend',
  'journal.start',
  'target.begin',
  'target.run',
  'journal.recordApis',
  'target.prepare',
  'journal.recordEvent',
  'journal.enterDeciding',
  'target.recordOutcome',
  'target.commit',
  'journal.decide',
  'target.commitPreparedOnSession',
  'target.commitPrepared',
  'journal.complete',
  'journal.beginAbort',
  'target.endBackends',
  'target.listPrepared',
  'target.rollbackPrepared',
  'target.raiseFence',
  'journal.finishAbort',
  'journal.adopt',
  'journal.heartbeat',
  'journal.honour',
  'journal.recant',
  'journal.finishSync',
  'outbox.claim',
  'queue.send',
  'outbox.markSent',
  'store.insertRun',
  'store.cancelRun',
  'store.commit',
  'target.enter',
  'target.readOnce',
  'target.execute',
  'reader.plan',
] as const;

const trigger: fc.Arbitrary<Trigger> = fc.oneof(
  { weight: 1, arbitrary: fc.record({ atMs: fc.integer({ min: 0, max: 20_000 }) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      request: fc.constantFrom(...REQUESTS),
      nth: fc.integer({ min: 1, max: 6 }),
      phase: fc.constantFrom('asking', 'done', 'answered'),
    }),
  },
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
];

const fault: fc.Arbitrary<PlannedFault> = fc.record({
  kind: fc.constantFrom(...KINDS),
  trigger,
  target: fc.nat(7),
  ms: fc.integer({ min: 50, max: 9_000 }),
  size: fc.nat(5),
});

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
];

const action = (kinds: readonly PlannedAction['kind'][]): fc.Arbitrary<PlannedAction> =>
  fc.record({
    kind: fc.constantFrom(...kinds),
    afterMs: fc.integer({ min: 0, max: 1_500 }),
    waits: fc.boolean(),
    target: fc.nat(7),
  });

/** Sync and migrate first; then what comes to mind. */
const script: fc.Arbitrary<readonly PlannedAction[]> = fc
  .tuple(
    fc.integer({ min: 0, max: 800 }),
    fc.boolean(),
    fc.array(action([...RUNS, ...CHANGES]), { minLength: 0, maxLength: 6 }),
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
});

/** A schedule's plan. It is drawn by its seed, and made smaller when it has failed. */
export const simulationPlan: fc.Arbitrary<SimulationPlan> = fc.record({
  databases: fc.integer({ min: 1, max: 6 }),
  lastResource: fc.nat(11),
  doubled: fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
  clone: fc.nat(40),
  workers: fc.integer({ min: 1, max: 3 }),
  gateways: fc.integer({ min: 1, max: 2 }),
  apis: fc.array(api, { minLength: 1, maxLength: 8 }),
  readers: fc.integer({ min: 1, max: 3 }),
  scripts: fc.tuple(script, script),
  faults: fc.array(fault, { minLength: 1, maxLength: 6 }),
  weather: fc.nat(3),
  lockMastersForget: fc.nat(3).map((number) => number === 0),
});
