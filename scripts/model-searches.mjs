/*
 * What SPIN searches in spec/commit.pml: configurations, which have to hold, and planted mistakes, each of which has to be
 * found. `with`: what is in the model, by its -D names. docs/protocol.md has both as tables (`npm run docs:generate`).
 */

/** @typedef {'quick' | 'short' | 'long'} Form */

/**
 * Only a search that sees every state counts. `form`: from which form of `npm run model` on it is done, `within`: but not beside
 * this one, which contains it. `cycles`: searched for endless executions; there is none, and so every execution comes to the end
 * at which the other searches look.
 */
export const CONFIGURATIONS = [
  {
    name: 'two-phase',
    what: 'one run; one rewind of any length, one zombie',
    with: { CRASH: 0 },
    form: 'quick',
    within: 'two-phase, crash',
  },
  {
    name: 'two-phase, crash',
    what: 'the same with one crash',
    with: {},
    form: 'short',
  },
  {
    name: 'cancel',
    what: 'a cancel at any moment; one rewind, one zombie',
    with: { CANCEL: 1, CRASH: 0 },
    form: 'short',
  },
  {
    name: 'last resource',
    what: 'the witness cannot be prepared; one rewind, one zombie',
    with: { LAST: 1, CRASH: 0 },
    form: 'quick',
    within: 'last resource, crash',
  },
  {
    name: 'last resource, crash',
    what: 'the same with one crash',
    with: { LAST: 1 },
    form: 'short',
  },
  {
    name: 'late request',
    what: 'a last request of a dead worker arrives later, or never; one rewind',
    with: { LATE: 1, FREEZE: 0 },
    form: 'quick',
  },
  {
    name: 'last resource, late request',
    what: 'the same, also the COMMIT of a last resource',
    with: { LAST: 1, LATE: 1, FREEZE: 0 },
    form: 'quick',
  },
  {
    name: 'second run',
    what: 'a migrate after one that failed, a rollback after one that succeeded; one rewind, one zombie of either run',
    with: { SECOND: 1, ATTEMPTS: 1, CRASH: 0 },
    form: 'quick',
    within: 'second run, crash',
  },
  {
    name: 'second run, crash',
    what: 'the same with one crash',
    with: { SECOND: 1, ATTEMPTS: 1 },
    form: 'short',
  },
  {
    name: 'second run, last resource',
    what: 'the second run where the witness cannot be prepared',
    with: { SECOND: 1, LAST: 1, ATTEMPTS: 1, CRASH: 0 },
    form: 'short',
  },
  {
    name: 'retention',
    what: 'ledgers and run go as soon as the run is over; one rewind before that, one zombie at any time',
    with: { RETAIN: 1, CRASH: 0 },
    form: 'short',
  },
  {
    name: 'retention, failover',
    what: 'the same, and a database has lost its last transaction before it; one zombie',
    with: { RETAIN: 1, TFAIL: 1, REWIND: 0, CRASH: 0 },
    form: 'quick',
  },
  {
    name: 'failover',
    what: 'a database loses its last transaction, and is mended or named; one crash, one zombie',
    with: { TFAIL: 1, REWIND: 0 },
    form: 'quick',
  },
  {
    name: 'failover, lost commit',
    what: 'a database loses a COMMIT PREPARED, and is mended',
    with: { TFAIL: 1, REWIND: 0, ONLY_COMMITS: true },
    form: 'quick',
  },
  {
    name: 'copy',
    what: 'a copy of the control database comes alive elsewhere, and may be adopted as a copy; one rewind, one crash',
    with: { COPIED: 1, FREEZE: 0 },
    form: 'quick',
  },
  {
    name: 'copy, last resource',
    what: 'the same where the witness cannot be prepared',
    with: { COPIED: 1, LAST: 1, FREEZE: 0 },
    form: 'short',
  },
  {
    name: 'no endless execution',
    what: 'one run; one rewind, one zombie',
    with: { ATTEMPTS: 1, CRASH: 0 },
    cycles: true,
    form: 'quick',
  },
  {
    name: 'no endless execution, last resource',
    what: 'the same where the witness cannot be prepared',
    with: { LAST: 1, ATTEMPTS: 1, CRASH: 0 },
    cycles: true,
    form: 'short',
  },
  {
    name: 'no endless execution, second run',
    what: 'a second run of the migration; one zombie',
    with: { SECOND: 1, ATTEMPTS: 1, CRASH: 0, REWIND: 0 },
    cycles: true,
    form: 'short',
  },
  {
    name: 'second run, two attempts',
    what: 'a second run, two attempts of each; one rewind, one zombie',
    with: { SECOND: 1, CRASH: 0 },
    form: 'long',
  },
  {
    name: 'retention, second run',
    what: 'the first run goes while the second is at work; one rewind, one zombie',
    with: { RETAIN: 1, SECOND: 1, ATTEMPTS: 1, CRASH: 0 },
    form: 'long',
  },
  {
    name: 'retention, last resource, crash',
    what: 'retention where the witness cannot be prepared; one rewind, one crash, one zombie',
    with: { RETAIN: 1, LAST: 1 },
    form: 'long',
  },
  {
    name: 'cancel, last resource',
    what: 'a cancel at any moment where the witness cannot be prepared; one rewind, one crash, one zombie',
    with: { CANCEL: 1, LAST: 1 },
    form: 'long',
  },
  {
    name: 'two rewinds',
    what: 'one run; two rewinds, one zombie',
    with: { REWIND: 2, CRASH: 0, ATTEMPTS: 1 },
    form: 'long',
  },
  {
    name: 'two rewinds, last resource',
    what: 'the same where the witness cannot be prepared',
    with: { REWIND: 2, LAST: 1, CRASH: 0, ATTEMPTS: 1 },
    form: 'long',
  },
  {
    name: 'three databases',
    what: 'one run over three databases; one rewind, one zombie',
    with: { N: 3, CRASH: 0, ATTEMPTS: 1 },
    form: 'long',
  },
  {
    name: 'three databases, last resource',
    what: 'the same where the witness cannot be prepared',
    with: { N: 3, LAST: 1, CRASH: 0, ATTEMPTS: 1 },
    form: 'long',
  },
  {
    name: 'no endless execution, two attempts',
    what: 'one run; one rewind, one zombie',
    with: { CRASH: 0 },
    cycles: true,
    form: 'long',
  },
];

/**
 * `name`: as spec/commit.pml has it. The shortest execution is looked for, unless that takes long (`deep`). `what`: the part of
 * the rule that is taken away.
 */
export const MISTAKES = [
  { name: 'NO_TOKEN', what: 'the guards in the control database know the epoch only', with: {}, deep: true },
  {
    name: 'TOKENS_BY_EPOCH',
    what: 'prepared transactions and ledger rows are told by their epoch',
    with: { CRASH: 0 },
  },
  { name: 'OTHERS_BEFORE_WITNESS', what: 'the others commit before the witness has answered', with: { FREEZE: 0 } },
  { name: 'NO_LEDGER_AT_BEGIN', what: 'a participant begins although its run has a ledger row', with: { CRASH: 0 } },
  { name: 'LEDGERS_GO_AT_T3', what: 'ledger rows go when the run has succeeded', with: { CRASH: 0 } },
  { name: 'ABORT_WITHOUT_LEDGER', what: 'an abort does not read the ledger', with: { CRASH: 0 } },
  { name: 'LEDGER_BEFORE_FENCE', what: 'an abort reads the ledger before it raises the fence', with: { CRASH: 0 } },
  { name: 'FENCE_BEFORE_ROLLBACK', what: 'an abort raises the fence before it rolls back', with: { CRASH: 0 } },
  { name: 'ABORT_IN_ANY_ORDER', what: 'anybody undoes in any order', with: { CRASH: 0 } },
  {
    name: 'OWN_ORDER_AFTER_T2',
    what: 'the attempt’s own worker undoes in any order when its T2 was not answered',
    with: { CRASH: 0 },
  },
  {
    name: 'NO_TIMELINE_AT_END',
    what: 'an abort ends without a second look at the timeline',
    with: { CRASH: 0 },
    deep: true,
  },
  { name: 'END_ON_ANY_TIMELINE', what: 'a queued run ends at once, wherever it was queued', with: { CRASH: 0 } },
  {
    name: 'NO_RECANT',
    what: 'a decided run of which the witness has nothing is tried for ever',
    with: { ATTEMPTS: 1, CRASH: 0 },
    cycles: true,
  },
  {
    name: 'ANOTHER_WITNESS',
    what: 'of an attempt that was forgotten another database is taken for the witness',
    with: { CRASH: 0 },
  },
  { name: 'SWEEP_WITHOUT_WITNESS', what: 'the sweep rolls back without having asked the witness', with: { CRASH: 0 } },
  {
    name: 'SWEEP_WITHOUT_STATE',
    what: 'the sweep does not commit what a succeeded run has left prepared',
    with: { TFAIL: 1, REWIND: 0, ONLY_COMMITS: true },
  },
  { name: 'T2_BEFORE_LAST', what: 'T2 comes before the COMMIT of the last resource', with: { LAST: 1, CRASH: 0 } },
  {
    name: 'LAST_BEFORE_PREPARES',
    what: 'the last resource commits before the others are prepared',
    with: { LAST: 1, CRASH: 0 },
  },
  {
    name: 'LAST_UNSENT',
    what: 'after an unanswered COMMIT of the last resource its worker undoes in any order',
    with: { LAST: 1, CRASH: 0 },
  },
  {
    name: 'LEDGER_BY_MIGRATION',
    what: 'a ledger row does not tell one run of the migration from the next',
    with: { SECOND: 1, ATTEMPTS: 1, CRASH: 0 },
  },
  {
    name: 'SECOND_EARLY',
    what: 'a second run starts before the first one is over',
    with: { SECOND: 1, ATTEMPTS: 1, CRASH: 0 },
  },
  { name: 'RETAIN_EARLY', what: 'retention takes a run that is not over', with: { RETAIN: 1, CRASH: 0 } },
  {
    name: 'RETAIN_PREPARED',
    what: 'retention takes a run of which something is still prepared',
    with: { RETAIN: 1, TFAIL: 1, REWIND: 0, CRASH: 0 },
  },
  {
    name: 'NO_PLACE',
    what: 'the place of a control database is not looked at',
    with: { COPIED: 1, FREEZE: 0, REWIND: 0 },
  },
  {
    name: 'SETTLED_BY_COPY',
    what: 'an adopted copy settles what its original has begun',
    with: { COPIED: 1, FREEZE: 0, REWIND: 0 },
  },
];
