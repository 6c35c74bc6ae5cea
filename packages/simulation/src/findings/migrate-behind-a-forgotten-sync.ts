import type { PlannedAction } from '../workload/plan.js';
import type { Finding } from './finding.js';

function action(kind: PlannedAction['kind'], afterMs: number): PlannedAction {
  return { kind, afterMs, waits: false, target: 0 };
}

/** The first database has committed; the control database falls back to when the migrate was accepted, and its worker is gone. */
const FIRST_COMMIT = { request: 'target.commitPreparedOnSession', nth: 1, phase: 'done' } as const;

export const MIGRATE_BEHIND_A_FORGOTTEN_SYNC: Finding = {
  name: 'a migrate that had run behind a sync whose end is forgotten is asked about before it ends',
  seeds: [1, 2, 3],
  plan: {
    databases: 2,
    lastResource: 11,
    doubled: [false, false, false, false, false, false],
    clone: 40,
    workers: 1,
    gateways: 1,
    apis: [{ endpoints: [0, 2], stage: 1, migration: 0, writes: false, bindings: 1 }],
    readers: 3,
    scripts: [[action('sync', 0), action('migrate', 20), action('cancel', 6_000)], []],
    faults: [
      { kind: 'control failover', trigger: FIRST_COMMIT, target: 0, ms: 0, size: 1_000 },
      { kind: 'kill', trigger: FIRST_COMMIT, target: 0, ms: 9_000, size: 0 },
    ],
    weather: 0,
    lockMastersForget: false,
  },
};
