import { beforeAll, describe, expect, it } from '@jest/globals';
import type { CrashPoint } from '@eden/domain';
import { ShopWorld } from '../shop/shop-world.js';
import type { CrashCluster } from './crash-cluster.js';
import { startCrashCluster, workerOf } from './crash-cluster.js';
import type { Fault } from './faults.js';
import { ATOMIC_POINTS, isOfParticipant } from './scenario.js';
import { SourceWorld } from './source-world.js';

const OF_ABORTS: readonly CrashPoint[] = ['after-begin-abort', 'before-finish-abort'];
/** Where a point belongs to a participant, the last one meets it. */
const ON_THE_WAY = ATOMIC_POINTS.filter((point) => !OF_ABORTS.includes(point)).map(
  (point) =>
    [
      point,
      (isOfParticipant(point) ? { point, participant: 1, kind: 'SIGKILL' } : { point, kind: 'SIGKILL' }) as Fault,
    ] as const,
);

/** Folders of three tools over two databases, and the worker dies. */
describe('sources, kill -9 of the worker', () => {
  let crash: CrashCluster;
  let world: SourceWorld;
  let files = 0;

  beforeAll(async () => {
    crash = await startCrashCluster();
    world = await SourceWorld.create(crash.cluster);
    const first = await world.nextRelease();
    expect(await world.endOf(await world.start(first))).toMatchObject({ state: 'succeeded' });
    await world.expectQuiet((files += 1));
  });

  async function replaceFallen(fault: Fault): Promise<void> {
    const { pid } = await crash.faults.struck(fault);
    await workerOf(crash.cluster, pid).process.waitForExit();
    await crash.cluster.addWorker();
  }

  /** Migrates under the fault; at no moment may a history say something else than its database holds. */
  async function meet(migration: string, fault: Fault): Promise<{ readonly state: string }> {
    const watch = world.watch();
    await crash.faults.arm(fault);
    const run = await world.start(migration);
    await replaceFallen(fault);
    const ended = await world.endOf(run);
    expect(await watch.stop()).toEqual([]);
    return ended;
  }

  // Protocol: I11, I12, I15
  it.each(ON_THE_WAY)('at %s: another one commits all folders and their histories', async (_, fault) => {
    const ended = await meet(await world.nextRelease(), fault);
    expect(ended.state).toBe('succeeded');
    await world.expectQuiet((files += 1));
  });

  // Protocol: I11, I15
  it.each(OF_ABORTS)(
    'at %s of a release with a bad file: nothing of it is there, and mended all of it is',
    async (point) => {
      const migration = await world.nextRelease({ fails: true });
      expect((await meet(migration, { point, kind: 'SIGKILL' })).state).toBe('failed');
      await world.expectQuiet(files);
      await world.mend(migration);
      expect((await world.endOf(await world.start(migration))).state).toBe('succeeded');
      await world.expectQuiet((files += 1));
    },
  );

  it('and of `eden apply` with it: applied again, it finds its run and waits for its end', async () => {
    const shop = await ShopWorld.create(crash.cluster);
    const fault: Fault = { point: 'after-prepare', participant: 1, kind: 'SIGKILL' };
    await crash.faults.arm(fault);
    const { child, ended } = shop.cli.start(['apply', '--wait', '--yes']);
    await crash.faults.struck(fault);
    child.kill('SIGKILL');
    await ended;
    const again = shop.cli.start(['apply', '--wait', '--yes']);
    await replaceFallen(fault);
    expect(await again.ended).toMatchObject({ code: 0 });
    expect(Object.values(await shop.histories()).map((rows) => rows?.length)).toEqual([2, 1, 1, 1]);
    expect(await shop.apply()).toMatchObject({ code: 0, err: expect.stringContaining('Nothing to do') });
  });
});
