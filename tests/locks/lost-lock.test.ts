import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CoordinatorDeps } from '@eden/coordinator';
import { createApi, createTemplate, executeApi, updateTemplate } from '@eden/coordinator';
import type { ControlStore, TemplateBody } from '@eden/domain';
import { createRedisLocks, type RedisLocks } from '@eden/locking';
import type { ServiceProcess, RedisServer } from '@eden/testkit';
import { eventually, startRedisMasters, testServers } from '@eden/testkit';
import type { CrashCluster } from '../crash/crash-cluster.js';
import { startCrashCluster, workerOf } from '../crash/crash-cluster.js';
import type { Fault } from '../crash/faults.js';
import { CustomerWorld } from '../customers/customer-world.js';
import { createWorld, type World } from '../executions/world.js';

/*
 * The lock masters forget everything between a writer's last look at its lock and its commit. Others read what it is
 * about to change, and would keep it for as long as they use it, were it not for the writer that looks again.
 */

describe('a change whose lock was lost just before its commit', () => {
  let world: World;
  const locks: RedisLocks[] = [];

  beforeAll(async () => {
    world = await createWorld();
  });

  afterAll(async () => {
    await Promise.all(locks.map((each) => each.close()));
    await world.close();
  });

  /** A process of its own. Nothing here ends because a lease is over. */
  function process(name: string): CoordinatorDeps {
    const own = createRedisLocks({ urls: [world.lockMaster.url], ttlMs: 60_000, process: name });
    locks.push(own);
    return { ...world.deps, locks: own };
  }

  /** The same with something that happens when the transaction is about to begin. */
  function beforeTransaction(deps: CoordinatorDeps, act: () => Promise<unknown>): CoordinatorDeps {
    const store: ControlStore = Object.create(deps.store, {
      organization: {
        value: (uuid: Parameters<ControlStore['organization']>[0]) => {
          const organization = deps.store.organization(uuid);
          const transact: typeof organization.transact = async (work) => {
            await act();
            return organization.transact(work);
          };
          return { ...organization, transact };
        },
      },
    });
    return { ...deps, store };
  }

  const body = (version: number): TemplateBody => ({ query: `SELECT ${version} AS version` });

  /** A template and an API of that id, and how a process executes it. */
  async function versionedApi(id: string, writer: CoordinatorDeps, reader: CoordinatorDeps) {
    const template = await createTemplate(writer, world.admin, {
      id,
      description: null,
      endpoint: 'first',
      kind: 'Read',
      body: body(1),
      settings: {},
    });
    const bindings = [{ template: template.uuid, fields: {} }];
    await createApi(writer, world.admin, { id, description: null, fields: [], bindings });
    return { template, execute: () => executeApi(reader, world.admin, id, {}) };
  }

  // Protocol: I3
  it('ends the leases under which others have read the state before', async () => {
    const [writer, reader] = [process('writer'), process('reader')];
    const { template, execute } = await versionedApi('versions', writer, reader);
    const losing = beforeTransaction(writer, async () => {
      await world.lockMaster.restartEmpty();
      await eventually(async () => expect(Object.values(await execute())).toMatchObject([{ rows: [{ version: 1 }] }]));
    });
    await updateTemplate(losing, world.admin, template.id, { body: body(2) });
    expect(Object.values(await execute())).toMatchObject([{ rows: [{ version: 2 }] }]);
  });

  it('is not refused when somebody who came in meanwhile stays: what is committed is done', async () => {
    const [patient, reader] = [process('patient'), process('guest')];
    const writer = { ...patient, settings: { ...patient.settings, lockTimeoutMs: 2_000 } };
    const { template, execute } = await versionedApi('visited', writer, reader);
    const losing = beforeTransaction(writer, async () => {
      await world.lockMaster.restartEmpty();
      const owner = { purpose: 'execution' };
      const enter = () => reader.locks.read([{ kind: 'template', uuid: template.uuid }], { owner, timeoutMs: 0 });
      await eventually(async () => expect((await enter()).signal.aborted).toBe(false));
      await eventually(async () => expect(Object.values(await execute())).toMatchObject([{ rows: [{ version: 1 }] }]));
    });
    await updateTemplate(losing, world.admin, template.id, { body: body(2) });
    await eventually(async () => expect(Object.values(await execute())).toMatchObject([{ rows: [{ version: 2 }] }]));
  });
});

describe('a run whose lock was lost just before its commit point', () => {
  let crash: CrashCluster;
  let world: CustomerWorld;
  let master: RedisServer;

  beforeAll(async () => {
    [master] = (await startRedisMasters(1)) as [RedisServer];
    crash = await startCrashCluster({ env: { LOCK_TTL_MS: '6000', LOCK_REDIS_URLS: master.url } });
    world = await CustomerWorld.create(crash.cluster);
    await world.addDatabase(testServers().targets[0], 'db');
    await world.addTemplate('touch', 'db', 'UPDATE customers SET name = name WHERE id = 1');
  });

  afterAll(() => crash.cluster.stop());

  /** An API that reads no database has no gate. The migration asks for a field that it did not need before. */
  async function startMigration(id: string): Promise<string> {
    await world.addApi(id);
    await world.accept('/migrations', { id });
    const next = { fields: [{ name: 'customer', type: 'String', required: true }] };
    await world.accept(`/migrations/${id}/add_api`, { id, bindings: [{ template: 'touch', fields: {} }], next });
    await world.accept(`/migrations/${id}/sync`);
    const answer = await world.client.post(`/migrations/${id}/migrate`, {}, { prefer: 'respond-async' });
    expect(answer.status).toBe(202);
    return answer.headers.get('location') as string;
  }

  async function statusOf(api: string): Promise<number> {
    return (await world.client.post(`/apis/${api}`)).status;
  }

  /** Stops the worker that has looked at its lock for the last time, and lets the gateway read the API after that. */
  async function loseTheLock(api: string): Promise<ServiceProcess> {
    const worker = workerOf(crash.cluster, (await crash.faults.struck(BEFORE_T2)).pid);
    await master.restartEmpty();
    await eventually(async () => expect(await statusOf(api)).toBe(200));
    return worker;
  }

  /** The gateway keeps using its lease until the run is through. */
  async function untilSucceeded(run: string, api: string): Promise<void> {
    const path = run.replace('/api/v1', '');
    const isThrough = async () => {
      await statusOf(api);
      const { body } = await world.client.get<{ data: { state: string } }>(path);
      expect(body.data.state).toBe('succeeded');
    };
    await eventually(isThrough, { intervalMs: 100 });
  }

  const BEFORE_T2: Fault = { point: 'before-decide', kind: 'SIGSTOP' };
  const AFTER_T2: Fault = { point: 'after-decide', kind: 'SIGKILL' };

  // Protocol: I3
  it('ends the leases under which others have read the API before', async () => {
    await crash.faults.arm(BEFORE_T2);
    const run = await startMigration('lost');
    (await loseTheLock('lost')).thaw();
    await untilSucceeded(run, 'lost');
    expect(await statusOf('lost')).toBe(400);
  });

  it('does so also when its worker dies right after the commit point, and another one finishes it', async () => {
    await crash.faults.arm(BEFORE_T2);
    await crash.faults.arm(AFTER_T2);
    const run = await startMigration('orphaned');
    (await loseTheLock('orphaned')).thaw();
    await untilSucceeded(run, 'orphaned');
    expect(await statusOf('orphaned')).toBe(400);
  });
});
