import { describe, expect, it } from '@jest/globals';
import type { Uuid } from '@eden/domain';
import { entangled } from './entangled.js';

function groupsOf(...gates: readonly (readonly string[])[]): readonly (readonly number[])[] {
  const databases = gates.map((apis, number) => ({ row: { number, gates: apis as readonly Uuid[] } }));
  return entangled(databases).map((group) => group.map(({ row }) => row.number));
}

describe('databases are entered together', () => {
  it('each by itself where no API reads two of them', () => {
    expect(groupsOf(['a'], ['b', 'c'], [], ['d'])).toEqual([[0], [1], [2], [3]]);
  });

  it('in their order where one does', () => {
    expect(groupsOf(['a'], ['b'], ['c', 'a'])).toEqual([[1], [0, 2]]);
  });

  it('in their order where they share one by a third', () => {
    expect(groupsOf(['a'], ['b'], ['c'], ['b', 'a'])).toEqual([[2], [0, 1, 3]]);
    expect(groupsOf(['a', 'b'], ['b', 'c'], ['c', 'd'])).toEqual([[0, 1, 2]]);
  });
});
