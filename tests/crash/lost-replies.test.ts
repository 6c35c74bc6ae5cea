import { beforeAll, describe, expect, it } from '@jest/globals';
import type { ServiceProcess, TcpProxy } from '@eden/testkit';
import { adoptPlace, startTcpProxy, startUnpreparedServer, testServers } from '@eden/testkit';
import { CounterWorld } from './counter-world.js';
import type { RunView } from './counter-world.js';
import type { CrashCluster } from './crash-cluster.js';
import { startCrashCluster } from './crash-cluster.js';
import type { Fault } from './faults.js';

const PARTICIPANTS = [0, 1];

/** The worker reaches everything through proxies: what it asked for happens, and it never hears of it. */
describe('a reply that never arrives', () => {
  let crash: CrashCluster;
  let world: CounterWorld;
  let control: TcpProxy;
  let worker: ServiceProcess;
  let migrations = 0;
  let counter = 0;

  beforeAll(async () => {
    crash = await startCrashCluster({ workers: 0 });
    const url = new URL(crash.cluster.databaseUrl);
    control = await startTcpProxy(Number(url.port));
    url.port = String(control.port);
    await adoptPlace(url.href);
    worker = await crash.cluster.addWorker({ DATABASE_URL: url.href });
    world = await CounterWorld.create(crash.cluster, PARTICIPANTS.length);
  });

  /** Migrates; while the worker stands at `point`, the next COMMIT of the control database is chosen to be lost. */
  async function loseCommitAfter(point: Fault['point'], { fails = false } = {}): Promise<RunView> {
    const hold: Fault = { point, kind: 'SIGSTOP' };
    const migration = `lost_${(migrations += 1)}`;
    await world.prepareMigration(migration, fails ? { limit: 0 } : {});
    await crash.faults.arm(hold);
    const run = await world.startMigration(migration);
    await crash.faults.struck(hold);
    const lost = control.dropReply((reply) => reply.includes('COMMIT\0'));
    worker.thaw();
    await lost;
    return endedAndQuiet(migration, run);
  }

  async function endedAndQuiet(migration: string, run: string): Promise<RunView> {
    const ended = await world.endOf(run);
    await world.expectQuiet((counter += ended.state === 'succeeded' ? 1 : 0), migration);
    if (ended.state === 'failed') await world.release(migration);
    return ended;
  }

  it('of T1: the run is undone when its lease is over, and tried again', async () => {
    expect(await loseCommitAfter('after-claim')).toMatchObject({ state: 'succeeded', attempt: 2 });
  });

  // Protocol: I10
  it('of T2: the run row tells that it was decided', async () => {
    expect(await loseCommitAfter('before-decide')).toMatchObject({ state: 'succeeded', attempt: 1 });
  });

  it('of T3: the run is over', async () => {
    expect(await loseCommitAfter('before-complete')).toMatchObject({ state: 'succeeded', attempt: 1 });
  });

  it('of the end of an abort: the run has failed with its own error', async () => {
    const run = await loseCommitAfter('before-finish-abort', { fails: true });
    expect(run).toMatchObject({ state: 'failed', error: { code: 'MIGRATION_EXECUTION_FAILED' } });
  });

  // Protocol: I13
  it('of the COMMIT of the last resource: its ledger tells that it has happened', async () => {
    const ofLast = await CounterWorld.create(crash.cluster, 2, [
      testServers().targets[0],
      await startUnpreparedServer(),
    ]);
    const last = ofLast.databases.findIndex(({ server }) => server.name === 'unprepared');
    const hold: Fault = { point: 'after-deciding', kind: 'SIGSTOP' };
    await ofLast.prepareMigration('lost_last');
    await crash.faults.arm(hold);
    const run = await ofLast.startMigration('lost_last');
    await crash.faults.struck(hold);
    const lost = ofLast.proxies[last]?.dropReply((reply) => reply.includes('COMMIT\0'));
    worker.thaw();
    await lost;
    expect(await ofLast.endOf(run)).toMatchObject({ state: 'succeeded', attempt: 1 });
    await ofLast.expectQuiet(1, 'lost_last');
  });

  async function loseReplyOf(command: string, participant: number, before?: Fault): Promise<RunView> {
    const migration = `lost_${(migrations += 1)}`;
    await world.prepareMigration(migration);
    const lost = world.proxies[participant]?.dropReply((reply) => reply.includes(`${command}\0`));
    if (before !== undefined) await crash.faults.arm(before);
    const run = await world.startMigration(migration);
    if (before !== undefined) {
      await crash.faults.struck(before);
      worker = await crash.cluster.addWorker();
    }
    await lost;
    return endedAndQuiet(migration, run);
  }

  // Protocol: I12
  it.each(PARTICIPANTS)('of PREPARE TRANSACTION (participant %d): nothing has changed, nothing stays', async (n) => {
    expect(await loseReplyOf('PREPARE TRANSACTION', n)).toMatchObject({ state: 'failed', attempt: 1 });
  });

  // Protocol: I11
  it.each(PARTICIPANTS)('of COMMIT PREPARED (participant %d): the ledger tells that it has happened', async (n) => {
    expect(await loseReplyOf('COMMIT PREPARED', n)).toMatchObject({ state: 'succeeded', attempt: 1 });
  });

  // Protocol: I12
  it.each(PARTICIPANTS)('of ROLLBACK PREPARED (participant %d): the abort goes on', async (n) => {
    const run = await loseReplyOf('ROLLBACK PREPARED', n, { point: 'before-decide', kind: 'SIGKILL' });
    expect(run).toMatchObject({ state: 'succeeded', attempt: 2 });
  });
});
