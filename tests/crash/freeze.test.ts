import { beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@eden/testkit';
import { ATOMIC_POINTS, CrashSite, faultsAt, linesOfLetGo, nameOf } from './scenario.js';

const FAULTS = ATOMIC_POINTS.filter((point) => !point.includes('abort')).flatMap((point) => faultsAt(point, 'SIGSTOP'));

// Protocol: I4, I5, I15
describe('a worker that is frozen for longer than its lease', () => {
  let site: CrashSite;

  beforeAll(async () => {
    site = await CrashSite.create();
  });

  it.each(FAULTS.map((fault) => [nameOf(fault), fault] as const))(
    'at %s: another worker ends the run, and the zombie that wakes up is fenced',
    async (_, fault) => {
      const { run, fallen: zombie } = await site.meet(fault);
      expect(run.state).toBe('succeeded');
      await eventually(async () => expect(await linesOfLetGo(zombie, run.uuid)).not.toEqual([]));
      expect(await site.world.run(run.uuid)).toEqual(run);
    },
  );

  it('at after-begin-abort: another worker ends the run with its own error', async () => {
    const { run, migration } = await site.meet({ point: 'after-begin-abort', kind: 'SIGSTOP' }, { fails: true });
    expect(run).toMatchObject({ state: 'failed', error: { code: 'MIGRATION_EXECUTION_FAILED' } });
    await site.world.release(migration);
  });
});
