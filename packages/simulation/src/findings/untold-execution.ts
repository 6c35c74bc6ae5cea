import type { Finding } from './finding.js';

export const UNTOLD_EXECUTION: Finding = {
  name: 'an execution that knows its API as free is waited for',
  seeds: [11, 13],
  plan: {
    lockMastersForget: false,
    databases: 2,
    lastResource: 11,
    doubled: [false, false, false, false, false, false],
    clone: 40,
    workers: 1,
    gateways: 2,
    apis: [
      {
        endpoints: [0, 2],
        stage: 1,
        migration: 0,
        writes: false,
        bindings: 1,
        joinsLate: true,
      },
    ],
    readers: 3,
    scripts: [
      [
        {
          kind: 'attach api',
          afterMs: 2500,
          waits: false,
          target: 0,
        },
        {
          kind: 'sync',
          afterMs: 50,
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
      [],
    ],
    faults: [
      {
        kind: 'lock masters emptied',
        trigger: {
          request: 'locks.acquire-write',
          nth: 1,
          phase: 'asking',
        },
        target: 0,
        ms: 0,
        size: 0,
      },
    ],
    weather: 0,
  },
};
