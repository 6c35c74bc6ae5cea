import { expect, it } from '@jest/globals';
import { pageOfAll } from './page-of-all.js';

const itself = (key: string): string => key;

it('gives all of a list page by page, in the order of its keys', () => {
  const first = pageOfAll(['c', 'a', 'é', 'b'], itself, { limit: 2 });
  expect(first).toEqual({ items: ['a', 'b'], nextCursor: expect.any(String) });
  // One has gone, and one has come.
  const second = pageOfAll(['c', 'a', 'é', 'aa'], itself, { limit: 2, cursor: first.nextCursor as string });
  expect(second).toEqual({ items: ['c', 'é'], nextCursor: null });
});

it('has no further page where the last one is full', () => {
  expect(pageOfAll(['a', 'b'], itself, { limit: 2 })).toEqual({ items: ['a', 'b'], nextCursor: null });
  expect(pageOfAll([], itself, { limit: 2 })).toEqual({ items: [], nextCursor: null });
});

it('refuses a cursor that is none', () => {
  expect(() => pageOfAll(['a'], itself, { limit: 2, cursor: 'x' })).toThrow(
    expect.objectContaining({ code: 'VALIDATION_FAILED' }),
  );
});
