import fc from 'fast-check';
import { Faults, type Operations } from './faults.js';
import { checkAllOrNothing, checkLiveness, isAtRest, type AtRest } from './invariants/at-rest.js';
import type { Violation } from './invariants/violation.js';
import { gatewayDeps, homeOf, Worker } from './nodes.js';
import type { Process } from './schedule/process.js';
import { SILENT, writtenStory } from './schedule/story.js';
import { Client, type Gateway } from './workload/client.js';
import { simulationPlan } from './workload/drawn-plan.js';
import type { SimulationPlan } from './workload/plan.js';
import { World } from './world.js';

/** What one schedule came to. */
export interface Result {
  readonly seed: number;
  readonly plan: SimulationPlan;
  readonly violations: readonly Violation[];
  readonly steps: number;
  readonly runs: number;
  readonly executions: number;
  readonly simulatedMs: number;
  /** How many of each kind have struck. */
  readonly faults: ReadonlyMap<string, number>;
  readonly story: readonly string[];
  /** What is durable in the end, in words. */
  readonly state: readonly string[];
}

export interface SimulationOptions {
  readonly broken?: ReadonlySet<string>;
  /** Whether the story is written down. */
  readonly tells?: boolean;
}

/** Faults happen for so long at most; in milliseconds. */
const FAULTS_MS = 30_000;
/** Nothing of what is planned takes so many steps: something turns in a circle. */
const MOST_STEPS = 100_000;
/** How long all may take to come to its end after that. */
const PATIENCE_MS = 180_000;
/** After everything has ended, so that sweeps and audits have looked at it. */
const AFTERWARDS_MS = 9_000;

/** The plan that belongs to a seed. */
export function planOf(seed: number): SimulationPlan {
  const [plan] = fc.sample(simulationPlan, { seed, numRuns: 1 });
  if (plan === undefined) throw new RangeError('a seed without a plan');
  return plan;
}

/** The schedule that belongs to a seed. */
export function simulate(seed: number, options: SimulationOptions = {}): Promise<Result> {
  return simulatePlan(seed, planOf(seed), options);
}

export function simulatePlan(seed: number, plan: SimulationPlan, options: SimulationOptions = {}): Promise<Result> {
  return new Simulation(seed, plan, options).run();
}

/** One schedule. */
class Simulation implements Operations {
  private readonly world: World;
  private readonly faults: Faults;
  private readonly client: Client;
  private readonly story: string[] = [];
  private workerList: Worker[] = [];
  private gatewayList: Gateway[] = [];
  private scriptsLeft = 0;
  private isOver = false;

  constructor(
    private readonly seed: number,
    private readonly plan: SimulationPlan,
    { broken = new Set(), tells = false }: SimulationOptions,
  ) {
    this.faults = new Faults(() => this.world, this, plan.faults);
    this.world = new World({
      plan,
      seed,
      broken,
      strike: (process, request, phase) => this.faults.reached(process, request, phase),
      story: (scheduler) => (tells ? writtenStory(scheduler, this.story) : SILENT),
    });
    this.client = new Client(this.world, () => this.gatewayList);
  }

  async run(): Promise<Result> {
    const { world, plan } = this;
    for (let number = 0; number < plan.workers; number += 1) this.startWorker(`worker-${number}`);
    for (let number = 0; number < plan.gateways; number += 1) this.startGateway(`gateway-${number}`);
    this.faults.start();
    this.startClients();
    world.scheduler.schedule(500, () => this.look());
    world.scheduler.schedule(FAULTS_MS, () => this.calm());
    const { violations } = world.observer;
    await world.scheduler.run(() => this.isOver || violations.length > 0 || world.scheduler.steps > MOST_STEPS);
    if (violations.length === 0) this.checkAtRest();
    return this.result();
  }

  workers(): readonly Worker[] {
    return this.workerList;
  }

  gateways(): readonly Process[] {
    return this.gatewayList.map(({ process }) => process);
  }

  replace(process: Process, afterMs: number): void {
    const delay = this.world.isCalm ? 100 : afterMs;
    this.world.scheduler.schedule(delay, () => {
      if (this.workerList.some((worker) => worker.process === process)) this.startWorker(process.name);
      else if (this.gatewayList.some((gateway) => gateway.process === process)) this.startGateway(process.name);
    });
  }

  private startWorker(name: string): void {
    const { world } = this;
    const process = world.newProcess(name);
    const worker = new Worker(world, process, homeOf(world));
    this.workerList = [...this.workerList.filter((each) => each.process.name !== name), worker];
    void worker.start().catch((error: unknown) => world.failed(name, error));
  }

  private startGateway(name: string): void {
    const process = this.world.newProcess(name);
    const gateway = { process, deps: gatewayDeps(this.world, process) };
    this.gatewayList = [...this.gatewayList.filter((each) => each.process.name !== name), gateway];
  }

  private startClients(): void {
    const { plan, client } = this;
    plan.scripts.forEach((script, migration) => {
      this.scriptsLeft += 1;
      client.play(migration, script, () => {
        this.scriptsLeft -= 1;
      });
    });
    for (let reader = 0; reader < plan.readers; reader += 1) client.read(reader % plan.apis.length);
  }

  /** Twice a second of simulated time. */
  private look(): void {
    const { world, client } = this;
    client.resolveDoubts();
    client.resumePaused();
    const isDone = this.scriptsLeft === 0 && isAtRest(this.rest());
    if (isDone && !world.isCalm && world.scheduler.now > 6_000) this.calm();
    if (isDone && client.isStopped) this.isOver = true;
    else world.scheduler.schedule(world.isCalm ? 2_000 : 500, () => this.look());
  }

  private calm(): void {
    const { world, faults, client } = this;
    if (world.isCalm) return;
    world.tell('fault', () => 'no more faults');
    faults.stop();
    world.calm();
    world.scheduler.schedule(AFTERWARDS_MS, () => {
      client.isStopped = true;
    });
    world.scheduler.schedule(PATIENCE_MS, () => {
      this.isOver = true;
    });
  }

  private rest(): AtRest {
    const { control, databases, observer, installation, reported } = this.world;
    return { control, databases, observer, installation, reported };
  }

  private checkAtRest(): void {
    const rest = this.rest();
    checkLiveness(rest);
    checkAllOrNothing(rest);
  }

  private result(): Result {
    const { world, seed, plan, client, story } = this;
    return {
      seed,
      plan,
      violations: world.observer.violations,
      steps: world.scheduler.steps,
      runs: world.control.table('runs').size,
      executions: client.executions,
      simulatedMs: world.scheduler.now,
      faults: world.network.faults,
      story,
      state: world.describe(),
    };
  }
}
