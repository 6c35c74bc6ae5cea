import type { Finding } from './finding.js';

export const CONTRADICTION_THAT_WAS_NONE: Finding = {
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
    apis: [
      {
        endpoints: [10, 3],
        stage: 1,
        migration: 0,
        writes: true,
        bindings: 2,
      },
    ],
    readers: 3,
    scripts: [
      [
        {
          kind: 'sync',
          afterMs: 1,
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
          kind: 'detach api',
          afterMs: 996,
          waits: false,
          target: 1,
        },
      ],
      [
        {
          kind: 'sync',
          afterMs: 800,
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
          kind: 'sync',
          afterMs: 4,
          waits: false,
          target: 0,
        },
        {
          kind: 'update endpoint',
          afterMs: 1259,
          waits: false,
          target: 7,
        },
      ],
    ],
    faults: [
      {
        kind: 'freeze',
        trigger: {
          request: 'journal.recordEvent',
          nth: 1,
          phase: 'asking',
        },
        target: 1,
        ms: 60,
        size: 0,
      },
      {
        kind: 'silent target',
        trigger: {
          request: 'journal.recordApis',
          nth: 5,
          phase: 'done',
        },
        target: 1,
        ms: 3005,
        size: 4,
      },
      {
        kind: 'queue emptied',
        trigger: {
          request: 'journal.recordEvent',
          nth: 5,
          phase: 'done',
        },
        target: 7,
        ms: 2692,
        size: 2,
      },
    ],
    weather: 1,
  },
};
