import { describe, expect, it } from '@jest/globals';
import { newUuid } from './uuid.js';

describe('newUuid', () => {
  it('makes version 7 uuids of now', () => {
    const before = Date.now();
    const uuid = newUuid();
    expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    const madeAt = parseInt(uuid.replaceAll('-', '').slice(0, 12), 16);
    expect(madeAt).toBeGreaterThanOrEqual(before);
    expect(madeAt).toBeLessThanOrEqual(Date.now());
  });

  it('makes them in order, more than the counter of one millisecond holds', () => {
    const uuids = Array.from({ length: 20_000 }, () => newUuid());
    expect(uuids).toEqual([...uuids].sort());
    expect(new Set(uuids).size).toBe(uuids.length);
  });
});
