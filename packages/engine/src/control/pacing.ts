import { setTimeout as delay } from 'node:timers/promises';
import pMap from 'p-map';

/** Between half and one and a half of the base, so that those who wait do not come back together. */
export function jitter(baseMs: number): number {
  return baseMs * (0.5 + Math.random());
}

/** Doubles from 50 ms to 1 s. */
export function backoffMs(attempt: number): number {
  return jitter(Math.min(1_000, 50 * 2 ** attempt));
}

/** Waits, but no longer than until `stop`. */
export async function pauseUnless(stop: AbortSignal, ms: number): Promise<void> {
  try {
    await delay(ms, undefined, { signal: stop });
  } catch (error) {
    if (!stop.aborted) throw error;
  }
}

/** Like Promise.allSettled, with at most `concurrency` at work: answers only when none is at work any more. */
export function settleAll<T, R>(
  items: readonly T[],
  work: (item: T, index: number) => Promise<R>,
  concurrency: number,
): Promise<PromiseSettledResult<R>[]> {
  const settle = (item: T, index: number): Promise<PromiseSettledResult<R>> =>
    work(item, index).then(
      (value) => ({ status: 'fulfilled', value }),
      (reason: unknown) => ({ status: 'rejected', reason }),
    );
  return pMap(items, settle, { concurrency });
}
