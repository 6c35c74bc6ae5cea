import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Cluster, ServiceProcess } from '@eden/testkit';
import { eventually, startCluster } from '@eden/testkit';
import { JournalWorld } from './journal-world.js';

/** Contract section 1. */
const HAND_OVER_MS = 25_000;

describe('a worker that is told to stop', () => {
  let cluster: Cluster;
  let world: JournalWorld;

  beforeAll(async () => {
    cluster = await startCluster({ workers: 1 });
    world = await JournalWorld.create(cluster);
  });

  it('finishes a run that needs little more', async () => {
    await world.prepare(['short']);
    await world.pauses.begin('short');
    await world.migrate('short');
    await world.pauses.isReached();
    const worker = cluster.workers[0] as ServiceProcess;
    await cluster.addWorker();
    const stopped = worker.stop(HAND_OVER_MS);
    await eventually(async () =>
      expect(await worker.logs()).toContainEqual(expect.objectContaining({ msg: 'worker stopping' })),
    );
    await world.pauses.end('short');
    await stopped;
    expect(await world.runs('short')).toMatchObject([{ state: 'succeeded', attempt: 1 }]);
  });

  it('hands a long one over cleanly within 25 s', async () => {
    await world.prepare(['long']);
    await world.pauses.begin('long');
    await world.migrate('long');
    await world.pauses.isReached();
    const worker = cluster.workers.at(-1);
    await cluster.addWorker();
    await worker?.stop(HAND_OVER_MS);
    await world.pauses.end('long');
    await world.expectOnce(['long']);
    expect(await world.runs('long')).toMatchObject([{ attempt: 2 }]);
  });
});
