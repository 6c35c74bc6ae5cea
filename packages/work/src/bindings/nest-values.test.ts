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

  it('leaves what it is given as it is', () => {
    const given = { b: 1 };
    expect(
      nestValues([
        ['a', given],
        ['a.c', 2],
      ]),
    ).toEqual({ a: { b: 1, c: 2 } });
    expect(given).toEqual({ b: 1 });
  });

  it('takes names of any depth', () => {
    const depth = 200_000;
    let value: unknown = nestValues([[Array.from({ length: depth }, () => 'a').join('.'), 1]]);
    let steps = 0;
    for (; typeof value === 'object' && value !== null; steps += 1) value = (value as Record<string, unknown>)['a'];
    expect(steps).toBe(depth);
  });

  it('makes no prototype of a name', () => {
    const nested = nestValues([['__proto__.polluted', true]]);
    expect(Object.getPrototypeOf(nested)).toBe(Object.prototype);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});
