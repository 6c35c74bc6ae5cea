import { describe, expect, it } from '@jest/globals';
import type { HttpRequest } from './http-request.js';
import { waitMsOf } from './preference.js';

function waitFor(prefer?: string): number {
  return waitMsOf({ header: () => prefer } as unknown as HttpRequest, 60_000);
}

describe('the Prefer header', () => {
  it.each([
    [undefined, 60_000],
    ['respond-async', 0],
    ['wait=10', 10_000],
    ['wait="10"', 10_000],
    ['respond-async, wait=10', 10_000],
    ['WAIT = 3 ; x=y', 3000],
    ['wait=0', 0],
    ['wait=3600', 60_000],
    ['wait=5, wait=7', 5000],
    ['wait=soon', 60_000],
    ['return=minimal', 60_000],
  ])('%s waits %d ms', (prefer, waitMs) => {
    expect(waitFor(prefer)).toBe(waitMs);
  });
});
