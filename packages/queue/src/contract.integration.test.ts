import { once } from 'node:events';
import type { JobOutcome, Uuid } from '@eden/domain';
import { startRedisMasters, startTcpProxy, type TcpProxy } from '@eden/testkit';
import { Redis } from 'ioredis';
import { createJobConsumer, createJobProducer } from './index.js';
import { describeQueueContract } from './testing/contract.js';

const STALLED_AFTER_MS = 500;
const NOT_DONE: JobOutcome = { kind: 'later', delayMs: 60_000 };

const [server] = await startRedisMasters(1);
if (server === undefined) throw new Error('there is no Redis');
const { port } = new URL(server.url);
const closing: { close(): Promise<void> }[] = [];
const ways: TcpProxy[] = [];

function keep<T extends { close(): Promise<void> }>(opened: T): T {
  closing.push(opened);
  return opened;
}

async function withRedis(work: (redis: Redis) => Promise<unknown>): Promise<void> {
  const redis = new Redis(server?.url ?? '');
  await work(redis);
  redis.disconnect();
}

/** A worker whose connections lead through a network that can be cut off. */
async function startWorker(slots: number, handle: (run: Uuid) => Promise<JobOutcome>): Promise<TcpProxy> {
  const way = await startTcpProxy(Number(port));
  ways.push(way);
  const worker = createJobConsumer({
    redisUrl: `redis://127.0.0.1:${way.port}`,
    concurrency: slots,
    stalledAfterMs: STALLED_AFTER_MS,
    handle: async (run, signal) => Promise.race([handle(run), once(signal, 'abort').then(() => NOT_DONE)]),
    onError: () => undefined,
  });
  keep(worker);
  await worker.ready();
  return way;
}

describeQueueContract({
  name: 'BullMQ',
  producer: () => keep(createJobProducer({ redisUrl: server.url })),
  consume: (slots, handle) => {
    const started = startWorker(slots, handle);
    return { kill: async () => (await started).pause() };
  },
  empty: () => withRedis((redis) => redis.flushall()),
  reset: async () => {
    for (const way of ways.splice(0)) way.resume();
    await Promise.all(closing.splice(0).map((each) => each.close()));
    await withRedis((redis) => redis.flushall());
  },
  close: () => Promise.resolve(),
});
