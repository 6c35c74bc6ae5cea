import { setTimeout as pause } from 'node:timers/promises';
import { asUuid, isEdenError, type LockMode, type LockResource } from '@eden/domain';
import { createRedisLocks, type RedisLocks } from '@eden/locking';
import { recordSection } from './section-log.js';

/** What a visiting process is told, as JSON in its first argument. */
export interface Visiting {
  readonly urls: readonly string[];
  readonly uuids: readonly string[];
  readonly ttlMs: number;
  readonly logFile: string;
  readonly readers: number;
  readonly writers: number;
}

const LONGEST_VISIT_MS = 20;
const LONGEST_PAUSE_MS = { read: 2, write: 250 } as const;
const PATIENCE_MS = 5_000;

/** Goes in and out as long as its process lives: holds one resource or all of them, and writes down when. */
async function visit(locks: RedisLocks, mode: LockMode, { uuids, logFile }: Visiting): Promise<void> {
  const all = uuids.map((uuid): LockResource => ({ kind: 'api', uuid: asUuid(uuid) }));
  for (;;) {
    const some = Math.random() < 0.3 ? all : all.slice(0, 1);
    const held = await locks[mode](some, { owner: { purpose: 'visit' }, timeoutMs: PATIENCE_MS });
    const from = process.hrtime.bigint();
    await pause(Math.random() * LONGEST_VISIT_MS);
    const to = process.hrtime.bigint();
    const isIntact = !held.signal.aborted;
    recordSection(logFile, { mode, resources: some.map(({ uuid }) => uuid), from, to, isIntact });
    await held.release();
    await pause(Math.random() * LONGEST_PAUSE_MS[mode]);
  }
}

/** The masters may be away, and others may be frozen while they hold the lock: both are what is tested here. */
async function keepVisiting(locks: RedisLocks, mode: LockMode, visiting: Visiting): Promise<never> {
  for (;;) {
    try {
      await visit(locks, mode, visiting);
    } catch (error) {
      if (!isEdenError(error)) throw error;
      await pause(LONGEST_PAUSE_MS[mode]);
    }
  }
}

const visiting = JSON.parse(process.argv[2] ?? '') as Visiting;
const { urls, ttlMs, readers, writers } = visiting;
const locks = createRedisLocks({ urls, ttlMs, process: `visitor:${process.pid}`, retryDelayMs: 20 });
for (let n = 0; n < readers; n += 1) void keepVisiting(locks, 'read', visiting);
for (let n = 0; n < writers; n += 1) void keepVisiting(locks, 'write', visiting);
