import { validationError, type Page } from '@eden/domain';
import type { PageQuery } from './page-request.js';

/**
 * A page of the list of that name, which is known as a whole, in the order of its keys: what comes or goes in between neither
 * repeats nor hides others. @throws EdenError VALIDATION_FAILED for a cursor of something else
 */
export function pageOfAll<T>(
  list: string,
  { all, keyOf }: { readonly all: readonly T[]; readonly keyOf: (item: T) => string },
  { limit, cursor }: PageQuery,
): Page<T> {
  const after = cursor === undefined ? '' : keyIn(list, cursor);
  const rest = all
    .map((item) => ({ key: keyOf(item), item }))
    .filter(({ key }) => key > after)
    .toSorted((a, b) => (a.key < b.key ? -1 : 1));
  const shown = rest.slice(0, limit);
  const last = rest.length > limit ? shown.at(-1) : undefined;
  return { items: shown.map(({ item }) => item), nextCursor: last === undefined ? null : cursorOf(list, last.key) };
}

function cursorOf(list: string, key: string): string {
  return Buffer.from(`${list}:${key}`).toString('base64url');
}

function keyIn(list: string, cursor: string): string {
  const text = Buffer.from(cursor, 'base64url').toString();
  if (!text.startsWith(`${list}:`)) throw validationError([{ path: 'cursor', message: 'Is not a cursor of a list' }]);
  return text.slice(list.length + 1);
}
