import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LINE_LABEL, newestFirst, nextOf, positionIn, type Named } from './line.js';

/** As they are made now, each with its line; or, with null, without. */
function releases(line: string | null, ...ids: readonly string[]): Named[] {
  return ids.map((id) => ({ id, labels: line === null ? {} : { [LINE_LABEL]: line } }));
}

function idsOf(line: string, all: readonly Named[], name = line): string[] {
  return newestFirst(line, all, name).map(({ id }) => id);
}

describe('a line of releases', () => {
  it('has a name without a number, then 2, 3, …', () => {
    expect(nextOf('shop', [])).toBe('shop');
    expect(nextOf('shop', releases('shop', 'shop'))).toBe('shop-2');
    expect(nextOf('shop', releases('shop', 'shop-9', 'shop-10', 'shop'))).toBe('shop-11');
    expect(nextOf('shop', releases('shop', 'shop-2'))).toBe('shop-3');
  });

  it('has nothing in it that is called otherwise', () => {
    for (const id of ['shop-1', 'shop-0', 'shop-02', 'shop-a', 'shop-2-3', 'shopping', 'Shop', 'shop.users', 'shop-']) {
      expect([id, positionIn('shop', id)]).toEqual([id, null]);
    }
    expect(nextOf('shop-2', releases('shop-2', 'shop', 'shop-2'))).toBe('shop-2-2');
    expect(nextOf('a.b', releases('a.b', 'a.b', 'axb-7'))).toBe('a.b-2');
  });

  it('has nothing of another line in it that is called alike, and takes no name from it', () => {
    const all = [...releases('shop', 'shop', 'shop-3'), ...releases('shop-2', 'shop-2', 'shop-2-2')];
    expect(idsOf('shop', all)).toEqual(['shop-3', 'shop']);
    expect(idsOf('shop-2', all)).toEqual(['shop-2-2', 'shop-2']);
    expect(nextOf('shop', releases('shop', 'shop').concat(releases('shop-2', 'shop-2')))).toBe('shop-3');
    expect(nextOf('shop-2', releases('shop', 'shop', 'shop-2'))).toBe('shop-2-2');
  });

  it('has what says nothing of its line, where the release before it is of it', () => {
    const all = [...releases(null, 'shop', 'shop-2', 'shop-4', 'shop-2024'), ...releases('shop', 'shop-3')];
    expect(idsOf('shop', all)).toEqual(['shop-4', 'shop-3', 'shop-2', 'shop']);
    expect(idsOf('shop', releases(null, 'shop-2', 'shop-3'))).toEqual([]);
    expect(idsOf('shop', releases(null, 'shop', 'shop-2024'))).toEqual(['shop']);
    expect(nextOf('shop', releases(null, 'shop', 'shop-3'))).toBe('shop-4');
  });

  it('has releases of another name, which those of another line may have too', () => {
    const all = [...releases('shop', 'june', 'june-2', 'shop'), ...releases('orders', 'june-3')];
    expect(idsOf('shop', all, 'june')).toEqual(['june-2', 'june']);
    expect(idsOf('orders', all, 'june')).toEqual(['june-3']);
    expect(nextOf('shop', all, 'june')).toBe('june-4');
  });

  it.each(['shop', null])('is in the order of its numbers, and the next is behind all of them (label: %s)', (line) => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 300 })), (numbers) => {
        const all = releases(line, ...numbers.map((number) => (number === 1 ? 'shop' : `shop-${number}`)));
        const positions = newestFirst('shop', all).map(({ id }) => positionIn('shop', id) ?? 0);
        expect(positions).toEqual(positions.toSorted((a, b) => b - a));
        if (line !== null) expect(positions).toHaveLength(numbers.length);
        expect(positionIn('shop', nextOf('shop', all))).toBe(Math.max(0, ...numbers) + 1);
      }),
    );
  });
});
