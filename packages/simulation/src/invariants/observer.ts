import { isFinished, parsePreparedId } from '@eden/domain';
import type { Commit, ControlDatabase } from '../control/control-database.js';
import type { RunRow } from '../control/tables.js';
import type { Hold } from '../locks/held-lock.js';
import type { Process } from '../schedule/process.js';
import type { Sighting } from '../targets/statements.js';
import type { Addresses } from '../targets/target-way.js';
import { effectOf, type TargetDatabase, type TargetWatch, type Work } from '../targets/target-database.js';
import { Evidence } from './evidence.js';
import { Violation, type PromiseName } from './violation.js';

/** What an execution was told, and when it was asked for. */
export interface Execution {
  readonly sightings: readonly Sighting[];
  /** The revisions of templates that had been acknowledged before it began, by `<api>/<database>`. */
  readonly acknowledged: ReadonlyMap<string, number>;
}

/**
 * Watches every commit, grant and answer, and compares it with the promises of docs/protocol.md: each check looks at what
 * has just changed and at nothing else.
 */
export class Observer implements TargetWatch {
  readonly evidence = new Evidence();
  readonly violations: Violation[] = [];
  /** Tokens for which T2 has been, on any timeline; and those whose last resource may commit. */
  private readonly decided = new Set<string>();
  private readonly deciding = new Set<string>();
  private readonly partakers = new Map<string, Set<TargetDatabase>>();
  private readonly holds = new Map<string, Set<Hold>>();
  /** Databases that a run's steps may change, by the run. */
  private databases: readonly TargetDatabase[] = [];
  private addresses: Addresses = new Map();
  lockMastersBehave: () => boolean = () => true;
  /** The names of processes that work for a copy of the control database. */
  readonly ofCopy = new Set<string>();

  watchTargets(databases: readonly TargetDatabase[], addresses: Addresses): void {
    [this.databases, this.addresses] = [databases, addresses];
  }

  violate(promise: PromiseName, details: string): void {
    this.violations.push(new Violation(promise, details));
  }

  /** P1: no two writers, and no reader with a writer, hold one lock at one time while the lock masters behave. */
  granted(_: Process, hold: Hold, names: readonly string[]): void {
    for (const name of names) {
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

  /** What a commit of the control database has done to its runs. */
  controlCommitted(database: ControlDatabase, { changes }: Commit): void {
    for (const { table, before, after } of changes) {
      if (table !== 'runs' || after === null) continue;
      const [was, is] = [before as RunRow | null, after as RunRow];
      this.noteDecisions(is);
      if (was !== null && was.state !== is.state && isFinished(is.state)) this.checkEnd(database, is);
    }
  }

  private noteDecisions(run: RunRow): void {
    if (run.state === 'committing') this.decided.add(run.token);
    if (run.state === 'deciding') this.deciding.add(run.token);
    if (run.state === 'in_doubt') this.evidence.named.add(run.uuid);
    if (run.events.some(({ type }) => type === 'contradicted')) this.evidence.named.add(run.uuid);
  }

  /** P4 and P6: a run ends as its databases have it. */
  private checkEnd(database: ControlDatabase, run: RunRow): void {
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
    for (const step of work.steps) {
      const times = database.effects.get(effectOf(step)) ?? 0;
      const meant = this.addresses.get(step.at);
      if (meant !== database)
        this.violate('P10', `${effectOf(step)} is in ${database.name}, and not in ${meant?.name}`);
      if (times > 1) this.violate('P6', `${database.name} has ${effectOf(step)} ${times} times`);
    }
  }

  private checkParticipant(database: TargetDatabase, ledger: NonNullable<Work['ledger']>, by: string): void {
    const { run, token } = ledger;
    const rows = database.ledgerOf(run);
    if (rows.length > 1) this.violate('P6', `${database.name} has committed run ${run} ${rows.length} times`);
    const wasPrepared = this.partakersOf(token).has(database);
    this.partakes(database, token);
    // The last resource of a run commits by itself, when all others are prepared.
    const isDecided = this.decided.has(token) || (this.deciding.has(token) && !wasPrepared);
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
  executed({ sightings, acknowledged }: Execution): void {
    if (this.evidence.isBeyondGates) return;
    const [first] = sightings;
    if (first === undefined) return;
    const isTorn = sightings.some(({ value }) => value !== first.value);
    const isOld = sightings.some(({ value, expects }) => value !== expects);
    if (isTorn || isOld) this.violate('P8', `an execution of ${first.api.slice(-4)} sees ${describe(sightings)}`);
    for (const { api, database, revision, expects } of sightings) {
      const least = acknowledged.get(`${api}/${database}/${expects}`) ?? 0;
      if (this.lockMastersBehave() && revision < least)
        this.violate('P2', `an execution goes by revision ${revision} of a template, ${least} is acknowledged`);
    }
  }
}

function describe(sightings: readonly Sighting[]): string {
  return sightings.map(({ database, value, expects }) => `${database}=${value} (definition of ${expects})`).join(', ');
}

function namesOf(databases: readonly TargetDatabase[]): string {
  return databases.map(({ name }) => name).join(', ');
}
