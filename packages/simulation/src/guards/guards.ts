/** A guard that `--break` takes away, so that the simulator has to find out. */
export interface Guard {
  readonly name: string;
  /** What it does, as the invariant of docs/protocol.md has it. */
  readonly holds: string;
  /** In a port of the simulation, by its name, when absent. */
  readonly mutation?: Mutation;
}

/** A change of built source that must match exactly once. */
export interface Mutation {
  /** Below `packages`. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/** In the ports: what SQL and adapters guard in production. */
const OF_PORTS: readonly Guard[] = [
  { name: 'epoch-in-compare-and-set', holds: 'I4: whoever writes a run knows its epoch' },
  { name: 'token-in-compare-and-set', holds: 'I20: and its attempt' },
  { name: 'owner-in-compare-and-set', holds: 'I4: and owns it' },
  { name: 'command-tag-of-prepare', holds: 'I9: only what the server says is prepared is prepared' },
  { name: 'fence-at-begin', holds: 'I5: an older epoch begins nothing' },
  { name: 'ledger-before-begin', holds: 'I20: a run that has committed here begins no more' },
  { name: 'fence-before-the-ledger-is-read', holds: 'I12, I13: nothing changes a ledger that was read' },
  { name: 'sessions-are-ended', holds: 'I12: an abort ends the sessions of its run' },
  { name: 'gate-read-as-a-separate-statement', holds: 'I6: the gate is read after the wait for it' },
  { name: 'gates-of-participants', holds: 'I6: a migration closes the gates of its APIs' },
  { name: 'gates-of-executions', holds: 'I6: an execution goes through the gate' },
  { name: 'proof-that-two-are-one', holds: 'I31: two databases are not taken for one' },
  { name: 'timeline-at-the-end-of-an-abort', holds: 'I20: an abort ends on the timeline of its check' },
  { name: 'timeline-at-the-end-before-t1', holds: 'I20: a run of another timeline ends after its targets were asked' },
  { name: 'catch-up-with-the-newest-fence', holds: 'I20: the next epoch is newer than every fence' },
  {
    name: 'plan-of-a-forgotten-attempt',
    holds: 'I20: the plan tells which databases a forgotten attempt has worked on',
  },
  {
    name: 'definition-of-a-forgotten-attempt',
    holds: 'I20: nor does anybody change what a forgotten attempt has changed',
  },
  { name: 'revision-at-the-end-of-sync', holds: 'a plan is of the migration as it is' },
  { name: 'places-of-an-installation', holds: 'I30: a copy at another place settles nothing' },
  { name: 'readers-keep-writers-out', holds: 'I1: no writer beside a reader' },
];

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
    name: 'ledger-of-earlier-epochs',
    holds: 'I20: any ledger row of the run at its witness means commit',
    mutation: {
      file: 'engine/dist/settle/undo-run.js',
      from: 'if (participant === witness && committed !== undefined)',
      to: 'if (participant === witness && committed !== undefined && committed.token === settling.ownership.current.run.token)',
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
    name: 'plan-looked-at-after-t1',
    holds: 'what runs is what was planned',
    mutation: {
      file: 'engine/dist/attempt/run-migrate.js',
      from: 'await assertStillPlanned(deps, run, plan);',
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
      from: 'const isLockLost = () => activeMigrationOf(api) === null && lock.held?.signal.aborted === true;',
      to: 'const isLockLost = () => false;',
    },
  },
  {
    name: 'decision-before-the-commit',
    holds: 'I10: a target commits after T2',
    mutation: {
      file: 'engine/dist/participants/two-phase.js',
      from: 'await decide(deps, ownership, parallelExecutionMs);',
      to: 'void decide(deps, ownership, parallelExecutionMs).catch(() => undefined);',
    },
  },
  {
    name: 'deciding-before-the-last-resource',
    holds: 'I13: the run is deciding before its last resource commits',
    mutation: {
      file: 'engine/dist/participants/last-resource.js',
      from: 'await enterDeciding(deps, ownership, parallelExecutionMs);',
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

/** @throws RangeError */
export function guardNamed(name: string): Guard {
  const guard = GUARDS.find((each) => each.name === name);
  if (guard === undefined) throw new RangeError(`there is no guard "${name}": --list-guards names them`);
  return guard;
}
