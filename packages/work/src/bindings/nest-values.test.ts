import { describe, expect, it } from '@jest/globals';
import { nestValues } from './nest-values.js';

describe('nestValues', () => {
  it('joins what stands below the same name', () => {
    expect(
      nestValues([
        ['a.b.c', 1],
        ['a.b.d', 2],
        ['a', { b: { e: 3 } }],
        ['f', 4],
      ]),
    ).toEqual({ a: { b: { e: 3 } }, f: 4 });
    expect(
      nestValues([
        ['a', { b: { e: 3 } }],
        ['a.b.c', 1],
      ]),
    ).toEqual({ a: { b: { e: 3, c: 1 } } });
  });

  it('makes no prototype of a name', () => {
    const nested = nestValues([['__proto__.polluted', true]]);
    expect(Object.getPrototypeOf(nested)).toBe(Object.prototype);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});
