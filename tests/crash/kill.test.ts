import { beforeAll, describe, expect, it } from '@jest/globals';
import { CRASH_POINTS } from '@eden/domain';
import type { CrashPoint } from '@eden/domain';
import { eventually } from '@eden/testkit';
import { CrashSite, faultsAt, nameOf } from './scenario.js';

const OF_ABORTS: readonly CrashPoint[] = ['after-begin-abort', 'before-finish-abort'];
const BEFORE_T2: readonly CrashPoint[] = [
  'after-start',
  'after-begin',
  'after-bindings',
  'before-prepare',
  'after-prepare',
  'before-decide',
];
/** Those of a last resource: last-resource.test.ts. */
const FROM_T2_ON = CRASH_POINTS.slice(CRASH_POINTS.indexOf('after-decide')).filter(
  (point) => !OF_ABORTS.includes(point),
);

function kills(points: readonly CrashPoint[]) {
  return points.flatMap((point) => faultsAt(point, 'SIGKILL')).map((fault) => [nameOf(fault), fault] as const);
}

// Protocol: I11, I12, I15
describe('kill -9 of the worker', () => {
  let site: CrashSite;

  beforeAll(async () => {
    site = await CrashSite.create();
  });

  it.each(kills(['after-claim']))('at %s: another worker takes the run up', async (_, fault) => {
    expect((await site.meet(fault)).run.state).toBe('succeeded');
  });

  it.each(kills(BEFORE_T2))('at %s: another worker undoes the run and tries again', async (_, fault) => {
    const { run } = await site.meet(fault);
    expect(run.state).toBe('succeeded');
    expect(run.attempt).toBeGreaterThan(1);
  });

  it.each(kills(FROM_T2_ON))('at %s: another worker finishes the run', async (_, fault) => {
    expect((await site.meet(fault)).run).toMatchObject({ state: 'succeeded', attempt: 1 });
  });

  it.each(kills(OF_ABORTS))('at %s: another worker ends the run with its own error', async (_, fault) => {
    const { run, migration } = await site.meet(fault, { fails: true });
    expect(run).toMatchObject({ state: 'failed', error: { code: 'MIGRATION_EXECUTION_FAILED' } });
    const errors = (run.error as unknown as { errors: readonly object[] }).errors;
    expect(errors).toMatchObject([{ code: 'EXPECTATION_FAILED' }]);
    await site.world.release(migration);
  });

  it.each(kills(OF_ABORTS))('and of the one that recovers, at %s: a third one ends it', async (_, fault) => {
    const { faults, cluster } = site.crash;
    const { run } = await site.meet({ point: 'after-bindings', kind: 'SIGKILL' }, { then: fault });
    expect(run.state).toBe('succeeded');
    expect(run.attempt).toBeGreaterThan(1);
    const { pid } = await faults.struck(fault);
    await eventually(() => expect(cluster.workers.find((worker) => worker.pid === pid)?.process.running).toBe(false));
    await cluster.addWorker();
  });
});
