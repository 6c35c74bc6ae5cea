import { expect, it } from '@jest/globals';
import { startCrashCluster } from '../crash/crash-cluster.js';
import { JournalWorld } from './journal-world.js';

// Protocol: I17
it('a relay that is killed between sending a job and noting it down loses and doubles nothing', async () => {
  const { cluster, faults } = await startCrashCluster();
  const world = await JournalWorld.create(cluster);
  const names = ['first', 'second'];
  await world.prepare(names);
  const fault = { point: 'after-send', kind: 'SIGKILL' } as const;
  await faults.arm(fault);
  for (const name of names) expect((await world.migrate(name)).status).toBe(202);
  const { pid } = await faults.struck(fault);
  expect(cluster.workers.map((worker) => worker.pid)).toContain(pid);
  await world.expectOnce(names);
});
