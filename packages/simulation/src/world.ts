import { NO_GRANTS, type Subject, type Telemetry } from '@eden/domain';
import type { EngineSettings } from '@eden/engine';
import { ControlDatabase, type Commit } from './control/control-database.js';
import { KEPT_DAYS } from './control/retention-port.js';
import type { RunRow } from './control/tables.js';
import { Observer } from './invariants/observer.js';
import { LockMasters } from './locks/lock-masters.js';
import { JobQueue } from './queue/job-queue.js';
import { CALM, Network, type Striker, type Weather } from './schedule/network.js';
import { Process } from './schedule/process.js';
import { Random } from './schedule/random.js';
import { Scheduler } from './schedule/scheduler.js';
import type { Story } from './schedule/story.js';
import { TargetDatabase } from './targets/target-database.js';
import { addressOf, seedCatalog, standbyEndpoint } from './workload/catalog.js';
import { builtByHand, endpointOfFolder, folderOf } from './workload/folders.js';
import { migrationUuid, ORGANIZATION, uuidOf } from './workload/uuids.js';
import type { SimulationPlan } from './workload/plan.js';

/** How long a run may be without a heartbeat, and a lock without renewal; in milliseconds. */
export const LEASE_MS = 3_000;
/** How long anybody waits for the lock. */
export const LOCK_TIMEOUT_MS = 6_000;

export const SUBJECT: Subject = {
  organizationUuid: ORGANIZATION,
  organizationId: 'acme',
  userUuid: uuidOf(9, 1),
  username: 'ann',
  level: 'SuperAdmin',
  grants: NO_GRANTS,
  scopes: null,
};

export const SETTINGS: Omit<EngineSettings, 'owner'> = {
  leaseMs: LEASE_MS,
  lockTimeoutMs: LOCK_TIMEOUT_MS,
  maxAttempts: 5,
  keptDays: KEPT_DAYS,
  maxParallel: 4,
};

export const PLACE = 'home';
const INSTALLATION = 'home';

/** Clear, some trouble, much of it; each of 1. */
const WEATHERS: readonly Weather[] = [
  CALM,
  { requestLost: 0.002, answerLost: 0.002, late: 0.001, slow: 0.01 },
  { requestLost: 0.01, answerLost: 0.01, late: 0.005, slow: 0.03 },
  { requestLost: 0, answerLost: 0.03, late: 0.01, slow: 0.1 },
];

export interface WorldOptions {
  readonly plan: SimulationPlan;
  readonly seed: number;
  readonly broken: ReadonlySet<string>;
  readonly strike: Striker;
  story(scheduler: Scheduler): Story;
}

/** Everything outside of the processes, in one place and under one scheduler. */
export class World {
  readonly scheduler = new Scheduler();
  readonly random: Random;
  readonly network: Network;
  readonly observer = new Observer();
  readonly control: ControlDatabase;
  readonly masters: LockMasters;
  readonly queue: JobQueue;
  readonly databases: TargetDatabase[];
  readonly addresses = new Map<string, TargetDatabase>();
  readonly story: Story;
  readonly plan: SimulationPlan;
  readonly broken: ReadonlySet<string>;
  /** Uuids of runs of which somebody was told that they contradict a target. */
  readonly reported = new Set<string>();
  readonly telemetry = this.makeTelemetry((run) => this.name(run));
  /** What a copy of the control database names is no alarm of ours. */
  readonly telemetryOfCopy = this.makeTelemetry(() => undefined);
  readonly installation = INSTALLATION;
  isCalm = false;

  constructor({ plan, seed, broken, strike, story }: WorldOptions) {
    this.plan = plan;
    this.broken = broken;
    this.random = new Random(seed);
    this.story = story(this.scheduler);
    this.network = new Network(this.scheduler, this.random.fork(), strike, this.story);
    this.control = this.newControl('control');
    this.masters = new LockMasters(this.network, this.scheduler, broken);
    this.queue = new JobQueue(this.network);
    this.databases = Array.from({ length: plan.databases }, (_, number) => this.newTarget(number));
    this.observer.now = () => this.scheduler.now;
    this.observer.quietSince = () => this.network.quietSince;
    this.observer.lockMastersBehave = () => !this.masters.hasMisbehaved;
    this.leadAddresses();
    this.observer.watchTargets(this.databases, this.addresses);
    this.seed();
  }

  newControl(name: string): ControlDatabase {
    const database: ControlDatabase = new ControlDatabase(name, this.network, this.scheduler, (commit) => {
      for (const change of commit.changes) this.tellChange(name, change);
      if (database === this.control) this.observer.controlCommitted(database, commit);
    });
    return database;
  }

  newProcess(name: string): Process {
    return new Process(this.scheduler, name, this.random.fork(), this.random.between(0.99, 1.01));
  }

  /** From now on nothing fails any more. */
  calm(): void {
    this.isCalm = true;
    const { network, control, masters, queue, databases } = this;
    network.weather = CALM;
    [queue.doubled, queue.lost] = [0, 0];
    for (const server of [control, masters, queue, ...databases]) {
      server.silentUntil = 0;
      server.partitions.clear();
    }
  }

  /** An error that is none of the service's: in production, a process that dies or a run that nobody understands. */
  failed(who: string, error: unknown): void {
    this.tell(who, () => `fails: ${String(error)}`);
    const isBug = error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError;
    if (isBug) this.observer.violate('no crash', `${who}: ${error.stack ?? error.message}`);
  }

  tell(who: string, words: () => string): void {
    this.story.tell(who, words);
  }

  /** What is durable, line by line. */
  describe(): readonly string[] {
    const runs = [...this.control.table('runs').values()].map(describeRun);
    const targets = this.databases.map((database) => `${database.name}: ${describeTarget(database)}`);
    return ['durable in the end:', ...runs, ...targets].map((line) => `            ${line}`);
  }

  private newTarget(number: number): TargetDatabase {
    const canPrepare = number !== this.plan.lastResource;
    const place = `server-${String(number).padStart(2, '0')}`;
    const { slots = Infinity } = this.plan;
    return new TargetDatabase({ name: `db${number}`, place, canPrepare, slots }, this.scheduler, this.observer);
  }

  private leadToStandby(number: number, primary: TargetDatabase): void {
    const { name, place, canPrepare } = primary;
    const standby = new TargetDatabase(
      { name: `standby of ${name}`, place, canPrepare },
      this.scheduler,
      this.observer,
    );
    standby.isStandby = true;
    const random = this.random.fork();
    standby.lagMs = () => random.between(0, this.plan.lagMs ?? 0);
    primary.standby = standby;
    this.addresses.set(addressOf(standbyEndpoint(number)), standby);
  }

  private leadAddresses(): void {
    for (const [number, database] of this.databases.entries()) {
      if (this.plan.apis.some(({ reads }) => reads === 'standby')) this.leadToStandby(number, database);
      for (const endpoint of [2 * number, 2 * number + 1]) this.addresses.set(`address-${endpoint}`, database);
    }
    const { clone } = this.plan;
    const original = this.databases[clone];
    if (original === undefined) return;
    const { name, place, canPrepare } = original;
    const copy = new TargetDatabase({ name: `copy of ${name}`, place, canPrepare }, this.scheduler, this.observer);
    if (this.plan.isCopiedWithId === true) original.install(migrationUuid(0));
    original.copyTo(copy);
    this.addresses.set(`address-${2 * clone + 1}`, copy);
    this.databases.push(copy);
  }

  private seed(): void {
    const { control, plan, network, queue } = this;
    control.atOnce((tx) => {
      seedCatalog({ tx, now: 0, timeline: '1', broken: this.broken }, plan);
      tx.put('installations', INSTALLATION, { id: INSTALLATION });
      tx.put('places', PLACE, { place: PLACE, installationId: INSTALLATION });
    });
    control.log.length = 0;
    for (const number of (plan.folders ?? []).keys()) this.buildByHand(number);
    for (const database of this.databases) this.observer.watchIndexes(database);
    network.weather = WEATHERS[plan.weather] ?? network.weather;
    if (plan.weather > 0) [queue.doubled, queue.lost] = [0.1, 0.05];
  }

  /** Indexes that no run has made. */
  private buildByHand(number: number): void {
    const address = addressOf(endpointOfFolder(this.plan, folderOf(this.plan, number)));
    const database = this.addresses.get(address);
    for (const name of builtByHand(this.plan, number)) {
      database?.indexes.set(name, { id: database.nextIndex(), isValid: true, isForeign: true });
    }
  }

  private makeTelemetry(name: (run: string) => void): Telemetry {
    const nothing = (): void => undefined;
    const log = { debug: nothing, info: nothing, warn: nothing, error: nothing, child: () => log };
    return {
      log,
      lockWaited: nothing,
      traced: (_span, work) => work(),
      traceparent: () => null,
      templateExecuted: nothing,
      stageExecuted: nothing,
      apiPaused: nothing,
      runFinished: nothing,
      validated: nothing,
      runInDoubt: ({ run }) => name(String(run)),
      runContradicted: ({ run }) => name(String(run)),
      preparedObserved: nothing,
      historyPruned: nothing,
    };
  }

  /** A run's row is the truth about the run. */
  private tellChange(name: string, { table, before, after }: Commit['changes'][number]): void {
    const [was, is] = [before as RunRow | null, after as RunRow | null];
    if (table !== 'runs' || is === null || (was?.state === is.state && was.epoch === is.epoch)) return;
    this.tell(name, () => describeRun(is));
  }

  private name(run: string): void {
    this.reported.add(run);
    this.tell('alarm', () => `run ${run} is named`);
  }
}

function describeRun({ uuid, kind, state, epoch, token, attempt, owner, error }: RunRow): string {
  const of = owner === null ? 'nobody' : (owner.split(':')[0] ?? owner);
  const why = error === null ? '' : `: ${error.code}`;
  return `${kind} ${uuid} is ${state}, epoch ${epoch}, attempt ${attempt}, token ${token || '–'}, of ${of}${why}`;
}

function describeTarget(database: TargetDatabase): string {
  const { prepared, ledger, counters, fences, toolHistory, indexes, steps } = database;
  const built = [...indexes].map(([name, { isValid }]) => `${name}${isValid ? '' : ' (invalid)'}`);
  const stepped = [...steps].map(([key, { state, position, epoch }]) => `${key} ${state} ${position}/${epoch}`);
  const committed = ledger.map(({ run, epoch, token }) => `${run}/${epoch}/${token}`);
  const counted = [...counters].map(([api, value]) => `${api.slice(-4)}=${value}`);
  return [
    `prepared [${[...prepared.keys()].join(', ')}]`,
    `ledger [${committed.join(', ')}]`,
    `counters [${counted.join(', ')}]`,
    `fences [${[...fences.values()].join(', ')}]`,
    `applied [${toolHistory.applied.join(', ')}]`,
    `indexes [${built.join(', ')}]`,
    `steps [${stepped.join(', ')}]`,
  ].join(', ');
}
