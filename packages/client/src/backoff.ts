import { setTimeout as delay } from 'node:timers/promises';

const FIRST_MS = 200;
const LONGEST_MS = 10_000;

/** Exponential, with full jitter over its upper half, so that many clients do not come back at once. */
export function backoffMs(attempt: number, chance: () => number = Math.random): number {
  const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** (attempt - 1));
  return ceiling / 2 + (ceiling / 2) * chance();
}

/** Rejects as soon as the signal is aborted. */
export async function pause(ms: number, signal?: AbortSignal | null): Promise<void> {
  await delay(ms, undefined, signal === null || signal === undefined ? {} : { signal });
}
