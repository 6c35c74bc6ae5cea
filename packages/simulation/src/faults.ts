import { isFinished, type RunState } from '@eden/domain';
import type { Commit } from './control/control-database.js';
import type { RunRow } from './control/tables.js';
import { cancelUntouched } from './control/run-writes.js';
import { toRun } from './control/steps.js';
import { applyByHand } from './sources/apply-by-hand.js';
import type { Phase, Server } from './schedule/network.js';
import type { Process } from './schedule/process.js';
import { TargetSession } from './targets/target-session.js';
import type { FaultKind, PlannedFault } from './workload/plan.js';
import { apiUuid } from './workload/uuids.js';
import type { World } from './world.js';
import { Worker } from './nodes.js';

/** What can be done to processes, by those who run them. */
export interface Operations {
  workers(): readonly Worker[];
  gateways(): readonly Process[];
  /** Starts a process in the place of one that is dead. */
  replace(process: Process, afterMs: number): void;
}

/** After which a fault comes by itself when nothing has caused one. */
const QUIET_MS = 3_000;

const PLACE_OF_COPY = 'elsewhere';

/** How far back a control database falls by the size of its failover, where that is no number of commits. */
const STEPS_TO_FORGET: Readonly<Record<number, readonly RunState[]>> = {
  4: ['committing', 'deciding'],
  5: ['running'],
};
/** Of what has come since the latest run began to be undone. */
const BACK_TO_ABORTING = 6;

type Change = Commit['changes'][number];

/** How many there are from that place on; none where it is not there. */
function since(place: number, length: number): number {
  return place < 0 ? 0 : length - place;
}

function isAccepted({ table, before }: Change): boolean {
  return (table === 'runs' && before === null) || table === 'templates' || table === 'endpoints';
}

function isStepTo({ table, before, after }: Change, states: readonly RunState[]): boolean {
  if (table !== 'runs' || before === null || after === null) return false;
  const [was, is] = [before as RunRow, after as RunRow];
  return was.state !== is.state && states.includes(is.state);
}

/** Makes the planned faults happen, each once. */
export class Faults {
  private readonly counts = new Map<string, number>();
  private readonly triggered = new Map<string, PlannedFault[]>();
  private isOver = false;

  constructor(
    private readonly world: () => World,
    private readonly operations: Operations,
    private readonly planned: readonly PlannedFault[],
  ) {
    for (const fault of planned) {
      if ('atMs' in fault.trigger) continue;
      const { request, nth, phase } = fault.trigger;
      const key = `${request}/${phase}/${nth}`;
      this.triggered.set(key, [...(this.triggered.get(key) ?? []), fault]);
    }
  }

  private readonly acts: Readonly<Record<FaultKind, (fault: PlannedFault, process: Process | null) => void>> = {
    kill: ({ ms }, process) => this.kill(process, ms),
    freeze: ({ ms }, process) => process?.freeze(ms),
    drain: ({ target, ms }) => this.drain(target, ms),
    'silent target': ({ target, ms }) => this.silence(this.database(target), ms),
    'silent control database': ({ ms }) => this.silence(this.world().control, ms / 2),
    'lock masters silent': ({ ms }) => this.silence(this.world().masters, ms),
    'control failover': ({ size }) => this.failOverControl(size),
    'target failover': ({ target, size }) => this.failOverTarget(target, size),
    'lock masters emptied': () => this.world().masters.empty(),
    'lock masters jump': ({ ms }) => this.world().masters.jump(ms),
    partition: ({ target, ms }, process) => this.partition(process, target, ms),
    'queue emptied': () => this.world().queue.empty(),
    stranger: ({ target, ms }) => this.stranger(target, ms),
    calendar: ({ target }, process) => process?.moveCalendar((target - 3) * 60_000),
    copy: () => this.copy(),
    'tool by hand': ({ target, ms }) => this.toolByHand(target, ms),
    // What has caused it is not heard, or not answered.
    cut: () => undefined,
  };

  start(): void {
    const { scheduler } = this.world();
    for (const fault of this.planned) {
      if ('atMs' in fault.trigger) scheduler.schedule(fault.trigger.atMs, () => this.strike(fault, null));
    }
    scheduler.schedule(QUIET_MS, () => this.strikeAtLast());
    if (this.world().plan.lockMastersForget) this.forgetLocks();
  }

  private forgetLocks(): void {
    const { scheduler, masters, random } = this.world();
    scheduler.schedule(random.between(20, 600), () => {
      if (this.isOver) return;
      masters.empty();
      this.forgetLocks();
    });
  }

  /** No schedule is without a fault. */
  private strikeAtLast(): void {
    const [first] = this.planned;
    if (first !== undefined && this.world().network.faults.size === 0) this.strike(first, null);
  }

  stop(): void {
    this.isOver = true;
  }

  /** A process is about to ask for something, has caused it, or has its answer. Answers whether that is cut off. */
  reached(process: Process, request: string, phase: Phase): boolean {
    if (this.isOver) return false;
    const key = `${request}/${phase}`;
    const nth = (this.counts.get(key) ?? 0) + 1;
    this.counts.set(key, nth);
    const faults = this.triggered.get(`${key}/${nth}`) ?? [];
    for (const fault of faults) this.strike(fault, process);
    return faults.some(({ kind }) => kind === 'cut');
  }

  private strike(fault: PlannedFault, struck: Process | null): void {
    const world = this.world();
    if (this.isOver) return;
    world.network.count(fault.kind, 15_000 + fault.ms);
    world.tell(
      'fault',
      () => `${fault.kind}${struck === null ? '' : ` (${struck.name})`} ${fault.ms} ms, ${fault.size}`,
    );
    this.act(fault, struck);
  }

  private act(fault: PlannedFault, struck: Process | null): void {
    this.acts[fault.kind](fault, struck ?? this.anyProcess(fault.target));
  }

  private anyProcess(target: number): Process | null {
    const all = [...this.operations.workers().map(({ process }) => process), ...this.operations.gateways()];
    return all[target % all.length] ?? null;
  }

  private database(target: number) {
    const { databases } = this.world();
    const database = databases[target % databases.length];
    if (database === undefined) throw new RangeError('a schedule without databases');
    return database;
  }

  private kill(process: Process | null, ms: number): void {
    if (process === null || process.isDead) return;
    process.kill();
    this.operations.replace(process, ms);
  }

  private drain(target: number, ms: number): void {
    const workers = this.operations.workers();
    const worker = workers[target % workers.length];
    if (worker === undefined || worker.process.isDead) return;
    worker.stop();
    this.operations.replace(worker.process, 6_000 + ms);
  }

  private silence(server: Server, ms: number): void {
    server.silentUntil = Math.max(server.silentUntil, this.world().scheduler.now + ms);
  }

  private partition(process: Process | null, target: number, ms: number): void {
    const { control, masters, scheduler } = this.world();
    const server: Server = [control, masters, this.database(target)][target % 3] ?? control;
    if (process !== null) server.partitions.set(process.name, scheduler.now + ms);
  }

  /** Somebody who is none of ours has locked a row. */
  private stranger(target: number, ms: number): void {
    const { scheduler, plan } = this.world();
    const database = this.database(target);
    const session = new TargetSession(database, 'stranger');
    session.begin('stranger');
    const lock = `row/${apiUuid(target % plan.apis.length)}`;
    session.perform(
      (function* hold() {
        yield { lock, mode: 'exclusive', timeoutMs: ms } as const;
      })(),
      () => undefined,
    );
    scheduler.schedule(ms, () => session.end());
  }

  /** Somebody runs the tool of a folder: its first pending file, under the tool's own lock. */
  private toolByHand(target: number, ms: number): void {
    const { control } = this.world();
    const sources = [...control.table('sources').values()];
    const source = sources[target % Math.max(1, sources.length)];
    if (source === undefined) return;
    const endpoint = control.table('endpoints').get(source.endpointUuid);
    const database = this.world().addresses.get(String(endpoint?.config['address']));
    if (database === undefined) return;
    const session = new TargetSession(database, 'tool by hand');
    session.begin('tool by hand');
    session.perform(applyByHand(session, source, { lockTimeoutMs: ms }), () => session.end());
  }

  /** A standby takes over that has not followed the last commits; never so old that it does not know a run at all. */
  private failOverControl(size: number): void {
    const { control, observer } = this.world();
    const { log } = control;
    const known = log.findLastIndex(({ changes }) => changes.some(isAccepted)) + 1;
    const lost = control.failOver(Math.min(this.commitsBack(size), log.length - known));
    if (lost.length > 0) observer.evidence.hasRewound = true;
  }

  /** A few commits; or all since the latest run was decided, or began. */
  private commitsBack(size: number): number {
    const { log } = this.world().control;
    const latest = (states: readonly RunState[]): number =>
      log.findLastIndex(({ changes }) => changes.some((change) => isStepTo(change, states)));
    if (size === BACK_TO_ABORTING) return since(latest(['aborting']) + 1, log.length);
    const step = STEPS_TO_FORGET[size];
    return step === undefined ? 2 * size : since(latest(step), log.length);
  }

  private failOverTarget(target: number, size: number): void {
    const { observer } = this.world();
    const database = this.database(target);
    const { lost, hasLostData } = database.failOver(size % 3);
    if (lost > 0) observer.evidence.targetLosses.add(database.name);
    if (hasLostData) observer.evidence.hasLostData = true;
  }

  /** A copy of the control database comes alive at another place, with a worker, and is adopted as such. */
  private copy(): void {
    const world = this.world();
    const copy = world.newControl('copy');
    world.control.copyTo(copy);
    const process = world.newProcess('worker-of-copy');
    world.observer.ofCopy.add(process.name);
    const worker = new Worker(world, process, { control: copy, place: PLACE_OF_COPY });
    void worker.start().catch((error: unknown) => world.failed(process.name, error));
    world.scheduler.schedule(3_000, () => {
      copy.atOnce((tx) => {
        if (world.broken.has('places-of-an-installation')) {
          tx.put('places', PLACE_OF_COPY, { place: PLACE_OF_COPY, installationId: world.installation });
          return;
        }
        tx.put('installations', 'copy', { id: 'copy' });
        tx.put('places', PLACE_OF_COPY, { place: PLACE_OF_COPY, installationId: 'copy' });
        const at = { tx, now: world.scheduler.now, timeline: String(copy.timeline), broken: world.broken };
        for (const row of tx.all('runs')) if (!isFinished(row.state)) cancelUntouched(at, toRun(row), 'db:adopt');
      });
    });
    world.scheduler.schedule(20_000, () => process.kill());
  }
}
