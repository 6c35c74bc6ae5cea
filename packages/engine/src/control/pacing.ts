import pMap from 'p-map';
import type { Chance, Clock } from '@eden/domain';

/** What waiting needs. */
export interface Pacing {
  readonly clock: Clock;
  readonly chance: Chance;
}

/** Between half and one and a half of the base, so that those who wait do not come back together. */
export function jitter({ chance }: Pick<Pacing, 'chance'>, baseMs: number): number {
  return baseMs * (0.5 + chance.fraction());
}

/** Doubles from 50 ms to 1 s. */
export function backoffMs(pacing: Pick<Pacing, 'chance'>, attempt: number): number {
  return jitter(pacing, Math.min(1_000, 50 * 2 ** attempt));
}

/** Waits, but no longer than until `stop`. */
export async function pauseUnless({ clock }: Pick<Pacing, 'clock'>, stop: AbortSignal, ms: number): Promise<void> {
  try {
    await clock.sleep(ms, stop);
  } catch (error) {
    if (!stop.aborted) throw error;
  }
}

/** Aborts after `ms`. */
export function abortAfter({ clock }: Pick<Pacing, 'clock'>, ms: number): AbortSignal {
  const timeout = new AbortController();
  clock.after(ms, () => {
    timeout.abort(new Error(`${ms} ms are over`));
  });
  return timeout.signal;
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
