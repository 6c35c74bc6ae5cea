import { appendFileSync } from 'node:fs';
import { expect } from '@jest/globals';
import type { CrashPoint } from '@eden/domain';
import { CRASH_POINTS } from '@eden/domain';
import type { ServiceProcess, LogLine, PostgresAddress } from '@eden/testkit';
import { testServers } from '@eden/testkit';
import { CounterWorld } from './counter-world.js';
import type { RunView } from './counter-world.js';
import type { CrashCluster } from './crash-cluster.js';
import { startCrashCluster, workerOf } from './crash-cluster.js';
import type { Fault } from './faults.js';
import { Reader } from './reader.js';

/** How many databases a run goes over; `npm run test:crash` makes it more. */
export const PARTICIPANTS = Number(process.env['EDEN_CRASH_PARTICIPANTS'] ?? '2');

/** Points of a run that has a last resource. */
const OF_LAST_RESOURCE: readonly CrashPoint[] = ['before-deciding', 'after-deciding', 'after-last-resource'];

/** Those of steps outside the transaction: steps.test.ts. */
const OF_STEPS: readonly CrashPoint[] = [
  'before-step',
  'after-batch',
  'after-step',
  'before-compensation',
  'after-compensation',
];

/** What a run over databases that can all be prepared passes by. */
export const ATOMIC_POINTS = CRASH_POINTS.filter(
  (point) => !OF_LAST_RESOURCE.includes(point) && !OF_STEPS.includes(point),
);

const PER_PARTICIPANT: readonly CrashPoint[] = [
  'before-prepare',
  'after-prepare',
  'before-commit-prepared',
  'after-commit-prepared',
];

/** Whether each participant of a run comes there for itself. */
export function isOfParticipant(point: CrashPoint): boolean {
  return PER_PARTICIPANT.includes(point);
}

/** A fault at the point, or one for each participant where the point belongs to one. */
export function faultsAt(point: CrashPoint, kind: Fault['kind']): readonly Fault[] {
  if (!isOfParticipant(point)) return [{ point, kind }];
  return Array.from({ length: PARTICIPANTS }, (_, participant) => ({ point, participant, kind }));
}

/** How the test of a fault is called. */
export function nameOf({ point, participant }: Fault): string {
  return participant === undefined ? point : `${point} of participant ${participant}`;
}

/** How a run went that a fault has struck. */
export interface Outcome {
  readonly run: RunView;
  readonly migration: string;
  /** Whoever met the fault: dead, or awake again. */
  readonly fallen: ServiceProcess;
  /** From the fault until the run was finished, queued again, or begun anew by another worker. */
  readonly recoveryMs: number;
}

/** A cluster on which one migration after the other meets its fault, while a reader watches. */
export class CrashSite {
  private migrations = 0;

  private constructor(
    readonly crash: CrashCluster,
    readonly world: CounterWorld,
  ) {}

  /** @param last A server that cannot prepare, for one more database: the last resource. */
  static async create({ last }: { readonly last?: PostgresAddress } = {}): Promise<CrashSite> {
    const crash = await startCrashCluster();
    const servers = last === undefined ? testServers().targets : [last, ...testServers().targets];
    const databases = last === undefined ? PARTICIPANTS : servers.length;
    return new CrashSite(crash, await CounterWorld.create(crash.cluster, databases, servers));
  }

  /**
   * Migrates under the fault: whoever reaches the point falls. What was killed is replaced; what was frozen is thawed
   * when others have ended the run. No read may ever see one database changed and another not.
   */
  async meet(fault: Fault, { fails = false, then }: Meeting = {}): Promise<Outcome> {
    const migration = `m_${(this.migrations += 1)}`;
    const [counter = 0] = await this.world.counters();
    await this.world.prepareMigration(migration, fails ? { limit: 0 } : {});
    const reader = new Reader(this.world);
    await this.crash.faults.arm(fault);
    if (then !== undefined) await this.crash.faults.arm(then);
    const uuid = await this.world.startMigration(migration);
    const struck = await this.crash.faults.struck(fault);
    const fallen = workerOf(this.crash.cluster, struck.pid);
    if (fault.kind === 'SIGKILL') await this.replace(fallen);
    const run = await this.world.endOf(uuid);
    if (fault.kind === 'SIGSTOP') fallen.thaw();
    await reader.stop();
    const recoveryMs = await this.recoveryMs(uuid, struck.at);
    const expected = run.state === 'succeeded' ? counter + 1 : counter;
    const point = then === undefined ? fault.point : `${fault.point}, then ${then.point}`;
    await this.report({ ...fault, point, state: run.state, expected, torn: reader.torn.length, recoveryMs });
    await this.check({ migration, counter: expected, reader });
    return { run, migration, fallen, recoveryMs };
  }

  private async replace(fallen: ServiceProcess): Promise<void> {
    await fallen.process.waitForExit();
    await this.crash.cluster.addWorker();
  }

  private async check(after: { migration: string; counter: number; reader: Reader }): Promise<void> {
    const { torn, unexpected } = after.reader;
    expect({ torn, unexpected }).toEqual({ torn: [], unexpected: [] });
    await this.world.expectQuiet(after.counter, after.migration);
  }

  /** By the run's own history. The clocks are the same one: everything runs on this machine. */
  private async recoveryMs(run: string, struckAt: Date): Promise<number> {
    const events = await this.world.events(run);
    const times = events
      .filter(({ type }) => ['finished', 'requeued', 'started'].includes(type))
      .map(({ at }) => new Date(at).getTime() - struckAt.getTime());
    return Math.min(...times.filter((ms) => ms >= 0));
  }

  /** One line of the matrix that scripts/test-crash.mjs prints; written before anything is checked. */
  private async report({ expected, ...line }: Report): Promise<void> {
    const file = process.env['EDEN_CRASH_REPORT'];
    if (file === undefined) return;
    const counters = await this.world.counters();
    const [counter = 0] = counters;
    const torn = line.torn + (new Set(counters).size === 1 ? 0 : 1);
    appendFileSync(file, `${JSON.stringify({ ...line, torn, off: counter - expected })}\n`);
  }
}

interface Meeting {
  /** The last statement of the migration does. */
  readonly fails?: boolean;
  /** What whoever recovers the run meets. */
  readonly then?: Fault;
}

interface Report extends Omit<Fault, 'point'> {
  /** Two of them where the one that recovers falls as well. */
  readonly point: string;
  readonly state: string;
  /** Where the counters should stand. */
  readonly expected: number;
  /** Reads that saw one database changed and another not. */
  readonly torn: number;
  readonly recoveryMs: number;
}

/** What a worker says when it has let go of a run, or of the targets that it was still to settle. */
export async function linesOfLetGo(zombie: ServiceProcess, run: string): Promise<readonly LogLine[]> {
  const lines = (await zombie.logs()).filter(({ msg }) => /taken over|whoever adopts the run/.test(String(msg)));
  return lines.filter((line) => JSON.stringify(line).includes(run));
}
