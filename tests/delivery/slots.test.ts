import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Cluster } from '@eden/testkit';
import { eventually, startCluster } from '@eden/testkit';
import { rowsOf } from '../customers/customer-world.js';
import { JournalWorld } from './journal-world.js';

/** As many as a worker has slots. */
const STUCK = Array.from({ length: 8 }, (_, n) => `stuck_${n}`);

/** Half of that. */
const MOST = 4;

describe('runs of one organization that do not come to an end', () => {
  let cluster: Cluster;
  let busy: JournalWorld;
  let other: JournalWorld;

  beforeAll(async () => {
    cluster = await startCluster();
    busy = await JournalWorld.create(cluster);
    other = await JournalWorld.create(cluster);
  });

  function atWork(): Promise<unknown[]> {
    return rowsOf(
      busy.database,
      "SELECT FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'SELECT pause(%' AND state = 'active'",
    );
  }

  it('hold up those of no other one, and have their turn', async () => {
    await busy.prepare(STUCK);
    await other.prepare(['free']);
    for (const name of STUCK) await busy.pauses.begin(name);
    for (const name of STUCK) expect((await busy.migrate(name)).status).toBe(202);
    await eventually(async () => expect(await atWork()).toHaveLength(MOST));
    await other.migrate('free');
    await other.expectOnce(['free']);
    expect(await atWork()).toHaveLength(MOST);
    for (const name of STUCK) await busy.pauses.end(name);
    await busy.expectOnce(STUCK);
  });
});
