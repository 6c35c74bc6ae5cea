import { FINDINGS } from '../findings/index.js';
import { planOf } from '../simulation.js';
import type { PlannedAction, PlannedFault, SimulationPlan } from '../workload/plan.js';

/*
 * Plans under which a guard is missed soon. What a guard is there for may need more to come together than a drawn plan
 * often has: of the seeds of `--break`, every other one is told under the plan that is aimed at it.
 */

const SMALL: SimulationPlan = {
  databases: 1,
  lastResource: 11,
  doubled: [false, false, false, false, false, false],
  clone: 40,
  workers: 1,
  gateways: 2,
  apis: [{ endpoints: [0], stage: 1, migration: 0, writes: false, bindings: 1 }],
  readers: 3,
  scripts: [[], []],
  faults: [],
  weather: 0,
  lockMastersForget: false,
};

function action(kind: PlannedAction['kind'], afterMs: number): PlannedAction {
  return { kind, afterMs, waits: false, target: 0 };
}

type Moment = Exclude<PlannedFault['trigger'], { readonly atMs: number }>;

function freeze(request: string, nth: number, phase: Moment['phase'], ms: number): PlannedFault {
  return { kind: 'freeze', trigger: { request, nth, phase }, target: 0, ms, size: 0 };
}

/** Whoever changes a template stands still, for longer than his lock lasts, at that moment. */
function changeWithoutLock(request: string, phase: Moment['phase']): SimulationPlan {
  const scripts = [[action('update template', 1_500)], []];
  return { ...SMALL, scripts, faults: [freeze(request, 1, phase, 4_300)] };
}

/** An execution stands still between two databases while its API joins a migration, and is migrated. */
const EXECUTION_WITHOUT_LOCK: SimulationPlan = {
  ...SMALL,
  databases: 2,
  apis: [{ endpoints: [0, 2], stage: 1, migration: 0, writes: false, bindings: 1 }],
  scripts: [[action('detach api', 0), action('attach api', 3_000), action('sync', 300), action('migrate', 400)], []],
  faults: [3, 5, 8].map((nth) => freeze('target.execute', nth, 'answered', 8_000)),
};

function kill(request: string, nth: number, phase: Moment['phase'], ms: number): PlannedFault {
  return { ...freeze(request, nth, phase, ms), kind: 'kill' };
}

/** Its worker loses the lock before T2, and executions that no gate stops read the definition before. */
const DEFINITION_WITHOUT_GATE: SimulationPlan = {
  ...SMALL,
  databases: 2,
  apis: [{ endpoints: [0], stage: 1, migration: 0, writes: false, bindings: 1, reads: 'elsewhere' }],
  scripts: [[action('sync', 0), action('migrate', 400)], []],
  faults: [freeze('journal.decide', 1, 'asking', 4_300)],
};

/** A rollback's text changes between its plan and its T1. */
const ROLLBACK_THAT_CHANGES: SimulationPlan = {
  ...SMALL,
  scripts: [[action('sync', 0), action('migrate', 400), action('rollback', 1_500), action('update rollback', 500)], []],
  faults: [freeze('journal.start', 3, 'asking', 1_500)],
};

/** A worker that was taken for dead does a step when everybody else has taken it back. */
const STEP_TOO_LATE: SimulationPlan = {
  ...SMALL,
  workers: 2,
  steps: { migration: 0, before: 1, after: 0, areIrreversible: false },
  scripts: [[action('sync', 0), action('migrate', 400), action('cancel', 300)], []],
  faults: [freeze('target.enterStep', 1, 'asking', 5_000)],
};

/** A worker dies in the middle of a step, and another one goes on. */
const STEP_CUT_OFF: SimulationPlan = {
  ...STEP_TOO_LATE,
  scripts: [[action('sync', 0), action('migrate', 400)], []],
  faults: [kill('target.carryOut', 1, 'asking', 500)],
};

/** Three batches and a last one that finds nothing. */
const IN_BATCHES: SimulationPlan = {
  ...STEP_CUT_OFF,
  steps: {
    ...{ migration: 0, before: 1, after: 0, areIrreversible: false },
    batches: { step: 0, rows: 9, size: 3, rowsPerSecond: null },
  },
  faults: [],
};

/** A worker that was taken for dead commits a batch at which another one is by then. */
const BATCH_TOO_LATE: SimulationPlan = {
  ...IN_BATCHES,
  faults: [freeze('target.commitBatch', 2, 'asking', 5_000)],
};

/** Batches that would go on for longer than the pause lasts. */
const PAUSED_IN_BATCHES: SimulationPlan = {
  ...IN_BATCHES,
  steps: {
    ...{ migration: 0, before: 1, after: 0, areIrreversible: false },
    batches: { step: 0, rows: 120, size: 1, rowsPerSecond: 5 },
  },
  scripts: [[action('sync', 0), action('migrate', 400), action('pause', 1_500)], []],
};

/** A file builds an index concurrently, before the rest of its migration. */
const BUILDING: SimulationPlan = {
  ...SMALL,
  workers: 2,
  folders: [{ database: 0, migration: 0, stage: 1, files: 1, outside: 1 }],
  apis: [{ endpoints: [0], stage: 2, migration: 0, writes: false, bindings: 1 }],
  scripts: [[action('sync', 0), action('migrate', 400)], []],
};

/** Its worker dies in the middle of the build. */
const BUILD_CUT_OFF: SimulationPlan = { ...BUILDING, faults: [kill('target.buildIndex', 1, 'asking', 500)] };

/** Its worker dies at the end of the step, behind the commit: nobody looks at the history once more. */
const ROW_CUT_OFF: SimulationPlan = {
  ...BUILDING,
  folders: [{ database: 0, migration: 0, stage: 3, files: 1, outside: 1 }],
  faults: [kill('target.endStep', 1, 'asking', 500)],
};

/** Somebody has built that index before. */
const BUILT_BEFORE: SimulationPlan = {
  ...BUILDING,
  folders: [{ database: 0, migration: 0, stage: 1, files: 1, outside: 1, isBuilt: true }],
};

/** A step is done, its worker dies, and the run is cancelled. */
const STEP_UNTOLD: SimulationPlan = {
  ...STEP_TOO_LATE,
  scripts: [[action('sync', 0), action('migrate', 400), action('cancel', 1_500)], []],
  faults: [kill('target.endStep', 1, 'done', 5_000)],
};

const ON_STANDBYS: SimulationPlan = {
  ...SMALL,
  databases: 2,
  apis: [{ endpoints: [0, 2], stage: 1, migration: 0, writes: false, bindings: 1, reads: 'standby' }],
  lagMs: 3_000,
  scripts: [[action('sync', 0), action('migrate', 400), action('rollback', 4_000)], []],
};

/** Something of a migration is replayed between two statements of an execution. */
const REPLAYED_IN_BETWEEN: SimulationPlan = {
  ...ON_STANDBYS,
  faults: [2, 4, 5, 7].map((nth) => freeze('target.execute', nth, 'answered', 2_500)),
};

/** Nothing fails, and executions keep coming. */
const READERS_ALL_THE_WHILE: SimulationPlan = {
  ...SMALL,
  scripts: [[action('sync', 19_000)], []],
  faults: [{ kind: 'calendar', trigger: { atMs: 25_500 }, target: 0, ms: 0, size: 0 }],
};

const OVER_TWO: SimulationPlan = {
  ...SMALL,
  databases: 2,
  apis: [{ endpoints: [0, 2], stage: 1, migration: 0, writes: false, bindings: 1 }],
  workers: 2,
  scripts: [[action('sync', 0), action('migrate', 400)], []],
};

/** Prepared for long enough to be swept, and committed before the sweep has asked whose it is. */
const SWEPT_MEANWHILE: SimulationPlan = {
  ...OVER_TWO,
  workers: 3,
  faults: [
    freeze('journal.decide', 1, 'asking', 2_500),
    ...[1, 2].map((nth) => freeze('target.listPrepared', nth, 'answered', 2_900)),
  ],
};

/** A copy of the control database comes alive while everything is prepared and its worker stands still. */
const COPIED: SimulationPlan = {
  ...OVER_TWO,
  workers: 1,
  faults: [{ ...freeze('journal.decide', 1, 'asking', 0), kind: 'copy' }, freeze('journal.decide', 1, 'asking', 9_000)],
};

/** The decision is forgotten, and the witness has committed. */
const DECISION_FORGOTTEN: SimulationPlan = {
  ...OVER_TWO,
  faults: [
    { ...freeze('target.commitPreparedOnSession', 1, 'done', 0), kind: 'control failover', size: 4 },
    kill('target.commitPreparedOnSession', 1, 'done', 500),
  ],
};

/** A last resource commits when its run was undone and cancelled. */
const COMMIT_TOO_LATE: SimulationPlan = {
  ...SMALL,
  workers: 2,
  scripts: [[action('sync', 0), action('migrate', 400), action('cancel', 4_600)], []],
  faults: [freeze('target.commit', 1, 'asking', 9_000)],
};

/** Two endpoints of a migration lead to a database and to its copy. */
const OVER_A_COPY: SimulationPlan = {
  ...SMALL,
  doubled: [true, false, false, false, false, false],
  clone: 0,
  isCopiedWithId: true,
  apis: [0, 1].map((endpoint) => ({ endpoints: [endpoint], stage: 1, migration: 0, writes: false, bindings: 1 })),
  scripts: [[action('sync', 0), action('migrate', 400)], []],
};

/** T1 is forgotten, and all have committed. */
const ATTEMPT_FORGOTTEN: SimulationPlan = {
  ...OVER_TWO,
  faults: [
    { ...freeze('target.commitPreparedOnSession', 2, 'done', 0), kind: 'control failover', size: 5 },
    kill('target.commitPreparedOnSession', 2, 'done', 500),
  ],
};

/** The same, and somebody cancels before anybody goes on: nothing is prepared any more of which the witness would be asked. */
const CANCELLED_WHEN_FORGOTTEN: SimulationPlan = {
  ...OVER_TWO,
  workers: 1,
  scripts: [[action('sync', 0), action('migrate', 400), action('cancel', 4_000)], []],
  faults: [
    { ...freeze('target.commitPreparedOnSession', 2, 'done', 0), kind: 'control failover', size: 5 },
    kill('target.commitPreparedOnSession', 2, 'done', 8_000),
  ],
};

/** Whoever has undone an attempt ends that when another one has committed, and the control database has forgotten all of it; somebody cancels. */
const ABORT_OF_ANOTHER_TIMELINE: SimulationPlan = {
  ...OVER_TWO,
  scripts: [[action('sync', 0), action('migrate', 400), action('cancel', 7_500)], []],
  faults: [
    kill('target.prepare', 2, 'done', 200),
    freeze('journal.finishAbort', 1, 'asking', 9_000),
    { ...freeze('journal.complete', 1, 'done', 0), kind: 'control failover', size: 6 },
    kill('journal.complete', 1, 'done', 9_000),
  ],
};

/**
 * The control database forgets the end of a sync and the migrate behind it, whose worker stands still behind T2. It commits in the
 * first database, and dies, while whoever undoes the run stands still with the ledgers in its hands.
 */
const COMMIT_MEANWHILE: SimulationPlan = {
  ...OVER_TWO,
  scripts: [[action('sync', 0), action('migrate', 20), action('cancel', 1_200)], []],
  faults: [
    { ...freeze('journal.decide', 1, 'answered', 0), kind: 'control failover', size: 1_000 },
    freeze('journal.decide', 1, 'answered', 4_000),
    freeze('target.readLedger', 2, 'answered', 7_000),
    kill('target.commitPrepared', 1, 'done', 9_000),
  ],
};

const OF_A_FOLDER: SimulationPlan = {
  ...SMALL,
  folders: [{ database: 0, migration: 0, stage: 1, files: 2 }],
  scripts: [[action('sync', 0), action('migrate', 2_500)], []],
};

function byHand(trigger: PlannedFault['trigger']): PlannedFault {
  return { kind: 'tool by hand', trigger, target: 0, ms: 500, size: 0 };
}

/** A file is applied by hand behind the plan. */
const APPLIED_BEFORE: SimulationPlan = { ...OF_A_FOLDER, faults: [byHand({ atMs: 2_200 })] };

/** A file is applied by hand while the run is at it. */
const APPLIED_MEANWHILE: SimulationPlan = {
  ...OF_A_FOLDER,
  faults: [5, 6, 7].map((nth) => byHand({ request: 'target.run', nth, phase: 'done' })),
};

function planFound(what: string): SimulationPlan {
  const finding = FINDINGS.find(({ name }) => name.startsWith(what));
  if (finding === undefined) throw new RangeError(`nothing was found of ${what}`);
  return finding.plan;
}

/** A change of an API has seen no run, and stands still until there is one and the control database has forgotten its T1. */
function changeOfAForgottenAttempt(): SimulationPlan {
  const found = planFound('an API whose migration was forgotten keeps its definition un');
  const change: PlannedAction = { ...action('update api', 0), waits: true };
  const scripts = [[action('sync', 26), change, action('migrate', 100)], []];
  const failover = found.faults.filter(({ kind }) => kind === 'control failover');
  return { ...found, gateways: 2, scripts, faults: [freeze('store.latestRun', 1, 'answered', 2_500), ...failover] };
}

const AIMED: Readonly<Record<string, () => SimulationPlan>> = {
  'leases-end-after-a-change': () => changeWithoutLock('store.commit', 'asking'),
  'lock-held-at-the-commit-of-a-change+leases-end-after-a-change': () =>
    changeWithoutLock('store.updateTemplate', 'answered'),
  'lock-held-when-an-execution-answers': () => EXECUTION_WITHOUT_LOCK,
  'leases-end-after-t2': () => DEFINITION_WITHOUT_GATE,
  'plan-looked-at-after-t1': () => ROLLBACK_THAT_CHANGES,
  'epoch-of-a-step+step-that-is-taken-back': () => STEP_TOO_LATE,
  'place-of-a-step': () => STEP_CUT_OFF,
  'step-is-written-down-as-begun': () => STEP_UNTOLD,
  'checkpoint-with-its-batch': () => IN_BATCHES,
  'holder-of-a-step-is-ended': () => BATCH_TOO_LATE,
  'owner-in-compare-and-set': () => PAUSED_IN_BATCHES,
  'note-before-an-index-is-built': () => BUILD_CUT_OFF,
  'index-that-was-there': () => BUILT_BEFORE,
  'row-of-a-file-with-its-step': () => ROW_CUT_OFF,
  'sweep-tells-of-what-it-has-committed': () => SWEPT_MEANWHILE,
  'places-of-an-installation': () => COPIED,
  'fence-before-the-ledger-is-read+sessions-are-ended': () => COMMIT_TOO_LATE,
  'proof-that-two-are-one': () => OVER_A_COPY,
  'ledger-before-begin': () => ATTEMPT_FORGOTTEN,
  'timeline-at-the-end-of-an-abort': () => ABORT_OF_ANOTHER_TIMELINE,
  'witness-is-undone-first': () => DECISION_FORGOTTEN,
  'history-as-it-was-planned+files-as-they-were-planned': () => APPLIED_BEFORE,
  'lock-of-a-tool': () => APPLIED_MEANWHILE,
  'records-end': () => planFound('a recorder whose record was refused'),
  'gate-of-a-standby-looked-at-again': () => REPLAYED_IN_BETWEEN,
  'standby-that-lags-behind': () => ON_STANDBYS,
  'intent-of-a-writer': () => READERS_ALL_THE_WHILE,
  'executions-are-told': () => planFound('an execution that knows its API as free'),
  'ledger-of-earlier-epochs': () => CANCELLED_WHEN_FORGOTTEN,
  'definition-of-a-forgotten-attempt': changeOfAForgottenAttempt,
  'databases-of-a-forgotten-plan': () => planFound('a migrate that had run behind a sync'),
  'first-participant-of-a-forgotten-plan': () => COMMIT_MEANWHILE,
  'plan-of-a-forgotten-attempt+databases-of-a-forgotten-plan': () =>
    planFound('a template that changes after a rewind'),
};

/** What has a plan that is aimed at it. */
export const AIMED_AT: readonly string[] = Object.keys(AIMED);

/** The plan that belongs to a seed, without those guards. */
export function planFor(seed: number, breakage: string | null): SimulationPlan {
  const aimed = breakage === null ? undefined : AIMED[breakage];
  return aimed === undefined || seed % 2 === 0 ? planOf(seed) : aimed();
}
