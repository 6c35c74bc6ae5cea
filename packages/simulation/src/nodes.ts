import type { CoordinatorDeps } from '@eden/coordinator';
import type { JobOutcome, Uuid } from '@eden/domain';
import { NO_CRASH_POINTS } from '@eden/domain';
import {
  auditRuns,
  callForgotten,
  consumeRun,
  pruneHistory,
  recoverRuns,
  relayOutbox,
  RunSlots,
  sweepDue,
  type EngineDeps,
} from '@eden/engine';
import { journalOf, storeOf } from './control/control-ports.js';
import type { ControlWay } from './control/control-way.js';
import { KEPT_DAYS, retentionOf } from './control/retention-port.js';
import { outboxOf } from './control/outbox-port.js';
import type { ControlDatabase } from './control/control-database.js';
import { SimulatedLocks } from './locks/lock-port.js';
import type { Process } from './schedule/process.js';
import { SIMULATED_SOURCES } from './sources/simulated-tool.js';
import { targetsOf } from './targets/target-adapter.js';
import { simulatedTemplates } from './workload/templates.js';
import { LEASE_MS, LOCK_TIMEOUT_MS, PLACE, SETTINGS, type World } from './world.js';

/** What a worker does again and again; in milliseconds (services/worker/src/loops). */
const RECOVER_MS = 900;
const RELAY_MS = 1_500;
const RECONCILE_MS = 1_200;
const SWEEP_MS = 2_500;
const AUDIT_MS = 3_500;
const RETENTION_MS = 2_000;
const RUN_SLOTS = 4;

const BOUNDS = { silenceMs: LEASE_MS, fenceWaitMs: 1_000 };

/** Where a process finds its control database. */
export interface Home {
  readonly control: ControlDatabase;
  readonly place: string;
}

export function homeOf({ control }: World): Home {
  return { control, place: PLACE };
}

/** Everything that a worker does, over the ports of this process (services/worker). */
export class Worker {
  private readonly drain = new AbortController();
  private readonly deps: EngineDeps;

  constructor(
    private readonly world: World,
    readonly process: Process,
    private readonly home: Home,
  ) {
    this.deps = this.makeDeps();
  }

  /** Nothing before the installation knows the place: it may be a copy. */
  async start(): Promise<void> {
    const { world, process, deps } = this;
    while (!(await this.isAtHome())) await process.clock.sleep(1_000);
    this.startRelay();
    this.startRecovery();
    repeat(world, process, SWEEP_MS, async () => void (await sweepDue(deps, SWEEP_MS)));
    repeat(world, process, AUDIT_MS, () => auditRuns(deps));
    if (world.plan.forgetsHistory === true) this.startRetention();
    const slots = new RunSlots(deps, RUN_SLOTS);
    if (this.home.control !== world.control) return;
    const handle = (run: Uuid): Promise<JobOutcome> => slots.share(run, () => this.consume(run));
    world.queue.consume({ process, slots: RUN_SLOTS, handle, onError: (error) => world.failed(process.name, error) });
  }

  /** Hands over what it has in hand, and ends. */
  stop(): void {
    this.drain.abort(new Error('the worker stops'));
    this.process.clock.after(6_000, () => this.process.kill());
  }

  private consume(run: Uuid): Promise<JobOutcome> {
    return consumeRun(this.deps, run, this.drain.signal);
  }

  private async isAtHome(): Promise<boolean> {
    try {
      await this.deps.journal.installation();
      return true;
    } catch {
      return false;
    }
  }

  private startRelay(): void {
    const { process, deps, world } = this;
    const outbox = outboxOf(this.way());
    const producer = world.queue.producerFor(process);
    const relay = repeat(world, process, RELAY_MS, async () => {
      while ((await relayOutbox(outbox, producer, deps)) > 0);
    });
    void outbox.subscribe(relay.wake);
    repeat(world, process, RECONCILE_MS, async () => {
      if ((await callForgotten(outbox, producer, deps.settings.leaseMs)) > 0) relay.wake();
    });
  }

  private startRetention(): void {
    const { deps, process, world, drain } = this;
    const retention = { store: retentionOf(this.way()), keptDays: KEPT_DAYS };
    repeat(world, process, RETENTION_MS, () => pruneHistory(deps, retention, drain.signal));
  }

  private startRecovery(): void {
    const { deps, process, drain, world } = this;
    const rounds = repeat(world, process, RECOVER_MS, () => {
      recoverRuns(deps, drain.signal).catch((error: unknown) => world.failed(process.name, error));
      return Promise.resolve();
    });
    deps.journal.onReleased(rounds.wake);
  }

  private way(): ControlWay {
    const { world, process, home } = this;
    return { database: home.control, process, place: home.place, broken: world.broken };
  }

  private makeDeps(): EngineDeps {
    const { world, process } = this;
    const { network, addresses, broken, masters, observer } = world;
    const telemetry = this.home.control === world.control ? world.telemetry : world.telemetryOfCopy;
    return {
      journal: journalOf(this.way()),
      locks: new SimulatedLocks(masters, process, LEASE_MS, observer),
      targets: targetsOf({ network, process, addresses, broken, ...BOUNDS }),
      templates: simulatedTemplates(),
      sources: SIMULATED_SOURCES,
      telemetry,
      clock: process.clock,
      chance: process.chance,
      crashPoints: NO_CRASH_POINTS,
      settings: { ...SETTINGS, owner: `${process.name}:${process.random.uuid()}` },
    };
  }
}

/** What the gateways' use cases are given (services/gateway). */
export function gatewayDeps(world: World, process: Process): CoordinatorDeps {
  const { network, addresses, broken, masters, telemetry, observer, control } = world;
  return {
    store: storeOf({ database: control, process, place: PLACE, broken }),
    locks: new SimulatedLocks(masters, process, LEASE_MS, observer),
    targets: targetsOf({ network, process, addresses, broken, ...BOUNDS }),
    templates: simulatedTemplates(),
    sources: SIMULATED_SOURCES,
    telemetry,
    clock: process.clock,
    chance: process.chance,
    settings: {
      approvalBy: 'another',
      lockTimeoutMs: LOCK_TIMEOUT_MS,
      statementTimeoutMs: 3_000,
      subjectsKeptMs: 10_000,
    },
  };
}

interface Loop {
  wake(): void;
}

/** A round at once and then after each pause, or when woken; a failed round is followed by the next. */
function repeat(world: World, process: Process, everyMs: number, round: () => Promise<void>): Loop {
  let isRunning = false;
  let isWoken = false;
  let cancel = (): void => undefined;
  const start = (): void => {
    cancel();
    isRunning = true;
    isWoken = false;
    void round()
      .catch((error: unknown) => world.failed(process.name, error))
      .then(() => {
        isRunning = false;
        cancel = process.clock.after(isWoken ? 0 : everyMs * (0.7 + 0.6 * process.random.fraction()), start);
      });
  };
  start();
  return {
    wake: () => {
      isWoken = true;
      if (!isRunning) start();
    },
  };
}
