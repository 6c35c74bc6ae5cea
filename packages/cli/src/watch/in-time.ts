import type { CommandError } from '../exit-codes.js';

/** Longer than this a timer would end at once: some 24 days. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * Work that ends with the time, whatever it waits for; without a limit it has no signal.
 * @throws CommandError, that of `late`, when the time is over
 */
export async function inTime<Result>(
  limitMs: number | undefined,
  late: () => CommandError,
  work: (signal: AbortSignal | null) => Promise<Result>,
): Promise<Result> {
  const signal = limitMs === undefined ? null : AbortSignal.timeout(Math.min(limitMs, LONGEST_MS));
  try {
    return await work(signal);
  } catch (error) {
    throw signal?.aborted === true ? late() : error;
  }
}
