import { asUuid, type LockMode, type LockResource } from '@eden/domain';
import { createRedisLocks } from '../redis-locks.js';
import { request } from './lock-clients.js';

/** What a contending process is told to do. */
export interface Contention {
  readonly urls: readonly string[];
  readonly uuid: string;
  readonly mode: LockMode;
  readonly ttlMs: number;
  /** Clients of this process that ask at the same time. */
  readonly clients: number;
  /** How often each of them takes the lock. 0: once, and for ever. */
  readonly rounds: number;
}

/** What it reports. `inside`: the lock was taken `rounds` times by each client. */
export type Report = 'ready' | 'holding' | 'done';

function report(message: Report): void {
  process.send?.(message);
}

async function contend({ urls, uuid, mode, ttlMs, clients, rounds }: Contention): Promise<void> {
  const resource: LockResource = { kind: 'api', uuid: asUuid(uuid) };
  const locks = createRedisLocks({ urls, ttlMs, process: `contender:${process.pid}` });
  // Whoever started it is gone, without a chance to end it.
  process.once('disconnect', () => void locks.close());
  await locks.check();
  const take = async () => locks[mode]([resource], request(60_000));
  const takeTurns = async () => {
    for (let round = 0; round < rounds; round += 1) await (await take()).release();
  };
  report('ready');
  process.once('message', () => {
    if (rounds === 0) void take().then(() => report('holding'));
    else void Promise.all(Array.from({ length: clients }, takeTurns)).then(() => report('done'));
  });
}

process.once('message', (contention: Contention) => void contend(contention));
