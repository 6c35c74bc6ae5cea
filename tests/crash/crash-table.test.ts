import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { TestDatabase } from '@eden/testkit';
import { eventually, startUnpreparedServer, testServers, withClient } from '@eden/testkit';
import { rowsOf } from '../customers/customer-world.js';
import type { RunView } from './counter-world.js';
import { CounterWorld } from './counter-world.js';
import type { CrashCluster } from './crash-cluster.js';
import { startCrashCluster, workerOf } from './crash-cluster.js';
import type { Fault } from './faults.js';

/**
 * The crash table of docs/protocol.md, row by row: what is durable when the worker is dead and no other one is
 * there, and what any worker does then.
 */
describe('crash after', () => {
  let crash: CrashCluster;
  let world: CounterWorld;
  let migrations = 0;
  let counter = 0;

  beforeAll(async () => {
    crash = await startCrashCluster({ workers: 0 });
    world = await CounterWorld.create(crash.cluster, 2);
  });

  afterEach(async () => {
    for (const proxy of world.proxies) proxy.resume();
    await Promise.all(crash.cluster.workers.map((worker) => worker.kill()));
  });

  interface Dead {
    readonly migration: string;
    readonly run: string;
  }

  /** A worker takes a migration up to the fault and is no more; nobody else is there. */
  async function die(fault: Omit<Fault, 'kind'>, { fails = false, of = world } = {}): Promise<Dead> {
    await crash.cluster.addWorker();
    const migration = `row_${(migrations += 1)}`;
    await of.prepareMigration(migration, fails ? { limit: 0 } : {});
    await crash.faults.arm({ ...fault, kind: 'SIGKILL' });
    const run = await of.startMigration(migration);
    await wait({ ...fault, kind: 'SIGKILL' });
    return { migration, run };
  }

  async function wait(fault: Fault): Promise<void> {
    const { pid } = await crash.faults.struck(fault);
    await workerOf(crash.cluster, pid).process.waitForExit();
  }

  async function recovered({ migration, run }: Dead): Promise<RunView> {
    await crash.cluster.addWorker();
    const ended = await world.endOf(run);
    await world.expectQuiet((counter += ended.state === 'succeeded' ? 1 : 0), migration);
    return ended;
  }

  async function eventTypes(run: string): Promise<string[]> {
    return (await world.events(run)).map(({ type }) => type);
  }

  // Protocol: C1
  it('T1 (preparing, nothing prepared): any worker aborts, queues again', async () => {
    const dead = await die({ point: 'after-start' });
    expect(await world.run(dead.run)).toMatchObject({ state: 'running', attempt: 1 });
    expect(await world.preparedIds()).toEqual([]);
    expect(await recovered(dead)).toMatchObject({ state: 'succeeded', attempt: 2 });
    expect(await eventTypes(dead.run)).toEqual(expect.arrayContaining(['recovered', 'aborting', 'requeued']));
  });

  // Protocol: C3
  it('all PREPAREs (preparing, ids in pg_prepared_xacts): any worker aborts, ROLLBACK PREPARED each, queues again', async () => {
    const dead = await die({ point: 'before-decide' });
    expect(await world.run(dead.run)).toMatchObject({ state: 'running', attempt: 1 });
    const prepared = await world.preparedIds();
    expect(prepared).toEqual([expect.stringContaining(dead.run), expect.stringContaining(dead.run)]);
    expect(await recovered(dead)).toMatchObject({ state: 'succeeded', attempt: 2 });
    expect(await eventTypes(dead.run)).toEqual(expect.arrayContaining(['recovered', 'aborting', 'requeued']));
  });

  // Protocol: C2
  it('some PREPAREs (preparing, ids in pg_prepared_xacts): any worker aborts, ROLLBACK PREPARED each, queues again', async () => {
    const { release, dead } = await dieWithoutAnswerOf(1, 'before-prepare', { point: 'after-prepare', participant: 0 });
    expect(await world.preparedIds()).toEqual([expect.stringMatching(`${dead.run}_[0-9]+_0_[0-9a-f]{16}$`)]);
    release();
    expect(await recovered(dead)).toMatchObject({ state: 'succeeded', attempt: 2 });
  });

  describe('deciding, last resource', () => {
    let ofLast: CounterWorld;
    let expected = 0;

    beforeAll(async () => {
      ofLast = await CounterWorld.create(crash.cluster, 2, [testServers().targets[0], await startUnpreparedServer()]);
    });

    async function asked({ migration, run }: Dead): Promise<RunView> {
      const ended = await ofLast.endOf(run);
      await ofLast.expectQuiet((expected += 1), migration);
      return ended;
    }

    // Protocol: C4
    it.each([
      ['open', { point: 'after-deciding' as const, row: 0, attempt: 2 }],
      ['committed', { point: 'after-last-resource' as const, row: 1, attempt: 1 }],
    ])('%s (deciding): any worker asks its ledger', async (_, { point, row, attempt }) => {
      const dead = await die({ point }, { of: ofLast });
      expect(await ofLast.run(dead.run)).toMatchObject({ state: 'prepared', attempt: 1 });
      expect(await ofLast.preparedIds()).toHaveLength(1);
      expect(await ledgerOfLast(dead)).toHaveLength(row);
      await crash.cluster.addWorker();
      expect(await asked(dead)).toMatchObject({ state: 'succeeded', attempt });
    });

    // Protocol: C5
    it('unreachable (deciding): any worker waits, and asks its ledger when it is back', async () => {
      const dead = await die({ point: 'after-last-resource' }, { of: ofLast });
      const proxy = ofLast.proxies[ofLast.databases.findIndex(({ server }) => server.name === 'unprepared')];
      proxy?.pause();
      proxy?.cut();
      await crash.cluster.addWorker();
      await eventually(async () =>
        expect((await ofLast.events(dead.run)).map(({ type }) => type)).toContain('recovered'),
      );
      expect(await ofLast.preparedIds()).toHaveLength(1);
      expect(await ofLast.run(dead.run)).toMatchObject({ state: 'prepared', attempt: 1 });
      proxy?.resume();
      expect(await asked(dead)).toMatchObject({ state: 'succeeded', attempt: 1 });
    });

    function ledgerOfLast({ run }: Dead): Promise<readonly object[]> {
      const database = ofLast.databases.find(({ server }) => server.name === 'unprepared') as TestDatabase;
      return rowsOf(database, `SELECT number FROM _eden.ledger WHERE run_uuid = '${run}'`);
    }
  });

  // Protocol: C6
  it('T2 (committing): any worker does COMMIT PREPARED each, T3', async () => {
    const dead = await die({ point: 'after-decide' });
    expect(await world.run(dead.run)).toMatchObject({ state: 'committing', attempt: 1 });
    expect(await world.preparedIds()).toHaveLength(2);
    expect(await recovered(dead)).toMatchObject({ state: 'succeeded', attempt: 1 });
  });

  // Protocol: C7
  it('some COMMIT PREPARED (committing): ledger says which; any worker commits the rest', async () => {
    const { release, dead } = await dieWithoutAnswerOf(1, 'after-decide', {
      point: 'after-commit-prepared',
      participant: 0,
    });
    expect(await world.run(dead.run)).toMatchObject({ state: 'committing', attempt: 1 });
    expect(await world.preparedIds()).toEqual([expect.stringMatching(`${dead.run}_[0-9]+_1_[0-9a-f]{16}$`)]);
    const ledger = `SELECT number FROM _eden.ledger WHERE run_uuid = '${dead.run}'`;
    expect(await rowsOf(databaseOf(0), ledger)).toEqual([{ number: 0 }]);
    release();
    expect(await recovered(dead)).toMatchObject({ state: 'succeeded', attempt: 1 });
    // It stays until retention, for a control database that has forgotten the commit.
    expect(await rowsOf(databaseOf(0), ledger)).toEqual([{ number: 0 }]);
  });

  /**
   * The worker dies when one participant is through and the other one's command never left the network: it is stopped
   * at `holdAt` for as long as it takes to close the way.
   */
  async function dieWithoutAnswerOf(
    away: number,
    holdAt: 'before-prepare' | 'after-decide',
    fault: Omit<Fault, 'kind'>,
  ): Promise<{ readonly dead: Dead; readonly release: () => void }> {
    const { pid } = await crash.cluster.addWorker();
    const worker = workerOf(crash.cluster, pid);
    const proxy = world.proxies[away];
    const hold: Fault = { point: holdAt, kind: 'SIGSTOP', ...(holdAt === 'before-prepare' ? { participant: 0 } : {}) };
    const migration = `row_${(migrations += 1)}`;
    await world.prepareMigration(migration);
    await crash.faults.arm(hold);
    await crash.faults.arm({ ...fault, kind: 'SIGKILL' });
    const run = await world.startMigration(migration);
    await crash.faults.struck(hold);
    proxy?.pause();
    worker.thaw();
    await wait({ ...fault, kind: 'SIGKILL' });
    const release = (): void => {
      // What the dead one still had on the way is lost with its connections.
      proxy?.cut();
      proxy?.resume();
    };
    return { dead: { migration, run }, release };
  }

  function databaseOf(participant: number): CounterWorld['databases'][number] {
    const database = world.databases[participant];
    if (database === undefined) throw new Error('no such participant');
    return database;
  }

  // Protocol: C8
  it.each([
    ['committing', { point: 'after-decide' as const }],
    ['aborting', { point: 'after-begin-abort' as const }],
  ])(
    'a target down meanwhile (%s): any worker keeps trying; new runs of that migration are refused; the others go on',
    async (state, fault) => {
      const elsewhere = await CounterWorld.create(crash.cluster, 2);
      const dead = await die(fault, { fails: state === 'aborting' });
      world.proxies[1]?.pause();
      world.proxies[1]?.cut();
      const other = await die({ point: 'before-decide' }, { of: elsewhere });
      await crash.cluster.addWorker();
      expect(await elsewhere.endOf(other.run)).toMatchObject({ state: 'succeeded', attempt: 2 });
      expect((await world.client.post(`/migrations/${dead.migration}/sync`)).status).toBe(409);
      expect(await world.run(dead.run)).toMatchObject({ state });
      world.proxies[1]?.resume();
      const ended = state === 'committing' ? 'succeeded' : 'failed';
      expect(await world.endOf(dead.run)).toMatchObject({ state: ended, attempt: 1 });
      await world.expectQuiet((counter += state === 'committing' ? 1 : 0), dead.migration);
      if (state === 'aborting') await world.release(dead.migration);
    },
  );

  // Protocol: C9
  it('an id of our installation with no run, or an aborted one: any worker does ROLLBACK PREPARED', async () => {
    const failed = await die({ point: 'before-finish-abort' }, { fails: true });
    const { epoch } = await recovered(failed);
    await world.release(failed.migration);
    const [installation] = await withClient(crash.cluster.databaseUrl, (client) =>
      client.query<{ id: string }>('SELECT id FROM installations').then(({ rows }) => rows.map(({ id }) => id)),
    );
    const strangers = `eden_another_${failed.run}_${epoch}_0`;
    for (const gid of [
      `eden_${installation}_00000000-0000-4000-8000-000000000000_1_0`,
      `eden_${installation}_${failed.run}_${epoch}_7`,
      strangers,
    ]) {
      await rowsOf(databaseOf(0), `BEGIN; INSERT INTO counter VALUES (100); PREPARE TRANSACTION '${gid}'`);
    }
    await eventually(async () => expect(await world.preparedIds()).toEqual([strangers]));
    await rowsOf(databaseOf(0), `ROLLBACK PREPARED '${strangers}'`);
  });

  // Its own look at the run or at the definitions may stop it first; tests/runs/zombies.test.ts leaves only the fences.
  // Protocol: C10
  it.each([
    ['the target', 'after-begin' as const],
    ['T2', 'before-decide' as const],
  ])('which a zombie wakes up (epoch moved on): fenced at %s', async (_, point) => {
    const zombie = await crash.cluster.addWorker();
    const fault: Fault = { point, kind: 'SIGSTOP' };
    const migration = `row_${(migrations += 1)}`;
    await world.prepareMigration(migration);
    await crash.faults.arm(fault);
    const run = await world.startMigration(migration);
    await crash.faults.struck(fault);
    await crash.cluster.addWorker();
    const ended = await world.endOf(run);
    expect(ended).toMatchObject({ state: 'succeeded', attempt: 2 });
    zombie.thaw();
    const letGo = expect.objectContaining({ msg: 'run was taken over', run });
    await eventually(async () => expect(await zombie.logs()).toContainEqual(letGo));
    expect(await world.run(run)).toEqual(ended);
    await world.expectQuiet((counter += 1), migration);
  });
});
