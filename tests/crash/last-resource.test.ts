import { beforeAll, describe, expect, it } from '@jest/globals';
import type { CrashPoint } from '@eden/domain';
import { eventually, startUnpreparedServer } from '@eden/testkit';
import { CrashSite, linesOfLetGo } from './scenario.js';

const UNDONE: readonly CrashPoint[] = ['before-deciding', 'after-deciding'];
const FINISHED: readonly CrashPoint[] = ['after-last-resource', 'before-decide', 'after-decide'];

// Protocol: I13
describe('with a last resource, a worker', () => {
  let site: CrashSite;

  beforeAll(async () => {
    site = await CrashSite.create({ last: await startUnpreparedServer() });
  });

  it.each(UNDONE)('killed at %s: another one finds the ledger empty, undoes the run and tries again', async (point) => {
    const { run } = await site.meet({ point, kind: 'SIGKILL' });
    expect(run).toMatchObject({ state: 'succeeded', attempt: 2 });
  });

  it.each(FINISHED)('killed at %s: another one finds the ledger row and finishes the run', async (point) => {
    const { run } = await site.meet({ point, kind: 'SIGKILL' });
    expect(run).toMatchObject({ state: 'succeeded', attempt: 1 });
  });

  it.each([...UNDONE, ...FINISHED])(
    'frozen at %s: another one ends the run, and the zombie is fenced',
    async (point) => {
      const { run, fallen: zombie } = await site.meet({ point, kind: 'SIGSTOP' });
      expect(run).toMatchObject({ state: 'succeeded', attempt: UNDONE.includes(point) ? 2 : 1 });
      await eventually(async () => expect(await linesOfLetGo(zombie, run.uuid)).not.toEqual([]));
      expect(await site.world.run(run.uuid)).toEqual(run);
    },
  );
});
