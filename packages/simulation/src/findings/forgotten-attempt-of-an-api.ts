import type { Finding } from './finding.js';

export const FORGOTTEN_ATTEMPT_OF_AN_API: Finding = {
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
      {
        endpoints: [6, 7],
        stage: 1,
        migration: 0,
        writes: true,
        bindings: 1,
      },
      {
        endpoints: [0, 1, 4],
        stage: 1,
        migration: 0,
        writes: true,
        bindings: 1,
      },
      {
        endpoints: [10, 2],
        stage: 3,
        migration: 1,
        writes: false,
        bindings: 2,
      },
    ],
    readers: 2,
    scripts: [
      [
        {
          kind: 'sync',
          afterMs: 26,
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
          kind: 'rollback',
          afterMs: 407,
          waits: false,
          target: 0,
        },
        {
          kind: 'break template',
          afterMs: 1356,
          waits: true,
          target: 5,
        },
        {
          kind: 'break template',
          afterMs: 629,
          waits: true,
          target: 1,
        },
        {
          kind: 'update api',
          afterMs: 342,
          waits: false,
          target: 6,
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
          waits: false,
          target: 0,
        },
        {
          kind: 'update api',
          afterMs: 1343,
          waits: false,
          target: 0,
        },
        {
          kind: 'update api',
          afterMs: 819,
          waits: true,
          target: 0,
        },
        {
          kind: 'sync',
          afterMs: 8,
          waits: true,
          target: 0,
        },
        {
          kind: 'attach api',
          afterMs: 1322,
          waits: false,
          target: 6,
        },
        {
          kind: 'update template',
          afterMs: 1353,
          waits: true,
          target: 0,
        },
        {
          kind: 'sync',
          afterMs: 1127,
          waits: false,
          target: 0,
        },
      ],
    ],
    faults: [
      {
        kind: 'control failover',
        trigger: {
          request: 'target.commit',
          nth: 1,
          phase: 'done',
        },
        target: 7,
        ms: 8039,
        size: 3,
      },
      {
        kind: 'freeze',
        trigger: {
          request: 'target.begin',
          nth: 5,
          phase: 'answered',
        },
        target: 1,
        ms: 50,
        size: 0,
      },
      {
        kind: 'silent target',
        trigger: {
          request: 'store.cancelRun',
          nth: 6,
          phase: 'asking',
        },
        target: 2,
        ms: 8999,
        size: 0,
      },
      {
        kind: 'kill',
        trigger: {
          atMs: 12245,
        },
        target: 6,
        ms: 5603,
        size: 0,
      },
      {
        kind: 'kill',
        trigger: {
          atMs: 18060,
        },
        target: 6,
        ms: 6115,
        size: 2,
      },
    ],
    weather: 0,
    lockMastersForget: true,
  },
};
