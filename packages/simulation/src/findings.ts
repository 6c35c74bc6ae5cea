import type { SimulationPlan } from './workload/plan.js';

/** What the simulator has found in the engine, and was mended: the plan that showed it, and schedules that did. */
export interface Finding {
  readonly name: string;
  readonly plan: SimulationPlan;
  /** Of the scheduler. */
  readonly seeds: readonly number[];
}

export const FINDINGS: readonly Finding[] = [
  {
    name: 'a recorder whose record was refused is not waited for without end',
    seeds: [113, 1],
    plan: {
      lockMastersForget: false,
      databases: 6,
      lastResource: 11,
      doubled: [false, false, false, false, false, true],
      clone: 3,
      workers: 3,
      gateways: 1,
      apis: [
        { endpoints: [7], stage: 1, migration: 1, writes: false, bindings: 2 },
        { endpoints: [1, 11], stage: 3, migration: 1, writes: true, bindings: 1 },
        { endpoints: [7], stage: 1, migration: 0, writes: true, bindings: 2 },
        { endpoints: [0], stage: 1, migration: 1, writes: true, bindings: 2 },
        { endpoints: [4, 9], stage: 1, migration: 1, writes: true, bindings: 1 },
        { endpoints: [0], stage: 1, migration: 1, writes: false, bindings: 1 },
      ],
      readers: 2,
      scripts: [
        [
          { kind: 'sync', afterMs: 282, waits: false, target: 0 },
          { kind: 'migrate', afterMs: 50, waits: true, target: 0 },
          { kind: 'break template', afterMs: 109, waits: true, target: 4 },
        ],
        [
          { kind: 'sync', afterMs: 3, waits: false, target: 0 },
          { kind: 'migrate', afterMs: 50, waits: true, target: 0 },
          { kind: 'cancel', afterMs: 230, waits: true, target: 7 },
          { kind: 'cancel', afterMs: 1250, waits: true, target: 2 },
        ],
      ],
      faults: [
        {
          kind: 'silent target',
          trigger: { request: 'target.execute', nth: 5, phase: 'asking' },
          target: 1,
          ms: 4710,
          size: 1,
        },
        {
          kind: 'kill',
          trigger: { request: 'journal.finishAbort', nth: 4, phase: 'answered' },
          target: 1,
          ms: 62,
          size: 1,
        },
        {
          kind: 'control failover',
          trigger: { request: 'target.begin', nth: 2, phase: 'asking' },
          target: 7,
          ms: 60,
          size: 3,
        },
      ],
      weather: 0,
    },
  },
  {
    name: 'a sweep that watches a commit names no run',
    seeds: [1558],
    plan: {
      lockMastersForget: false,
      databases: 2,
      lastResource: 11,
      doubled: [true, false, true, true, false, false],
      clone: 31,
      workers: 2,
      gateways: 2,
      apis: [{ endpoints: [10, 3], stage: 1, migration: 0, writes: true, bindings: 2 }],
      readers: 3,
      scripts: [
        [
          { kind: 'sync', afterMs: 1, waits: false, target: 0 },
          { kind: 'migrate', afterMs: 50, waits: false, target: 0 },
          { kind: 'detach api', afterMs: 996, waits: false, target: 1 },
        ],
        [
          { kind: 'sync', afterMs: 800, waits: false, target: 0 },
          { kind: 'migrate', afterMs: 50, waits: true, target: 0 },
          { kind: 'sync', afterMs: 4, waits: false, target: 0 },
          { kind: 'update endpoint', afterMs: 1259, waits: false, target: 7 },
        ],
      ],
      faults: [
        {
          kind: 'freeze',
          trigger: { request: 'journal.recordEvent', nth: 1, phase: 'asking' },
          target: 1,
          ms: 60,
          size: 0,
        },
        {
          kind: 'silent target',
          trigger: { request: 'journal.recordApis', nth: 5, phase: 'done' },
          target: 1,
          ms: 3005,
          size: 4,
        },
        {
          kind: 'queue emptied',
          trigger: { request: 'journal.recordEvent', nth: 5, phase: 'done' },
          target: 7,
          ms: 2692,
          size: 2,
        },
      ],
      weather: 1,
    },
  },
  {
    name: 'a template that changes after a rewind leaves the plan that tells what to ask',
    seeds: [1, 2, 3],
    plan: {
      lockMastersForget: false,
      databases: 1,
      lastResource: 2,
      doubled: [true, true, true, false, false, false],
      clone: 1,
      workers: 2,
      gateways: 1,
      apis: [
        { endpoints: [0, 8], stage: 2, migration: 0, writes: false, bindings: 1 },
        { endpoints: [0], stage: 3, migration: 1, writes: false, bindings: 1 },
      ],
      readers: 2,
      scripts: [
        [
          { kind: 'sync', afterMs: 5, waits: false, target: 0 },
          { kind: 'migrate', afterMs: 50, waits: false, target: 0 },
          { kind: 'sync', afterMs: 0, waits: true, target: 0 },
          { kind: 'break template', afterMs: 7, waits: false, target: 0 },
          { kind: 'update api', afterMs: 1, waits: true, target: 0 },
          { kind: 'cancel', afterMs: 1497, waits: false, target: 2 },
          { kind: 'cancel', afterMs: 9, waits: false, target: 7 },
          { kind: 'sync', afterMs: 1493, waits: false, target: 6 },
        ],
        [
          { kind: 'sync', afterMs: 2, waits: false, target: 0 },
          { kind: 'migrate', afterMs: 50, waits: true, target: 0 },
          { kind: 'mend template', afterMs: 1282, waits: false, target: 7 },
          { kind: 'attach api', afterMs: 1496, waits: true, target: 5 },
        ],
      ],
      faults: [
        {
          kind: 'control failover',
          trigger: { request: 'target.readOnce', nth: 4, phase: 'answered' },
          target: 5,
          ms: 2852,
          size: 5,
        },
        {
          kind: 'control failover',
          trigger: { request: 'target.enter', nth: 4, phase: 'done' },
          target: 5,
          ms: 1076,
          size: 0,
        },
        {
          kind: 'queue emptied',
          trigger: { request: 'journal.honour', nth: 1, phase: 'asking' },
          target: 6,
          ms: 60,
          size: 5,
        },
      ],
      weather: 0,
    },
  },
  {
    name: 'an API whose migration was forgotten keeps its definition until that is settled',
    seeds: [50, 69, 78],
    plan: {
      databases: 1,
      lastResource: 5,
      doubled: [false, false, true, false, false, true],
      clone: 13,
      workers: 3,
      gateways: 1,
      apis: [
        { endpoints: [6, 7], stage: 1, migration: 0, writes: true, bindings: 1 },
        { endpoints: [0, 1, 4], stage: 1, migration: 0, writes: true, bindings: 1 },
        { endpoints: [10, 2], stage: 3, migration: 1, writes: false, bindings: 2 },
      ],
      readers: 2,
      scripts: [
        [
          { kind: 'sync', afterMs: 26, waits: false, target: 0 },
          { kind: 'migrate', afterMs: 50, waits: false, target: 0 },
          { kind: 'rollback', afterMs: 407, waits: false, target: 0 },
          { kind: 'break template', afterMs: 1356, waits: true, target: 5 },
          { kind: 'break template', afterMs: 629, waits: true, target: 1 },
          { kind: 'update api', afterMs: 342, waits: false, target: 6 },
        ],
        [
          { kind: 'sync', afterMs: 7, waits: false, target: 0 },
          { kind: 'migrate', afterMs: 50, waits: false, target: 0 },
          { kind: 'update api', afterMs: 1343, waits: false, target: 0 },
          { kind: 'update api', afterMs: 819, waits: true, target: 0 },
          { kind: 'sync', afterMs: 8, waits: true, target: 0 },
          { kind: 'attach api', afterMs: 1322, waits: false, target: 6 },
          { kind: 'update template', afterMs: 1353, waits: true, target: 0 },
          { kind: 'sync', afterMs: 1127, waits: false, target: 0 },
        ],
      ],
      faults: [
        {
          kind: 'control failover',
          trigger: { request: 'target.commit', nth: 1, phase: 'done' },
          target: 7,
          ms: 8039,
          size: 3,
        },
        { kind: 'freeze', trigger: { request: 'target.begin', nth: 5, phase: 'answered' }, target: 1, ms: 50, size: 0 },
        {
          kind: 'silent target',
          trigger: { request: 'store.cancelRun', nth: 6, phase: 'asking' },
          target: 2,
          ms: 8999,
          size: 0,
        },
        { kind: 'kill', trigger: { atMs: 12245 }, target: 6, ms: 5603, size: 0 },
        { kind: 'kill', trigger: { atMs: 18060 }, target: 6, ms: 6115, size: 2 },
      ],
      weather: 0,
      lockMastersForget: true,
    },
  },
];
