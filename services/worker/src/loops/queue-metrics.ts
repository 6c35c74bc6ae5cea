import type { Logger } from '@eden/domain';
import { startLoop } from './repeating.js';
import type { Loop } from './repeating.js';

const OBSERVE_MS = 10_000;

/** What the queue tells of itself. */
export interface QueueReader {
  queueDepth(): Promise<{ readonly waiting: number; readonly delayed: number; readonly oldestWaitingMs: number }>;
}

/** Depth and age of the queue, for the gauges. */
export function startQueueMetrics(
  queue: QueueReader,
  log: Logger,
  observe: (depth: number, oldestAgeMs: number) => void,
): Loop {
  return startLoop({
    name: 'queue-metrics',
    everyMs: OBSERVE_MS,
    log,
    round: async () => {
      const { waiting, delayed, oldestWaitingMs } = await queue.queueDepth();
      observe(waiting + delayed, oldestWaitingMs);
    },
  });
}
