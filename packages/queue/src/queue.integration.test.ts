import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { asUuid, type JobOutcome, type Uuid } from '@eden/domain';
import { eventually, startRedisCluster, startRedisMasters, startTcpProxy, testSandbox } from '@eden/testkit';
import { Redis } from 'ioredis';
import {
  createJobConsumer,
  createJobProducer,
  type JobConsumer,
  type JobConsumerOptions,
  type RunJobProducer,
} from './index.js';

type Server = Awaited<ReturnType<typeof startRedisMasters>>[number];
type Handle = (runUuid: Uuid, signal: AbortSignal) => Promise<JobOutcome>;

const DONE: JobOutcome = { kind: 'done' };
const uuid = () => asUuid(randomUUID());

let server: Server;
const closing: { close(): Promise<void> }[] = [];
let errors: unknown[] = [];

/** What was handled, in order; `next` waits for one more. */
class Handled {
  readonly runs: Uuid[] = [];
  private waiters: { count: number; resolve: () => void }[] = [];

  record(run: Uuid): void {
    this.runs.push(run);
    this.waiters = this.waiters.filter(({ count, resolve }) => this.runs.length < count || resolve());
  }

  async atLeast(count: number): Promise<void> {
    if (this.runs.length >= count) return;
    await new Promise<void>((resolve) => this.waiters.push({ count, resolve }));
  }
}

function producer(redisUrl = server.url): RunJobProducer {
  const created = createJobProducer({ redisUrl });
  closing.push(created);
  return created;
}

function consumer(handle: Handle, options: Partial<JobConsumerOptions> = {}): JobConsumer {
  const created = createJobConsumer({
    redisUrl: server.url,
    concurrency: 4,
    ...options,
    handle,
    onError: (error) => errors.push(error),
  });
  closing.push(created);
  return created;
}

function recording(handled: Handled, outcome: (count: number) => JobOutcome = () => DONE): Handle {
  return (run) => {
    handled.record(run);
    return Promise.resolve(outcome(handled.runs.length));
  };
}

beforeEach(async () => {
  errors = [];
  [server] = (await startRedisMasters(1)) as [Server];
});

afterEach(async () => {
  server.thaw();
  await Promise.all(closing.splice(0).map((each) => each.close()));
  await server.kill();
});

describe('the queue', () => {
  it('hands every run that is sent to the handler', async () => {
    const handled = new Handled();
    consumer(recording(handled));
    const jobs = producer();
    const runs = [uuid(), uuid(), uuid()];
    for (const run of runs) await jobs.send(uuid(), run);
    await handled.atLeast(3);
    expect([...handled.runs].sort()).toEqual([...runs].sort());
  });

  it('runs a message that is sent twice only once', async () => {
    const handled = new Handled();
    const jobs = producer();
    const [message, run, last] = [uuid(), uuid(), uuid()];
    await Promise.all([jobs.send(message, run), jobs.send(message, run)]);
    consumer(recording(handled));
    await handled.atLeast(1);
    await eventually(async () => expect(await jobs.queueDepth()).toMatchObject({ waiting: 0, active: 0 }));
    await jobs.send(message, run);
    await jobs.send(uuid(), last);
    await handled.atLeast(2);
    expect(handled.runs).toEqual([run, last]);
  });

  it('brings a job back that is put off, as often as it takes, without failing it', async () => {
    const handled = new Handled();
    const putOffs = 20;
    consumer(recording(handled, (count) => (count <= putOffs ? { kind: 'later', delayMs: 5 } : DONE)));
    const jobs = producer();
    const run = uuid();
    await jobs.send(uuid(), run);
    await handled.atLeast(putOffs + 1);
    await eventually(async () => {
      expect(await jobs.queueDepth()).toMatchObject({ waiting: 0, active: 0, delayed: 0, failed: 0 });
    });
    expect(errors).toEqual([]);
  });

  it('tries a job again whose handler failed, and reports the error', async () => {
    const handled = new Handled();
    consumer((run) => {
      handled.record(run);
      return handled.runs.length === 1 ? Promise.reject(new Error('control database away')) : Promise.resolve(DONE);
    });
    await producer().send(uuid(), uuid());
    await handled.atLeast(2);
    expect(errors).toEqual([expect.objectContaining({ message: 'control database away' })]);
  });

  it('reports a job that nobody of this version sent, and does not try it again', async () => {
    consumer(recording(new Handled()));
    const jobs = producer();
    await jobs.send(uuid(), 'not a uuid' as Uuid);
    await eventually(async () => expect(await jobs.queueDepth()).toMatchObject({ failed: 1, waiting: 0, delayed: 0 }));
    expect(errors).toEqual([expect.objectContaining({ message: 'job run is not one of ours' })]);
  });

  it('knows which jobs still wait, at once or later, and which are done, at work or unknown', async () => {
    const jobs = producer();
    const [waiting, unknown] = [uuid(), uuid()];
    await jobs.send(waiting, uuid());
    expect(await jobs.waiting([unknown, waiting])).toEqual([waiting]);
    let outcome: JobOutcome = { kind: 'later', delayMs: 60_000 };
    const handled = new Handled();
    let goOn = (): void => undefined;
    consumer(async (run) => {
      handled.record(run);
      if (outcome.kind === 'done') await new Promise<void>((resolve) => (goOn = resolve));
      return outcome;
    });
    await handled.atLeast(1);
    await eventually(async () => expect(await jobs.waiting([waiting])).toEqual([waiting]));
    outcome = DONE;
    const working = uuid();
    await jobs.send(working, uuid());
    await handled.atLeast(2);
    expect(await jobs.waiting([working, waiting])).toEqual([waiting]);
    goOn();
    await eventually(async () => expect((await jobs.queueDepth()).active).toBe(0));
    expect(await jobs.waiting([working])).toEqual([]);
  });

  it('tells its depth and the age of what waits', async () => {
    const jobs = producer();
    expect(await jobs.queueDepth()).toEqual({ waiting: 0, active: 0, delayed: 0, failed: 0, oldestWaitingMs: 0 });
    await jobs.send(uuid(), uuid());
    await jobs.send(uuid(), uuid());
    await eventually(async () => {
      const depth = await jobs.queueDepth();
      expect(depth.waiting).toBe(2);
      expect(depth.oldestWaitingMs).toBeGreaterThan(0);
    });
  });
});

describe('without Redis', () => {
  it('refuses a send within its bound when Redis was never there, and succeeds once it comes up', async () => {
    await server.kill();
    const jobs = producer();
    const startedAt = performance.now();
    await expect(jobs.send(uuid(), uuid())).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    const handled = new Handled();
    const worker = consumer(recording(handled));
    await server.restartEmpty();
    await worker.ready();
    const run = uuid();
    await eventually(() => jobs.send(uuid(), run));
    await handled.atLeast(1);
    expect(handled.runs[0]).toBe(run);
  });

  it('refuses a send when Redis went away later, and sends again after it came back empty', async () => {
    const handled = new Handled();
    consumer(recording(handled));
    const jobs = producer();
    await jobs.send(uuid(), uuid());
    await handled.atLeast(1);
    await server.kill();
    await expect(jobs.send(uuid(), uuid())).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    await server.restartEmpty();
    const run = uuid();
    await eventually(() => jobs.send(uuid(), run));
    await eventually(() => expect(handled.runs).toContain(run));
  });

  it('refuses a send when Redis is frozen, within its bound', async () => {
    const jobs = producer();
    await jobs.send(uuid(), uuid());
    server.freeze();
    await expect(jobs.send(uuid(), uuid())).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  });

  it('goes on fetching after Redis was wiped under it', async () => {
    const handled = new Handled();
    consumer(recording(handled));
    const jobs = producer();
    await jobs.send(uuid(), uuid());
    await handled.atLeast(1);
    const client = new Redis(server.url);
    await client.flushall();
    await client.script('FLUSH');
    await client.quit();
    await jobs.send(uuid(), uuid());
    await handled.atLeast(2);
  });

  it('survives that a job is wiped while it is handled', async () => {
    const handled = new Handled();
    let finish: (() => void) | undefined;
    consumer((run) => {
      handled.record(run);
      if (handled.runs.length > 1) return Promise.resolve(DONE);
      return new Promise((resolve) => (finish = () => resolve({ kind: 'later', delayMs: 5 })));
    });
    const jobs = producer();
    await jobs.send(uuid(), uuid());
    await handled.atLeast(1);
    await server.restartEmpty();
    finish?.();
    const run = uuid();
    await eventually(() => jobs.send(uuid(), run));
    await eventually(() => expect(handled.runs).toContain(run));
  });

  it('closes while Redis is away', async () => {
    const worker = consumer(recording(new Handled()));
    await worker.ready();
    const jobs = producer();
    await jobs.send(uuid(), uuid());
    await server.kill();
    await Promise.all([worker.close(), jobs.close()]);
  });
});

describe('a consumer', () => {
  // Protocol: I17
  it('gets the job of a consumer that fell silent, whose late answer then does no harm', async () => {
    const network = await startTcpProxy(server.port);
    const [first, second] = [new Handled(), new Handled()];
    let answer: (() => void) | undefined;
    const silent = (run: Uuid) => {
      first.record(run);
      return new Promise<JobOutcome>((resolve) => (answer = () => resolve(DONE)));
    };
    consumer(silent, { stalledAfterMs: 500, redisUrl: `redis://127.0.0.1:${network.port}` });
    const jobs = producer();
    const run = uuid();
    await jobs.send(uuid(), run);
    await first.atLeast(1);
    network.pause();
    consumer(recording(second), { stalledAfterMs: 500 });
    await second.atLeast(1);
    expect(second.runs).toEqual([run]);
    network.resume();
    answer?.();
    await eventually(async () => {
      expect(await jobs.queueDepth()).toMatchObject({ waiting: 0, active: 0, delayed: 0, failed: 0 });
    });
  });

  it('aborts the signal when it closes and waits for its handlers', async () => {
    const handled = new Handled();
    let hasReturned = false;
    const worker = consumer(async (run, signal) => {
      handled.record(run);
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      hasReturned = true;
      return { kind: 'later', delayMs: 0 };
    });
    const jobs = producer();
    await jobs.send(uuid(), uuid());
    await handled.atLeast(1);
    await worker.close();
    expect(hasReturned).toBe(true);
    const successor = new Handled();
    consumer(recording(successor));
    await successor.atLeast(1);
  });
});

describe('on a Redis cluster', () => {
  it('goes on at the replica that takes over when the master of the queue is killed', async () => {
    const redis = await startRedisCluster({ failsOverAfterMs: 2_000 });
    const handled = new Handled();
    consumer(recording(handled), { redisUrl: redis.url });
    const jobs = producer(redis.url);
    const [before, after] = [uuid(), uuid()];
    await jobs.send(uuid(), before);
    await handled.atLeast(1);
    await redis.killMasterOf('{eden}');
    await redis.hasMasterOf('{eden}');
    const message = uuid();
    await eventually(() => jobs.send(message, after));
    await eventually(() => expect(handled.runs).toEqual([before, after]));
    expect(await jobs.queueDepth()).toMatchObject({ waiting: 0, failed: 0 });
    await Promise.all(closing.splice(0).map((each) => each.close()));
    await redis.stop();
  });
});

describe('behind Redis sentinels', () => {
  it('goes on at the replica that takes over when the master is killed', async () => {
    const sandbox = await testSandbox();
    const replica = await startReplica(sandbox, server);
    const sentinel = await startSentinel(sandbox, server);
    const redisUrl = `redis-sentinel://127.0.0.1:${sentinel.port}/main`;
    const handled = new Handled();
    consumer(recording(handled), { redisUrl });
    const jobs = producer(redisUrl);
    const [before, after] = [uuid(), uuid()];
    await jobs.send(uuid(), before);
    await handled.atLeast(1);
    await server.kill();
    const message = uuid();
    await eventually(() => jobs.send(message, after));
    await eventually(() => expect(handled.runs).toEqual([before, after]));
    expect(await sentinel.masterPort()).toBe(replica.port);
    await Promise.all(closing.splice(0).map((each) => each.close()));
    await Promise.all([sentinel.stop(), replica.kill()]);
  });
});

type TestSandbox = Awaited<ReturnType<typeof testSandbox>>;

/** One that has all that its master has. */
async function startReplica(sandbox: TestSandbox, { host, port }: Server): Promise<Server> {
  const replica = await sandbox.startRedis({ name: 'replica', args: ['--replicaof', host, String(port)] });
  const client = new Redis(replica.url);
  await eventually(async () => expect(await client.info('replication')).toContain('master_link_status:up'));
  client.disconnect();
  return replica;
}

/** One that decides alone, and soon. Resolves when it knows the replica. */
async function startSentinel(sandbox: TestSandbox, master: Server) {
  const configFile = join(sandbox.folder, 'sentinel.conf');
  const settings = ['down-after-milliseconds main 500', 'failover-timeout main 5000'];
  const monitor = `monitor main ${master.host} ${master.port} 1`;
  await writeFile(configFile, [monitor, ...settings].map((line) => `sentinel ${line}\n`).join(''));
  const server = await sandbox.startRedis({ name: 'sentinel', configFile, args: ['--sentinel'] });
  const client = new Redis(server.url);
  await eventually(async () => expect(await client.call('SENTINEL', 'REPLICAS', 'main')).toHaveLength(1));
  return {
    port: server.port,
    masterPort: async () => Number(((await client.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', 'main')) as string[])[1]),
    stop: async () => {
      client.disconnect();
      await server.kill();
    },
  };
}
