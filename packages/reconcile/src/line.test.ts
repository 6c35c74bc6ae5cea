import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { newestFirst, nextOf, positionIn } from './line.js';

describe('a line of releases', () => {
  it('has a name without a number, then 2, 3, …', () => {
    expect(nextOf('shop', [])).toBe('shop');
    expect(nextOf('shop', ['shop'])).toBe('shop-2');
    expect(nextOf('shop', ['shop-9', 'shop-10', 'shop'])).toBe('shop-11');
    expect(nextOf('shop', ['shop-2'])).toBe('shop-3');
  });

  it('has nothing of other lines in it', () => {
    for (const id of ['shop-1', 'shop-0', 'shop-02', 'shop-a', 'shop-2-3', 'shopping', 'Shop', 'shop.users', 'shop-']) {
      expect([id, positionIn('shop', id)]).toEqual([id, null]);
    }
    expect(nextOf('shop-2', ['shop', 'shop-2'])).toBe('shop-2-2');
    expect(nextOf('a.b', ['a.b', 'axb-7'])).toBe('a.b-2');
  });

  it('is in the order of its numbers, and the next is behind all of them', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 300 })), (numbers) => {
        const releases = numbers.map((number) => ({ id: number === 1 ? 'shop' : `shop-${number}` }));
        const sorted = newestFirst('shop', releases).map(({ id }) => positionIn('shop', id));
        expect(sorted).toEqual(numbers.toSorted((a, b) => b - a));
        const next = positionIn(
          'shop',
          nextOf(
            'shop',
            releases.map(({ id }) => id),
          ),
        );
        expect(next).toBe(Math.max(0, ...numbers) + 1);
      }),
    );
  });
});
