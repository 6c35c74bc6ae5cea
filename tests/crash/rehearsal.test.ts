import { beforeAll, describe, expect, it } from '@jest/globals';
import type { CrashPoint } from '@eden/domain';
import { rowsOf } from '../customers/customer-world.js';
import type { RunView } from './counter-world.js';
import { CounterWorld } from './counter-world.js';
import type { CrashCluster } from './crash-cluster.js';
import { startCrashCluster, workerOf } from './crash-cluster.js';
import type { Fault } from './faults.js';
import { faultsAt, nameOf, PARTICIPANTS } from './scenario.js';

/** Every point that a rehearsal passes by. */
const POINTS: readonly CrashPoint[] = [
  'after-claim',
  'after-start',
  'after-begin',
  'after-bindings',
  'before-prepare',
  'after-prepare',
];
/** Met by whoever takes the rehearsal over. */
const OF_ABORTS: readonly CrashPoint[] = ['after-begin-abort', 'before-finish-abort'];

// Protocol: I36
describe('kill -9 of the worker in a rehearsal', () => {
  let crash: CrashCluster;
  let world: CounterWorld;
  let migrations = 0;
  let counter = 0;

  beforeAll(async () => {
    crash = await startCrashCluster();
    world = await CounterWorld.create(crash.cluster, PARTICIPANTS);
  });

  async function rehearse(migration: string): Promise<string> {
    const path = `/migrations/${migration}/sync`;
    const { headers } = await world.client.post(path, { rehearse: true }, { prefer: 'respond-async' });
    return (headers.get('location') as string).split('/').at(-1) as string;
  }

  /** The worker that meets it is dead, and another one is there. */
  async function fall(fault: Fault): Promise<void> {
    const { pid } = await crash.faults.struck(fault);
    await workerOf(crash.cluster, pid).process.waitForExit();
    await crash.cluster.addWorker();
  }

  /** Nothing of the run was ever committed: that would have left a row in the ledger. */
  async function expectOnlyRolledBack(run: string): Promise<void> {
    for (const database of world.databases) {
      expect(await rowsOf(database, `SELECT FROM _eden.ledger WHERE run_uuid = '${run}'`)).toEqual([]);
    }
    expect((await world.events(run)).map(({ type }) => type)).not.toContain('commit_decided');
  }

  async function rehearsed(run: string, migration: string): Promise<RunView> {
    const ended = await world.endOf(run);
    await world.expectQuiet(counter, migration);
    await expectOnlyRolledBack(run);
    return ended;
  }

  async function killed(fault: Fault, then?: Fault): Promise<void> {
    const migration = `rehearsed_${(migrations += 1)}`;
    await world.prepareMigration(migration);
    await crash.faults.arm(fault);
    if (then !== undefined) await crash.faults.arm(then);
    const run = await rehearse(migration);
    await fall(fault);
    if (then !== undefined) await fall(then);
    expect(await rehearsed(run, migration)).toMatchObject({ state: 'succeeded' });
    expect(await rehearsed(await rehearse(migration), migration)).toMatchObject({ state: 'succeeded', attempt: 1 });
    expect(await world.endOf(await world.startMigration(migration))).toMatchObject({ state: 'succeeded' });
    await world.expectQuiet((counter += 1), migration);
  }

  const kills = POINTS.flatMap((point) => faultsAt(point, 'SIGKILL'));

  it.each(kills.map((fault) => [nameOf(fault), fault] as const))(
    'at %s: nothing stays, and the next rehearsal and the migrate go through',
    (_, fault) => killed(fault),
  );

  it.each(OF_ABORTS)('and of the one that takes it back, at %s: a third one does', (point) =>
    killed({ point: 'after-prepare', participant: PARTICIPANTS - 1, kind: 'SIGKILL' }, { point, kind: 'SIGKILL' }),
  );
});
