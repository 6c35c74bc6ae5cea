import { expect, it } from '@jest/globals';
import { pageOfAll } from './page-of-all.js';

const letters = (...all: readonly string[]) => ({ all, keyOf: (key: string): string => key });

it('gives all of a list page by page, in the order of its keys', () => {
  const first = pageOfAll('letters', letters('c', 'a', 'é', 'b'), { limit: 2 });
  expect(first).toEqual({ items: ['a', 'b'], nextCursor: expect.any(String) });
  // One has gone, and one has come.
  const second = pageOfAll('letters', letters('c', 'a', 'é', 'aa'), { limit: 2, cursor: first.nextCursor as string });
  expect(second).toEqual({ items: ['c', 'é'], nextCursor: null });
});

it('has no further page where the last one is full', () => {
  expect(pageOfAll('letters', letters('a', 'b'), { limit: 2 })).toEqual({ items: ['a', 'b'], nextCursor: null });
  expect(pageOfAll('letters', letters(), { limit: 2 })).toEqual({ items: [], nextCursor: null });
});

it('refuses a cursor that is none, or of another list', () => {
  const { nextCursor } = pageOfAll('digits', letters('1', '2'), { limit: 1 });
  for (const cursor of ['x', nextCursor as string])
    expect(() => pageOfAll('letters', letters('a'), { limit: 2, cursor })).toThrow(
      expect.objectContaining({ code: 'VALIDATION_FAILED' }),
    );
});
