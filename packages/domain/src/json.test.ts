import { describe, expect, it } from '@jest/globals';
import { isSameJson } from './json.js';

describe('equal as JSON', () => {
  it.each([
    [
      { a: 1, b: [null, 'x'] },
      { b: [null, 'x'], a: 1 },
    ],
    [{ a: undefined }, {}],
    [[{}], [{}]],
  ])('%j and %j', (one, other) => expect(isSameJson(one, other)).toBe(true));

  it.each([
    [{ a: 1 }, { a: 1, b: null }],
    [{ a: 1, b: null }, { a: 1 }],
    [[], {}],
    [[1, 2], [1]],
    [{ a: '1' }, { a: 1 }],
    [null, {}],
  ])('not %j and %j', (one, other) => expect(isSameJson(one, other)).toBe(false));

  it('is found by looking at each value once, however deep it lies', () => {
    const depth = 16;
    let looks = 0;
    const nested = (levels: number): object => {
      if (levels === 0) return {};
      const within = nested(levels - 1);
      return {
        get within() {
          looks += 1;
          return within;
        },
      };
    };
    expect(isSameJson(nested(depth), nested(depth))).toBe(true);
    expect(looks).toBe(2 * depth);
  });
});
