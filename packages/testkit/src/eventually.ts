import { setTimeout as delay } from 'node:timers/promises';

/** Ends what never happens; a busy machine is slow. */
const TIMEOUT_MS = 60_000;
const INTERVAL_MS = 25;

/**
 * Waits for something that happens in another process and sends no event: runs `check` until it returns without
 * throwing (an assertion that fails is not yet true), and hands on what it returned.
 * @throws what `check` threw last, when `timeoutMs` is over.
 */
export async function eventually<T>(
  check: () => T | Promise<T>,
  { timeoutMs = TIMEOUT_MS, intervalMs = INTERVAL_MS } = {},
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (performance.now() > deadline) throw error;
    }
    await delay(intervalMs);
  }
}
