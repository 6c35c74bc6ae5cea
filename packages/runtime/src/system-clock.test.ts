import { describe, expect, it } from '@jest/globals';
import { systemClock } from './system-clock.js';

describe('the machine’s clock', () => {
  it('ends a sleep with the reason of the signal that aborts it', async () => {
    const stop = new AbortController();
    const asleep = systemClock.sleep(60_000, stop.signal);
    const reason = new Error('enough');
    stop.abort(reason);
    await expect(asleep).rejects.toBe(reason);
  });

  it('calls back once, and again and again, and not at all when prevented', async () => {
    const calls: string[] = [];
    const prevent = systemClock.after(0, () => calls.push('prevented'));
    prevent();
    await new Promise<void>((resolve) => {
      const end = systemClock.every(1, () => {
        if (calls.push('again') < 3) return;
        end();
        systemClock.after(0, resolve);
      });
    });
    expect(calls).toEqual(['again', 'again', 'again']);
  });

  it('never goes back', () => {
    const before = systemClock.elapsedMs();
    expect(systemClock.elapsedMs()).toBeGreaterThanOrEqual(before);
  });
});
