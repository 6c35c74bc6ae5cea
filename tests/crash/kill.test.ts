import { beforeAll, describe, expect, it } from '@jest/globals';
import { CRASH_POINTS } from '@eden/domain';
import type { CrashPoint } from '@eden/domain';
import { CounterWorld } from './counter-world.js';
import type { CrashCluster } from './crash-cluster.js';
import { startCrashCluster, workerOf } from './crash-cluster.js';
import type { Fault } from './faults.js';
import { Reader } from './reader.js';

const PARTICIPANTS = 2;

const OF_PARTICIPANTS: readonly CrashPoint[] = [
  'before-prepare',
  'after-prepare',
  'before-commit-prepared',
  'after-commit-prepared',
];
const OF_ABORTS: readonly CrashPoint[] = ['after-begin-abort', 'before-finish-abort'];
const FROM_T2_ON: readonly CrashPoint[] = [
  'after-decide',
  'before-commit-prepared',
  'after-commit-prepared',
  'before-complete',
];

function faultsAt(point: CrashPoint): readonly Fault[] {
  if (!OF_PARTICIPANTS.includes(point)) return [{ point, kind: 'SIGKILL' }];
  return Array.from({ length: PARTICIPANTS }, (_, participant) => ({ point, participant, kind: 'SIGKILL' }));
}

describe('kill -9 of the worker', () => {
  let crash: CrashCluster;
  let world: CounterWorld;
  let counter = 0;
  let migrations = 0;

  beforeAll(async () => {
    crash = await startCrashCluster();
    world = await CounterWorld.create(crash.cluster, PARTICIPANTS);
  });

  async function bury(fault: Fault): Promise<void> {
    const { pid } = await crash.faults.struck(fault);
    await workerOf(crash.cluster, pid).process.waitForExit();
    await crash.cluster.addWorker();
  }

  const forward = CRASH_POINTS.filter((point) => !OF_ABORTS.includes(point)).flatMap(faultsAt);

  it.each(forward)('at $point (participant $participant): another worker ends the run as succeeded', async (fault) => {
    const id = `kill_${(migrations += 1)}`;
    await world.prepareMigration(id);
    const reader = new Reader(world);
    await crash.faults.arm(fault);
    const run = await world.startMigration(id);
    await bury(fault);
    const attempt = fault.point === 'after-claim' || FROM_T2_ON.includes(fault.point) ? 1 : 2;
    expect(await world.endOf(run)).toMatchObject({ state: 'succeeded', attempt });
    await reader.stop();
    expect({ torn: reader.torn, unexpected: reader.unexpected }).toEqual({ torn: [], unexpected: [] });
    await world.expectQuiet((counter += 1), id);
  });
});
