import { randomBytes } from 'node:crypto';
import { kill } from 'node:process';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { adoptAsCopy, adoptPlace, deployControlSchema } from '@eden/database';
import { loadWorkerConfig } from '@eden/config';
import type { PostgresServer } from '@eden/testkit';
import { eventually, freePort, redisDatabase, testSandbox, withClient } from '@eden/testkit';
import { startTestGateway } from '../../services/gateway/src/testing/test-gateway.js';
import { createContext } from '../../services/worker/src/context.js';
import { startWorker } from '../../services/worker/src/worker.js';
import { CounterWorld } from './counter-world.js';
import type { CrashCluster } from './crash-cluster.js';
import { LEASE_MS, startCrashCluster } from './crash-cluster.js';
import type { Fault } from './faults.js';

const ENCRYPTION_KEY = randomBytes(32).toString('base64');

/** Where the original's worker stands still while its control database is copied. */
const MOMENTS: readonly (readonly [string, Fault])[] = [
  ['between the PREPAREs and T2', { point: 'before-decide', kind: 'SIGSTOP' }],
  ['between T2 and COMMIT PREPARED', { point: 'after-decide', kind: 'SIGSTOP' }],
];

/** A base backup of a control database, with a worker and a gateway of its own. */
interface Copy {
  readonly server: PostgresServer;
  readonly worker: string;
  readonly gateway: string;
  stop(): Promise<void>;
}

async function startCopy(original: PostgresServer, name: string): Promise<Copy> {
  const server = await original.clone(name);
  const metricsPort = String(await freePort());
  const env = {
    DATABASE_URL: server.url(),
    REDIS_URL: await redisDatabase(),
    ENCRYPTION_KEY,
    LOCK_TTL_MS: String(LEASE_MS),
    ENDPOINT_ALLOW_LOOPBACK: 'true',
    LOG_LEVEL: 'silent',
    HOST: '127.0.0.1',
  };
  const worker = await startWorker(createContext(loadWorkerConfig({ ...env, METRICS_PORT: metricsPort })));
  const gateway = await startTestGateway(env);
  return {
    server,
    worker: `http://127.0.0.1:${metricsPort}`,
    gateway: gateway.url,
    stop: async () => {
      await Promise.all([worker.stop(), gateway.stop()]);
      await server.stop();
    },
  };
}

async function readiness(url: string): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${url}/readyz`);
  return { status: response.status, body: await response.json() };
}

// Protocol: I30
describe('a base backup of the control database', () => {
  let original: PostgresServer;
  let crash: CrashCluster;
  let world: CounterWorld;
  let copy: Copy | undefined;
  let counter = 0;

  beforeAll(async () => {
    original = await (await testSandbox()).startPostgres({ name: 'original', durable: false });
    await deployControlSchema(original.url());
    const env = { DATABASE_URL: original.url(), ENCRYPTION_KEY };
    crash = await startCrashCluster({ workers: 1, env });
    world = await CounterWorld.create(crash.cluster, 2);
  });

  afterAll(async () => {
    await copy?.stop();
    await crash.cluster.stop();
  });

  /** The original's worker stands still in the middle of a run, and a copy of its control database is at work. */
  async function copyDuring(fault: Fault, migration: string): Promise<{ run: string; pid: number; copy: Copy }> {
    await world.prepareMigration(migration);
    await crash.faults.arm(fault);
    const run = await world.startMigration(migration);
    const { pid } = await crash.faults.struck(fault);
    copy = await startCopy(original, migration.replaceAll('_', '-'));
    return { run, pid, copy };
  }

  async function runOf({ server }: Copy, uuid: string): Promise<Record<string, unknown> | undefined> {
    const sql = `SELECT state, epoch, attempt, owner, event_count, now() - heartbeat_at > interval '${2 * LEASE_MS} ms' AS is_stale
                   FROM runs WHERE uuid = '${uuid}'`;
    return withClient(server.url(), async (client) => (await client.query(sql)).rows[0]);
  }

  /** The original goes on as if nothing had been. */
  async function expectOnce(run: string, pid: number, migration: string): Promise<void> {
    kill(pid, 'SIGCONT');
    expect((await world.endOf(run)).state).toBe('succeeded');
    await world.expectQuiet((counter += 1), migration);
    await copy?.stop();
    copy = undefined;
  }

  it.each(MOMENTS)('%s: its processes say why they do nothing, and the original finishes', async (_, fault) => {
    const migration = `unknown_${fault.point.replace('-', '_')}`;
    const { run, pid, copy: ours } = await copyDuring(fault, migration);
    const before = await runOf(ours, run);
    const why = { status: 'not ready', unknown_place: true, suggestion: expect.stringContaining('db:adopt') };
    expect(await readiness(ours.worker)).toEqual({ status: 503, body: expect.objectContaining(why) });
    const checks = expect.objectContaining({ control_database: 'at an unknown place' });
    expect(await readiness(ours.gateway)).toEqual({ status: 503, body: expect.objectContaining({ ...why, checks }) });
    await eventually(async () => expect(await runOf(ours, run)).toEqual({ ...before, is_stale: true }));
    expect(await world.preparedIds()).toHaveLength(2);
    await expectOnce(run, pid, migration);
  });

  it.each(MOMENTS)('%s: adopted as a copy it marks the run in doubt and leaves the targets alone', async (_, fault) => {
    const migration = `adopted_${fault.point.replace('-', '_')}`;
    const { run, pid, copy: ours } = await copyDuring(fault, migration);
    expect(await adoptAsCopy({ url: ours.server.url() })).toEqual({ cancelledRuns: 0, runsInDoubt: 1 });
    await eventually(async () => expect(await runOf(ours, run)).toMatchObject({ state: 'in_doubt' }));
    expect((await readiness(ours.worker)).status).toBe(200);
    expect((await readiness(ours.gateway)).status).toBe(200);
    expect(await world.preparedIds()).toHaveLength(2);
    await expectOnce(run, pid, migration);
  });

  it('adopted as a second address of the original it is the original, wherever that leads', async () => {
    copy = await startCopy(original, 'moved');
    await adoptPlace({ url: copy.server.url() });
    const { worker, gateway } = copy;
    await eventually(async () => expect((await readiness(worker)).status).toBe(200));
    expect((await readiness(gateway)).status).toBe(200);
  });
});
