import { validationError, type Page } from '@eden/domain';
import type { PageQuery } from './page-request.js';

const MARK = 'after:';

/**
 * A page of a list that is known as a whole, in the order of its keys: what comes or goes in between neither repeats nor
 * hides others. @throws EdenError VALIDATION_FAILED for a cursor of something else
 */
export function pageOfAll<T>(all: readonly T[], keyOf: (item: T) => string, { limit, cursor }: PageQuery): Page<T> {
  const after = cursor === undefined ? '' : keyIn(cursor);
  const rest = all
    .map((item) => ({ key: keyOf(item), item }))
    .filter(({ key }) => key > after)
    .toSorted((a, b) => (a.key < b.key ? -1 : 1));
  const shown = rest.slice(0, limit);
  const last = rest.length > limit ? shown.at(-1) : undefined;
  return { items: shown.map(({ item }) => item), nextCursor: last === undefined ? null : cursorOf(last.key) };
}

function cursorOf(key: string): string {
  return Buffer.from(`${MARK}${key}`).toString('base64url');
}

function keyIn(cursor: string): string {
  const text = Buffer.from(cursor, 'base64url').toString();
  if (!text.startsWith(MARK)) throw validationError([{ path: 'cursor', message: 'Is not a cursor of a list' }]);
  return text.slice(MARK.length);
}
