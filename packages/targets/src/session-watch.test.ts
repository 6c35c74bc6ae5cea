import { describe, expect, it } from '@jest/globals';
import { nextLookMs } from './session-watch.js';

/** When the looks come that see nobody, in milliseconds from the beginning of the statement. */
function looksInVain(lockTimeoutMs: number, untilMs: number): number[] {
  const looks: number[] = [];
  let at = 0;
  while ((at += nextLookMs(lockTimeoutMs, looks.length)) <= untilMs) looks.push(at);
  return looks;
}

describe('looks for those who block a statement', () => {
  it.each([50, 500, 2_000, 60_000])('come at least twice in a wait of %i ms at its beginning', (lockTimeoutMs) => {
    expect(looksInVain(lockTimeoutMs, lockTimeoutMs).length).toBeGreaterThanOrEqual(2);
  });

  it.each([50, 500, 60_000])('become rare in a statement of an hour that waits for nobody (%i ms)', (lockTimeoutMs) => {
    expect(looksInVain(lockTimeoutMs, 3_600_000).length).toBeLessThan(400);
  });
});
