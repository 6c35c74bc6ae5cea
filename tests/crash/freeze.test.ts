import { beforeAll, describe, expect, it } from '@jest/globals';
import { CRASH_POINTS } from '@eden/domain';
import { eventually } from '@eden/testkit';
import { CrashSite, OF_LAST_RESOURCE, faultsAt, linesOfLetGo, nameOf } from './scenario.js';

const FAULTS = CRASH_POINTS.filter((point) => !point.includes('abort') && !OF_LAST_RESOURCE.includes(point)).flatMap(
  (point) => faultsAt(point, 'SIGSTOP'),
);

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
