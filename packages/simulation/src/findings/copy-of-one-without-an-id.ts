import type { Finding } from './finding.js';

export const COPY_OF_ONE_WITHOUT_AN_ID: Finding = {
  name: 'a database without an id gets one, and not another one its copy whose steps are under way',
  seeds: [240498175, 1, 2],
  plan: {
    databases: 3,
    lastResource: 0,
    doubled: [false, true, false, false, false, false],
    clone: 1,
    isCopiedWithId: false,
    workers: 1,
    gateways: 1,
    apis: [
      {
        endpoints: [9],
        stage: 1,
        migration: 1,
        writes: false,
        bindings: 1,
        joinsLate: false,
        reads: 'own',
      },
      {
        endpoints: [3],
        stage: 1,
        migration: 0,
        writes: false,
        bindings: 1,
        joinsLate: false,
        reads: 'own',
      },
      {
        endpoints: [0],
        stage: 1,
        migration: 1,
        writes: false,
        bindings: 1,
        joinsLate: false,
        reads: 'elsewhere',
      },
    ],
    readers: 1,
    scripts: [
      [
        {
          kind: 'sync',
          afterMs: 0,
          waits: false,
          target: 0,
        },
        {
          kind: 'migrate',
          afterMs: 50,
          waits: false,
          target: 0,
        },
      ],
      [
        {
          kind: 'sync',
          afterMs: 0,
          waits: false,
          target: 0,
        },
        {
          kind: 'migrate',
          afterMs: 50,
          waits: false,
          target: 0,
        },
      ],
    ],
    faults: [
      {
        kind: 'freeze',
        target: 0,
        ms: 4125,
        size: 0,
        trigger: {
          request: 'journal.start',
          nth: 1,
          phase: 'done',
        },
      },
    ],
    weather: 0,
    lockMastersForget: false,
    steps: {
      migration: 0,
      areIrreversible: true,
      before: 1,
      after: 0,
    },
    folders: [],
    slots: 1,
    lagMs: 10,
    forgetsHistory: true,
  },
};
