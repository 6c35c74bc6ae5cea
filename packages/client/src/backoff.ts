const FIRST_MS = 200;
const LONGEST_MS = 10_000;

/** Exponential, with full jitter over its upper half, so that many clients do not come back at once. */
export function backoffMs(attempt: number, chance: () => number = Math.random): number {
  const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** (attempt - 1));
  return ceiling / 2 + (ceiling / 2) * chance();
}

/** Rejects as soon as the signal is aborted. (Not by node:timers: browsers run this as well.) */
export function pause(ms: number, signal?: AbortSignal | null): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (settle: () => void) => () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', giveUp);
      settle();
    };
    const giveUp = end(() => reject(signal?.reason as Error));
    const timer = setTimeout(end(resolve), ms);
    if (signal?.aborted === true) giveUp();
    else signal?.addEventListener('abort', giveUp);
  });
}
