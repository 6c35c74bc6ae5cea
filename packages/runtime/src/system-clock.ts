import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '@eden/domain';

/** The machine's time. */
export const systemClock: Clock = {
  now: () => new Date(),
  elapsedMs: () => performance.now(),
  sleep: async (ms, signal) => {
    try {
      await delay(ms, undefined, { signal });
    } catch (error) {
      throw signal?.aborted === true ? signal.reason : error;
    }
  },
  after: (ms, work) => {
    const timer = setTimeout(work, ms).unref();
    return () => {
      clearTimeout(timer);
    };
  },
  every: (ms, work) => {
    const timer = setInterval(work, ms).unref();
    return () => {
      clearInterval(timer);
    };
  },
};
