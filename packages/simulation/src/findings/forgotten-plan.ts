import type { Finding } from './finding.js';

export const FORGOTTEN_PLAN: Finding = {
  name: 'an attempt whose plan is forgotten too may have committed in any database that its migration names',
  seeds: [3545],
  plan: {
    databases: 2,
    lastResource: 2,
    doubled: [false, false, false, false, false, false],
    clone: 0,
    workers: 1,
    gateways: 1,
    apis: [
      {
        endpoints: [0, 2],
        stage: 1,
        migration: 1,
        writes: false,
        bindings: 1,
        joinsLate: false,
        reads: 'own',
      },
      {
        endpoints: [0, 2],
        stage: 1,
        migration: 0,
        writes: false,
        bindings: 1,
        joinsLate: false,
        reads: 'own',
      },
    ],
    readers: 1,
    scripts: [
      [
        {
          kind: 'sync',
          afterMs: 241,
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
      ],
    ],
    faults: [
      {
        kind: 'control failover',
        target: 0,
        ms: 0,
        size: 4,
        trigger: {
          request: 'target.commitPreparedOnSession',
          nth: 4,
          phase: 'asking',
        },
      },
      {
        kind: 'kill',
        target: 0,
        ms: 50,
        size: 0,
        trigger: {
          request: 'target.commitPreparedOnSession',
          nth: 4,
          phase: 'asking',
        },
      },
      {
        kind: 'control failover',
        target: 0,
        ms: 0,
        size: 4,
        trigger: {
          request: 'target.commitPreparedOnSession',
          nth: 4,
          phase: 'asking',
        },
      },
      {
        kind: 'kill',
        target: 0,
        ms: 50,
        size: 0,
        trigger: {
          request: 'target.commitPreparedOnSession',
          nth: 4,
          phase: 'asking',
        },
      },
      {
        kind: 'freeze',
        target: 0,
        ms: 3500,
        size: 0,
        trigger: {
          request: 'journal.finishAbort',
          nth: 1,
          phase: 'asking',
        },
      },
    ],
    weather: 0,
    lockMastersForget: true,
    steps: {
      migration: 0,
      areIrreversible: true,
      before: 0,
      after: 0,
    },
    slots: 1,
    lagMs: 10,
    forgetsHistory: true,
  },
};
