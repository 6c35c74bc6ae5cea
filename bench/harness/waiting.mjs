import { setTimeout as pause } from 'node:timers/promises';

const LIMIT_MS = 60_000;

/** Asks again and again until the answer is neither undefined nor false. @throws Error after a minute */
export async function until(ask, what) {
  for (const startedAt = performance.now(); performance.now() - startedAt < LIMIT_MS; await pause(10)) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
  }
  throw new Error(`waited in vain for ${what}`);
}

/** How long `work` takes, in milliseconds. */
export async function timed(work) {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}
