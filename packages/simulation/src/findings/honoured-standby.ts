import type { Finding } from './finding.js';

export const HONOURED_STANDBY: Finding = {
  name: 'a standby is waited for behind an attempt that was forgotten and decided again',
  seeds: [18725],
  plan: {
    databases: 5,
    lastResource: 0,
    doubled: [false, true, false, false, true, true],
    clone: 31,
    workers: 2,
    gateways: 1,
    apis: [
      {
        endpoints: [9, 2],
        stage: 1,
        migration: 1,
        writes: false,
        bindings: 1,
        joinsLate: false,
        reads: 'own',
      },
      {
        endpoints: [4],
        stage: 3,
        migration: 0,
        writes: true,
        bindings: 2,
        joinsLate: false,
        reads: 'standby',
      },
      {
        endpoints: [11],
        stage: 2,
        migration: 0,
        writes: false,
        bindings: 2,
        joinsLate: false,
        reads: 'own',
      },
    ],
    readers: 3,
    scripts: [
      [
        {
          kind: 'sync',
          afterMs: 354,
          waits: false,
          target: 0,
        },
        {
          kind: 'migrate',
          afterMs: 50,
          waits: true,
          target: 0,
        },
        {
          kind: 'break template',
          afterMs: 1276,
          waits: false,
          target: 6,
        },
        {
          kind: 'cancel',
          afterMs: 1492,
          waits: false,
          target: 5,
        },
      ],
      [
        {
          kind: 'sync',
          afterMs: 7,
          waits: false,
          target: 0,
        },
        {
          kind: 'migrate',
          afterMs: 50,
          waits: true,
          target: 0,
        },
      ],
    ],
    faults: [
      {
        kind: 'control failover',
        target: 1,
        ms: 0,
        size: 5,
        trigger: {
          request: 'journal.decide',
          nth: 2,
          phase: 'answered',
        },
      },
      {
        kind: 'kill',
        target: 2,
        ms: 58,
        size: 0,
        trigger: {
          request: 'journal.decide',
          nth: 2,
          phase: 'answered',
        },
      },
      {
        kind: 'freeze',
        target: 1,
        ms: 9000,
        size: 0,
        trigger: {
          request: 'target.rollbackPrepared',
          nth: 4,
          phase: 'done',
        },
      },
      {
        kind: 'lock masters emptied',
        target: 0,
        ms: 5541,
        size: 0,
        trigger: {
          request: 'journal.recant',
          nth: 2,
          phase: 'done',
        },
      },
      {
        kind: 'kill',
        target: 1,
        ms: 6317,
        size: 5,
        trigger: {
          request: 'journal.recant',
          nth: 2,
          phase: 'done',
        },
      },
      {
        kind: 'queue emptied',
        target: 0,
        ms: 4970,
        size: 5,
        trigger: {
          request: 'journal.recant',
          nth: 2,
          phase: 'done',
        },
      },
      {
        kind: 'cut',
        target: 0,
        ms: 795,
        size: 5,
        trigger: {
          atMs: 7,
        },
      },
    ],
    weather: 1,
    lockMastersForget: true,
    steps: {
      migration: 1,
      areIrreversible: false,
      before: 0,
      after: 0,
    },
    slots: 64,
    lagMs: 3000,
    forgetsHistory: true,
  },
};
