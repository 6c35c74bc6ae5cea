import type { Guard } from './guard.js';
import { OF_PORTS } from './of-ports.js';

/** In the engine and the coordinator. */
const OF_SOURCE: readonly Guard[] = [
  {
    name: 'witness-commits-first',
    holds: 'I20: nobody commits before the witness has',
    mutation: {
      file: 'engine/dist/settle/commit-run.js',
      from: 'const witness = await commitWitness(settling, notes);',
      to: 'await commitOthers(settling, notes); const witness = await commitWitness(settling, notes);',
    },
  },
  {
    name: 'witness-is-undone-first',
    holds: 'I20: nobody is rolled back before the witness was',
    mutation: {
      file: 'engine/dist/settle/undo-run.js',
      from: 'const first = isUnsent || witness === undefined ? [] : [witness];',
      to: 'const first = [];',
    },
  },
  {
    name: 'databases-of-a-forgotten-plan',
    holds: 'I20: where the plan is forgotten, every database that may be one of the run is asked',
    mutation: {
      file: 'engine/dist/settle/undo-run.js',
      from: 'isUnplanned(settling) ? undoUnknown(settling) : undoAll(settling)',
      to: 'undoAll(settling)',
    },
  },
  {
    name: 'first-participant-of-a-forgotten-plan',
    holds: 'I20: and has rolled back what may commit first, before its ledger is read',
    mutation: {
      file: 'engine/dist/settle/forgotten-commit.js',
      from: 'of [askLast, askFirst]',
      to: 'of [askLast]',
    },
  },
  {
    name: 'ledger-of-earlier-epochs',
    holds: 'I20: any ledger row of the run at its witness means commit',
    mutation: {
      file: 'engine/dist/settle/undo-run.js',
      from: 'if (participant === witness && committed !== undefined)',
      to: 'if (participant === witness && committed !== undefined && committed.token === settling.ownership.current.run.token)',
    },
  },
  {
    name: 'ledger-of-the-witness',
    holds: 'I20: what its witness has committed is not undone',
    mutation: {
      file: 'engine/dist/settle/undo-run.js',
      from: 'if (participant === witness && committed !== undefined)',
      to: 'if (false)',
    },
  },
  {
    name: 'other-attempts-are-asked-about',
    holds: 'I20: what another attempt has prepared is rolled back after its witness was asked',
    mutation: {
      file: 'engine/dist/participants/undo.js',
      from: 'await assertUndecided(settling, participant, each);',
      to: '',
    },
  },
  {
    name: 'sweep-asks-the-witness',
    holds: 'I16: an orphan is rolled back once the witness has nothing of its token',
    mutation: {
      file: 'engine/dist/settle/sweep-orphans.js',
      from: 'if (await isCommittedElsewhere(deps, { found, run, endpoint }))',
      to: 'if (false)',
    },
  },
  {
    name: 'targets-are-swept-before-runs',
    holds: 'I16: what is prepared in between is no orphan',
    mutation: {
      file: 'engine/dist/settle/sweep-orphans.js',
      from: 'const runs = await deps.journal.standings([...new Set(prepared.map(({ runUuid }) => runUuid))]);',
      to: 'const runs = new Map();',
    },
  },
  {
    name: 'lock-confirmed-before-t1',
    holds: 'I6: no execution of a rollback’s API knows of no gate',
    mutation: {
      file: 'engine/dist/attempt/run-migrate.js',
      from: "if (run.kind === 'rollback' && !(await lock.confirm()))",
      to: 'if (false)',
    },
  },
  {
    name: 'executions-are-told',
    holds: 'I6: no execution knows an API as free once a run of its migration begins',
    mutation: {
      file: 'engine/dist/consume-run.js',
      from: 'if (toldMs < 0)',
      to: 'if (false)',
    },
  },
  {
    name: 'plan-looked-at-after-t1',
    holds: 'what runs is what was planned',
    mutation: {
      file: 'engine/dist/attempt/run-migrate.js',
      from: 'await assertStillPlanned(deps, run, attempt);',
      to: '',
    },
  },
  {
    name: 'leases-end-after-t2',
    holds: 'I3: what was read before T2 under a lost lock is read anew',
    mutation: {
      file: 'engine/dist/settle/commit-run.js',
      from: 'if (!(await wasHeldAtT2)) {',
      to: 'if (false) {',
    },
  },
  {
    name: 'leases-end-after-a-change',
    holds: 'I3: what was read before a change under a lost lock is read anew',
    mutation: {
      file: 'coordinator/dist/with-write-lock.js',
      from: 'if (!isHeld)',
      to: 'if (false)',
    },
  },
  {
    name: 'lock-held-at-the-commit-of-a-change',
    holds: 'I3: a change whose lock was lost does not commit',
    mutation: {
      file: 'coordinator/dist/transact-audited.js',
      from: 'change.held?.signal.throwIfAborted();',
      to: '',
    },
  },
  {
    name: 'definition-covered-by-its-locks',
    holds: 'I3: a definition is kept for as long as all is locked that it was read from',
    mutation: {
      file: 'coordinator/dist/apis/leased-work.js',
      from: 'if (covers(locked, needs))',
      to: 'if (true)',
    },
  },
  {
    name: 'lock-held-when-an-execution-answers',
    holds: 'I6: an execution without a gate answers under its lock',
    mutation: {
      file: 'coordinator/dist/apis/execute-api.js',
      from: 'const isLockLost = () => activeMigrationOf(api) === null && lock.held?.isLost === true;',
      to: 'const isLockLost = () => false;',
    },
  },
  {
    name: 'decision-before-the-commit',
    holds: 'I10: a target commits after T2',
    mutation: {
      file: 'engine/dist/participants/two-phase.js',
      from: 'await decide(deps, ownership, votes);',
      to: 'void decide(deps, ownership, votes).catch(() => undefined);',
    },
  },
  {
    name: 'deciding-before-the-last-resource',
    holds: 'I13: the run is deciding before its last resource commits',
    mutation: {
      file: 'engine/dist/participants/last-resource.js',
      from: 'await enterDeciding(deps, ownership, votes);',
      to: 'void enterDeciding;',
    },
  },
  {
    name: 'ledger-asked-when-a-commit-has-no-answer',
    holds: 'I13: the ledger of the last resource tells whether it has committed',
    mutation: {
      file: 'engine/dist/participants/last-resource.js',
      from: 'return { answer: await askLedger(settling), error };',
      to: "return { answer: 'absent', error };",
    },
  },
  {
    name: 'lock-of-a-tool',
    holds: 'I37: a tool does not run beside its files',
    mutation: {
      file: 'engine/dist/attempt/sources/enter-sources.js',
      from: 'await takeSteps(session, tool.record.lock(place), (message) => lockTimeout({ details: message }));',
      to: '',
    },
  },
  {
    name: 'history-as-it-was-planned',
    holds: 'I37: a history is what the plan was made from',
    mutation: {
      file: 'engine/dist/attempt/sources/enter-sources.js',
      from: 'if (!isStepped(prepared) && history.fingerprint',
      to: 'if (false && history.fingerprint',
    },
  },
  {
    name: 'files-as-they-were-planned',
    holds: 'I37: what is pending is what was planned',
    mutation: {
      file: 'engine/dist/attempt/sources/enter-sources.js',
      from: 'assertPending(prepared, assessment);',
      to: 'void 0;',
    },
  },
  {
    name: 'row-of-a-file',
    holds: 'I37: a file and its row are one',
    mutation: {
      file: 'engine/dist/attempt/sources/run-source.js',
      from: 'await takeSteps(session, steps, (message) => sourceChanged(prepared, message));',
      to: '',
    },
  },
  {
    name: 'history-confirmed-before-the-votes',
    holds: 'I37: a history is what its tool would leave',
    mutation: {
      file: 'engine/dist/attempt/run-migrate.js',
      from: 'await confirmSources(attempt, participants);',
      to: '',
    },
  },
  {
    name: 'step-is-written-down-as-begun',
    holds: 'I35: a step is written down as under way before it is tried',
    mutation: {
      file: 'engine/dist/steps/try-step.js',
      from: 'await record({ state: goal.underWay }, failures + 1);',
      to: '',
    },
  },
  {
    name: 'sweep-tells-of-what-it-has-committed',
    holds: 'I21: only what contradicts a run is told',
    mutation: {
      file: 'engine/dist/settle/sweep-orphans.js',
      from: "=== 'missing')",
      to: "=== 'never')",
    },
  },
  {
    name: 'records-end',
    holds: 'P13: no worker stands still',
    mutation: { file: 'engine/dist/attempt/recorder.js', from: 'if (this.hasEnded)\n            return;', to: '' },
  },
];

export const GUARDS: readonly Guard[] = [...OF_PORTS, ...OF_SOURCE];

/** Guards that are taken away together: what one of them would have stopped, another one must not. */
export interface Breakage {
  /** `<guard>` or `<guard>+<guard>`. */
  readonly name: string;
  readonly guards: readonly Guard[];
}

/** @throws RangeError */
export function breakageNamed(name: string): Breakage {
  return { name, guards: name.split('+').map(guardNamed) };
}

/** Those of the ports, which the simulation leaves out by itself. */
export function brokenPorts({ guards }: Breakage): readonly string[] {
  return guards.flatMap(({ name, mutation }) => (mutation === undefined ? [name] : []));
}

/** @throws RangeError */
function guardNamed(name: string): Guard {
  const guard = GUARDS.find((each) => each.name === name);
  if (guard === undefined) throw new RangeError(`there is no guard "${name}": --list-guards names them`);
  return guard;
}
