import { isFinished, parsePreparedId } from '@eden/domain';
import type { Commit, ControlDatabase } from '../control/control-database.js';
import type { ApiRow, RunRow } from '../control/tables.js';
import type { Hold } from '../locks/held-lock.js';
import type { LockWatch } from '../locks/lock-port.js';
import type { Process } from '../schedule/process.js';
import type { OutsideStatement, Sighting, StepStatement } from '../targets/statements.js';
import type { Addresses } from '../targets/target-way.js';
import { effectOf, type TargetDatabase, type TargetWatch } from '../targets/target-database.js';
import type { Work } from '../targets/work.js';
import { wrongBatches } from './batches.js';
import { Definitions } from './definitions.js';
import { Evidence } from './evidence.js';
import { checkSteps } from './outside-steps.js';
import { Paused } from './paused.js';
import { Texts } from './texts.js';
import { Violation, type PromiseName } from './violation.js';

/** What an execution was told, and when it was asked for. */
export interface Execution {
  readonly sightings: readonly Sighting[];
  /** The revisions of templates that had been acknowledged before it began, by `<api>/<database>`. */
  readonly acknowledged: ReadonlyMap<string, number>;
  readonly startedAt: number;
}

/**
 * Watches every commit, grant and answer, and compares it with the promises of docs/protocol.md: each check looks at what
 * has just changed and at nothing else.
 */
export class Observer implements TargetWatch, LockWatch {
  readonly evidence = new Evidence();
  readonly violations: Violation[] = [];
  /** Tokens for which T2 has been, on any timeline; and those whose last resource may commit. */
  private readonly decided = new Set<string>();
  private readonly deciding = new Set<string>();
  private readonly partakers = new Map<string, Set<TargetDatabase>>();
  private readonly definitions = new Definitions();
  private readonly texts = new Texts();
  private readonly paused = new Paused(() => this.now());
  private readonly builtByHand: { readonly database: TargetDatabase; readonly name: string; readonly id: number }[] =
    [];
  private readonly holds = new Map<string, Set<Hold>>();
  private readonly droppedLocks = new Set<string>();
  /** Databases that a run's steps may change, by the run. */
  private databases: readonly TargetDatabase[] = [];
  private addresses: Addresses = new Map();
  lockMastersBehave: () => boolean = () => true;
  /** Since when nothing has failed, in milliseconds of the simulation. */
  quietSince: () => number = () => Infinity;
  now: () => number = () => 0;
  /** The names of processes that work for a copy of the control database. */
  readonly ofCopy = new Set<string>();

  /** That are there before any run. */
  watchIndexes(database: TargetDatabase): void {
    this.builtByHand.push(...[...database.indexes].map(([name, { id }]) => ({ database, name, id })));
  }

  watchTargets(databases: readonly TargetDatabase[], addresses: Addresses): void {
    [this.databases, this.addresses] = [databases, addresses];
  }

  violate(promise: PromiseName, details: string): void {
    this.violations.push(new Violation(promise, details));
  }

  /** P1: no two writers, and no reader with a writer, hold one lock at one time while the lock masters behave. */
  granted(_: Process, hold: Hold, names: readonly string[]): void {
    for (const name of names.filter((each) => !this.droppedLocks.has(each))) {
      const others = this.holds.get(name) ?? new Set<Hold>();
      this.holds.set(name, others);
      for (const other of others) {
        if (!other.isBelieved) others.delete(other);
        else if (this.lockMastersBehave() && (other.mode === 'write' || hold.mode === 'write')) {
          this.violate('P1', `${name} is held for ${other.mode} and for ${hold.mode}`);
        }
      }
      others.add(hold);
    }
  }

  dropped(names: readonly string[]): void {
    for (const name of names) this.droppedLocks.add(name);
  }

  /** What a commit of the control database has done to its runs and its APIs. */
  controlCommitted(database: ControlDatabase, { changes }: Commit): void {
    for (const { table, before, after } of changes) {
      if (table === 'apis') this.definitions.changed(database, before as ApiRow | null, after as ApiRow | null);
      if (table === 'runs') this.runChanged(database, before as RunRow | null, after as RunRow | null);
    }
  }

  private runChanged(database: ControlDatabase, was: RunRow | null, is: RunRow | null): void {
    if (is === null) {
      if (was !== null) this.evidence.prunedRuns.add(was.uuid);
      return;
    }
    this.noteDecisions(is);
    this.paused.changed(is);
    if (was === null || was.state === is.state) return;
    if (is.state === 'running' && is.kind !== 'sync') this.texts.begun(database, is.token);
    if (!isFinished(is.state)) return;
    this.definitions.ended(is.migrationUuid, this.now());
    this.checkEnd(database, is);
    this.checkWait(was, is);
  }

  /** P3: whoever wants to write gets in, however many keep reading. */
  private checkWait(was: RunRow, is: RunRow): void {
    const waited = was.state === 'waiting_for_lock' && is.state === 'failed' && is.error?.code === 'LOCK_TIMEOUT';
    if (waited && (was.waitingSince ?? 0) > this.quietSince())
      this.violate(
        'P3',
        `the ${is.kind} ${is.uuid} has not got its lock, and nothing has failed since it began to wait`,
      );
  }

  private noteDecisions(run: RunRow): void {
    if (run.state === 'committing') this.decided.add(run.token);
    if (run.state === 'deciding') this.deciding.add(run.token);
    if (run.state === 'in_doubt') this.evidence.named.add(run.uuid);
    if (run.state === 'in_doubt' && run.error?.code.startsWith('STEP_') === true)
      this.evidence.stepDoubts.add(run.uuid);
    if (run.events.some(({ type }) => type === 'contradicted')) this.evidence.named.add(run.uuid);
  }

  /** P4 and P6: a run ends as its databases have it. */
  private checkEnd(database: ControlDatabase, run: RunRow): void {
    if (run.kind !== 'sync') checkSteps({ control: database, databases: this.databases, observer: this }, run);
    if (run.kind === 'sync' || run.inDoubtSince !== null || this.evidence.hasTargetLoss) return;
    const committed = this.databases.filter(({ ledger }) => ledger.some((row) => row.run === run.uuid));
    if (run.state === 'succeeded') this.checkSuccess(database, run, committed);
    else if (committed.length > 0 && !this.evidence.hasRewound) {
      this.violate('P4', `run ${run.uuid} ends ${run.state}, and ${namesOf(committed)} has committed it`);
    }
  }

  private checkSuccess(database: ControlDatabase, run: RunRow, committed: readonly TargetDatabase[]): void {
    const attempts = [...database.table('participants').values()].filter(({ runUuid }) => runUuid === run.uuid);
    const planned = attempts.sort((a, b) => b.attempt - a.attempt)[0]?.rows ?? [];
    for (const { database: identity } of planned) {
      const isThere = committed.some(({ identity: { key } }) => key === identity.key);
      if (!isThere) this.violate('P4', `run ${run.uuid} has succeeded, and ${identity.name} has nothing of it`);
    }
  }

  prepared(database: TargetDatabase, { ledger }: Work): void {
    if (ledger !== null) this.partakes(database, ledger.token);
  }

  private partakes(database: TargetDatabase, token: string): void {
    const known = this.partakers.get(token) ?? new Set<TargetDatabase>();
    this.partakers.set(token, known.add(database));
  }

  /** The databases in which an attempt was prepared, or has committed by itself. */
  partakersOf(token: string): ReadonlySet<TargetDatabase> {
    return this.partakers.get(token) ?? new Set();
  }

  /** P2, P4 and P6: what a target commits was decided, and is committed once. */
  committed(database: TargetDatabase, work: Work, by: string): void {
    const { ledger } = work;
    if (ledger !== null) this.checkParticipant(database, ledger, by);
    for (const { api, expects } of work.writes) {
      const value = database.counterOf(api);
      if (value !== expects && !this.evidence.isBeyondGates) {
        this.violate('P8', `${by} writes in ${database.name} as of ${expects}, and the API is at ${value}`);
      }
    }
    if (ledger !== null) this.checkTexts(database, work, ledger.token);
    for (const step of [...work.steps, ...work.outside]) this.checkEffect(database, step, by);
    this.checkStep(database, work, by);
    this.checkHistory(database, work);
  }

  /** I38, I39, and P5 of what was there before. */
  private checkStep(database: TargetDatabase, work: Work, by: string): void {
    for (const wrong of wrongBatches(database, work)) this.violate('I38', wrong);
    const late = this.evidence.hasRewound ? null : this.paused.wrong(work, by);
    if (late !== null) this.violate('I39', late);
    for (const { database: of, name, id } of work.indexes.size === 0 ? [] : this.builtByHand) {
      if (of === database && database.indexes.get(name)?.id !== id)
        this.violate('P5', `${by} has dropped ${name} in ${database.name}, which was there before`);
    }
  }

  /** P6 and P10 of files: their tool's history says what they have done, and they run where their source leads. */
  private checkHistory(database: TargetDatabase, work: Work): void {
    for (const wrong of database.toolHistory.contradictions(work)) this.violate('P6', `${database.name}: ${wrong}`);
    for (const { table, version, at } of work.files) {
      const meant = this.addresses.get(at);
      if (meant !== database) this.violate('P10', `${table}/${version} is in ${database.name}, not in ${meant?.name}`);
    }
  }

  private checkEffect(database: TargetDatabase, step: StepStatement | OutsideStatement, by: string): void {
    const times = database.timesOf(step);
    const isLate = step.op === 'outside' && step.by > 0 && database.timesOf({ ...step, by: -1 }) > 0;
    if (isLate && by.includes(step.run)) {
      this.violate('P5', `${effectOf(step)} is done in ${database.name} after it was taken back`);
    }
    const meant = this.addresses.get(step.at);
    if (meant !== database) this.violate('P10', `${effectOf(step)} is in ${database.name}, and not in ${meant?.name}`);
    if (times > mostTimes(database, step)) this.violate('P6', `${database.name} has ${effectOf(step)} ${times} times`);
  }

  /** P2: what runs is what there was when the run began. */
  private checkTexts(database: TargetDatabase, { steps }: Work, token: string): void {
    for (const step of steps) {
      const known = this.texts.of(token, step);
      if (known !== undefined && known !== step.revision)
        this.violate(
          'P2',
          `${database.name} has revision ${step.revision} of ${step.binding}, and ${known} was there at T1`,
        );
    }
  }

  private checkParticipant(database: TargetDatabase, ledger: NonNullable<Work['ledger']>, by: string): void {
    const { run, token } = ledger;
    const rows = database.ledgerOf(run);
    if (rows.length > 1) this.violate('P6', `${database.name} has committed run ${run} ${rows.length} times`);
    const wasPrepared = this.partakersOf(token).has(database);
    this.partakes(database, token);
    // The last resource of a run commits by itself, when all others are prepared.
    const isLastResource = this.deciding.has(token) && !wasPrepared;
    const isDecided = this.decided.has(token) || isLastResource;
    // Its commit is the decision, whatever the control database forgets of it.
    if (isLastResource) this.decided.add(token);
    if (!isDecided) this.violate('P4', `${by} commits run ${run} in ${database.name} with token ${token}: undecided`);
    if (this.ofCopy.has(by)) this.violate('P11', `${by}, of a copy, commits run ${run} in ${database.name}`);
  }

  rolledBack(database: TargetDatabase, gid: string, by: string): void {
    if (this.ofCopy.has(by)) this.violate('P11', `${by}, of a copy, rolls back ${gid} in ${database.name}`);
    const token = parsePreparedId(gid)?.token ?? '';
    const witnessed = this.databases.some(({ ledger }) => ledger.some((row) => row.token === token));
    if (witnessed && !this.evidence.hasTargetLoss) {
      this.violate('P4', `${by} rolls back ${gid} in ${database.name}, and another database has committed that token`);
    }
  }

  /** P8: all databases before a migration or after it, and the definition that belongs to that. */
  executed({ sightings, acknowledged, startedAt }: Execution): void {
    const [first] = sightings;
    if (this.evidence.isBeyondGates || first === undefined) return;
    if (isTorn(sightings)) this.violate('P8', `an execution of ${first.api.slice(-4)} sees ${describe(sightings)}`);
    if (!this.lockMastersBehave()) return;
    this.checkDefinition(first, startedAt);
    for (const { api, database, revision, expects } of sightings) {
      const least = acknowledged.get(`${api}/${database}/${expects}`) ?? 0;
      if (revision < least)
        this.violate('P2', `an execution goes by revision ${revision} of a template, ${least} is acknowledged`);
    }
  }

  /** P2: also where no gate would tell. */
  private checkDefinition({ api, expects }: Sighting, startedAt: number): void {
    const { hasRewound, hasTargetLoss } = this.evidence;
    if (hasRewound || hasTargetLoss || !this.definitions.wasOver(api, expects, startedAt)) return;
    this.violate('P2', `an execution goes by the definition of ${expects}, whose migration had ended`);
  }
}

/** Different values, or another definition than that of the values, or several definitions. */
function isTorn(sightings: readonly Sighting[]): boolean {
  const changed = sightings.filter(({ elsewhere }) => elsewhere !== true);
  const isMixed = sightings.some(({ expects }) => expects !== sightings[0]?.expects);
  return isMixed || changed.some(({ value, expects }) => value !== changed[0]?.value || value !== expects);
}

function describe(sightings: readonly Sighting[]): string {
  return sightings.map(({ database, value, expects }) => `${database}=${value} (definition of ${expects})`).join(', ');
}

function namesOf(databases: readonly TargetDatabase[]): string {
  return databases.map(({ name }) => name).join(', ');
}

/** A rollback that fails does again what it has taken back outside the transaction, and the next one takes that back again. */
function mostTimes(database: TargetDatabase, step: StepStatement | OutsideStatement): number {
  if (step.op !== 'outside') return 1;
  const opposite = database.timesOf({ ...step, by: -step.by });
  return step.by > 0 ? opposite + 1 : Math.max(1, opposite);
}
