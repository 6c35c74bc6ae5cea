import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { PostgresAddress } from '@eden/testkit';
import { CounterWorld } from './counter-world.js';
import type { Changes } from './counter-world.js';
import type { CrashCluster } from './crash-cluster.js';
import { workerOf } from './crash-cluster.js';
import type { Fault } from './faults.js';
import { Reader } from './reader.js';
import { ATOMIC_POINTS } from './scenario.js';

/** How long a fault waits for somebody to meet it before another one is tried. */
const PATIENCE_MS = 1_000;
const FROZEN_MS = [300, 4_000] as const;

const CHANGES: readonly Changes[] = [
  { dml: true, ddl: false },
  { dml: false, ddl: true },
  { dml: true, ddl: true },
];

/** What a thread of migrations has done. */
export interface ThreadTotals {
  succeeded: number;
  failed: number;
  /** Where the counters of its databases must stand, and how many columns their tables must have. */
  counter: number;
  columns: number;
}

/** Threads of migrations, one after the other in each, and readers of what they change, under random faults. */
export class Fuzzer {
  readonly totals: readonly ThreadTotals[];
  faults = 0;
  private readonly readers: readonly Reader[];

  private constructor(
    private readonly crash: CrashCluster,
    readonly worlds: readonly CounterWorld[],
    private readonly participants: number,
  ) {
    this.totals = worlds.map(() => ({ succeeded: 0, failed: 0, counter: 0, columns: 1 }));
    this.readers = worlds.map((world) => new Reader(world));
  }

  /** @param threads The servers of each thread's databases. */
  static async create(
    crash: CrashCluster,
    threads: readonly (readonly PostgresAddress[])[],
    participants: number,
  ): Promise<Fuzzer> {
    const worlds: CounterWorld[] = [];
    for (const servers of threads) worlds.push(await CounterWorld.create(crash.cluster, participants, servers));
    return new Fuzzer(crash, worlds, participants);
  }

  /** Goes on for `durationMs`, then lets the last migrations end. Answers how many reads were answered. */
  async run(durationMs: number): Promise<number> {
    const until = performance.now() + durationMs;
    const migrating = Promise.all(this.worlds.map((_, thread) => this.migrate(thread, until)));
    await this.breakThings(until);
    await migrating;
    const reads = await Promise.all(this.readers.map((reader) => reader.stop()));
    return reads.reduce((sum, count) => sum + count, 0);
  }

  /** What no reader may ever get. */
  get wrongAnswers(): readonly unknown[] {
    return this.readers.flatMap(({ torn, unexpected }) => [...torn, ...unexpected]);
  }

  private async migrate(thread: number, until: number): Promise<void> {
    const [world, totals] = [this.worlds[thread], this.totals[thread]];
    if (world === undefined || totals === undefined) return;
    for (let n = 0; performance.now() < until; n += 1) {
      const changes = CHANGES[randomInt(CHANGES.length)] ?? { dml: true, ddl: true };
      const id = `fuzz_${n}`;
      await world.prepareMigration(id, { changes });
      const run = await world.endOf(await world.startMigration(id));
      if (run.state === 'succeeded') {
        totals.succeeded += 1;
        totals.counter += changes.dml ? 1 : 0;
        totals.columns += changes.ddl ? 1 : 0;
      } else if (run.state === 'failed') {
        // Its workers died in every attempt: nothing has changed.
        totals.failed += 1;
        await world.release(id);
      } else throw new Error(`run ${run.uuid} ended ${run.state}`);
    }
  }

  private async breakThings(until: number): Promise<void> {
    while (performance.now() < until) {
      const fault = this.randomFault();
      await this.crash.faults.arm(fault);
      const patience = performance.now() + PATIENCE_MS;
      while (performance.now() < patience && this.crash.faults.isArmed(fault)) await delay(20);
      if (!(await this.crash.faults.disarm(fault))) await this.endure(fault);
    }
  }

  private randomFault(): Fault {
    const point = ATOMIC_POINTS[randomInt(ATOMIC_POINTS.length)] ?? 'after-start';
    const kind = randomInt(2) === 0 ? 'SIGKILL' : 'SIGSTOP';
    if (!/^(before|after)-(commit-)?prepared?$/.test(point)) return { point, kind };
    return { point, kind, participant: randomInt(this.participants) };
  }

  /** What was killed is replaced; what was frozen goes on after a while: shorter than its lease, or longer. */
  private async endure(fault: Fault): Promise<void> {
    this.faults += 1;
    const fallen = workerOf(this.crash.cluster, (await this.crash.faults.struck(fault)).pid);
    if (fault.kind === 'SIGSTOP') {
      await delay(randomInt(...FROZEN_MS));
      fallen.thaw();
      return;
    }
    await fallen.process.waitForExit();
    await this.crash.cluster.addWorker();
  }
}
