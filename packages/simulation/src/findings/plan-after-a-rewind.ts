import type { Finding } from './finding.js';

export const PLAN_AFTER_A_REWIND: Finding = {
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
      {
        endpoints: [0, 8],
        stage: 2,
        migration: 0,
        writes: false,
        bindings: 1,
      },
      {
        endpoints: [0],
        stage: 3,
        migration: 1,
        writes: false,
        bindings: 1,
      },
    ],
    readers: 2,
    scripts: [
      [
        {
          kind: 'sync',
          afterMs: 5,
          waits: false,
          target: 0,
        },
        {
          kind: 'migrate',
          afterMs: 50,
          waits: false,
          target: 0,
        },
        {
          kind: 'sync',
          afterMs: 0,
          waits: true,
          target: 0,
        },
        {
          kind: 'break template',
          afterMs: 7,
          waits: false,
          target: 0,
        },
        {
          kind: 'update api',
          afterMs: 1,
          waits: true,
          target: 0,
        },
        {
          kind: 'cancel',
          afterMs: 1497,
          waits: false,
          target: 2,
        },
        {
          kind: 'cancel',
          afterMs: 9,
          waits: false,
          target: 7,
        },
        {
          kind: 'sync',
          afterMs: 1493,
          waits: false,
          target: 6,
        },
      ],
      [
        {
          kind: 'sync',
          afterMs: 2,
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
          kind: 'mend template',
          afterMs: 1282,
          waits: false,
          target: 7,
        },
        {
          kind: 'attach api',
          afterMs: 1496,
          waits: true,
          target: 5,
        },
      ],
    ],
    faults: [
      {
        kind: 'control failover',
        trigger: {
          request: 'target.readOnce',
          nth: 4,
          phase: 'answered',
        },
        target: 5,
        ms: 2852,
        size: 5,
      },
      {
        kind: 'control failover',
        trigger: {
          request: 'target.enter',
          nth: 4,
          phase: 'done',
        },
        target: 5,
        ms: 1076,
        size: 0,
      },
      {
        kind: 'queue emptied',
        trigger: {
          request: 'journal.honour',
          nth: 1,
          phase: 'asking',
        },
        target: 6,
        ms: 60,
        size: 5,
      },
    ],
    weather: 0,
  },
};
