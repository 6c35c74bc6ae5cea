import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Outage } from './outage.js';

const GRACE_MS = 1000;

describe('an outage of the quorum', () => {
  let outage: Outage;
  let now: number;

  beforeEach(() => {
    now = 5000;
    jest.spyOn(performance, 'now').mockImplementation(() => now);
    outage = new Outage(GRACE_MS);
  });

  function silentFor(ms: number): void {
    for (const end = now + ms; now < end; now += 100) outage.note(false);
    outage.note(false);
  }

  it('is long when all answers were missing for the whole grace', () => {
    expect(outage.isLong).toBe(false);
    silentFor(GRACE_MS - 100);
    expect(outage.isLong).toBe(false);
    silentFor(100);
    expect(outage.isLong).toBe(true);
  });

  it('ends with the first answer', () => {
    silentFor(GRACE_MS);
    outage.note(true);
    expect(outage.isLong).toBe(false);
    silentFor(GRACE_MS - 100);
    expect(outage.isLong).toBe(false);
  });

  it('starts anew when nobody has asked for a while', () => {
    silentFor(GRACE_MS);
    now += GRACE_MS + 1;
    outage.note(false);
    expect(outage.isLong).toBe(false);
  });
});
