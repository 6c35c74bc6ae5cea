import type { Finding } from './finding.js';

export const ENDLESS_RECORDER: Finding = {
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
      {
        endpoints: [7],
        stage: 1,
        migration: 1,
        writes: false,
        bindings: 2,
      },
      {
        endpoints: [1, 11],
        stage: 3,
        migration: 1,
        writes: true,
        bindings: 1,
      },
      {
        endpoints: [7],
        stage: 1,
        migration: 0,
        writes: true,
        bindings: 2,
      },
      {
        endpoints: [0],
        stage: 1,
        migration: 1,
        writes: true,
        bindings: 2,
      },
      {
        endpoints: [4, 9],
        stage: 1,
        migration: 1,
        writes: true,
        bindings: 1,
      },
      {
        endpoints: [0],
        stage: 1,
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
          afterMs: 282,
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
          afterMs: 109,
          waits: true,
          target: 4,
        },
      ],
      [
        {
          kind: 'sync',
          afterMs: 3,
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
          kind: 'cancel',
          afterMs: 230,
          waits: true,
          target: 7,
        },
        {
          kind: 'cancel',
          afterMs: 1250,
          waits: true,
          target: 2,
        },
      ],
    ],
    faults: [
      {
        kind: 'silent target',
        trigger: {
          request: 'target.execute',
          nth: 5,
          phase: 'asking',
        },
        target: 1,
        ms: 4710,
        size: 1,
      },
      {
        kind: 'kill',
        trigger: {
          request: 'journal.finishAbort',
          nth: 4,
          phase: 'answered',
        },
        target: 1,
        ms: 62,
        size: 1,
      },
      {
        kind: 'control failover',
        trigger: {
          request: 'target.begin',
          nth: 2,
          phase: 'asking',
        },
        target: 7,
        ms: 60,
        size: 3,
      },
    ],
    weather: 0,
  },
};
