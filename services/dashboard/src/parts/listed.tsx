import type { ReactNode } from 'react';
import { itemsOf, type ListPage, type ListResult } from '../data/use-resource.js';
import { TEXTS } from '../texts.js';
import { ErrorNote } from './error-note.js';
import { ListTable, type Column } from './list-table.js';

interface ListedProps<Item> {
  readonly list: ListResult<ListPage<Item>>;
  /** Those of it that are wanted, where it is searched here; without it all. */
  readonly items?: readonly Item[];
  /** For those who hear the page. */
  readonly label: string;
  readonly columns: readonly Column<Item>[];
  readonly keyOf: (item: Item) => string;
  /** In place of a list with nothing in it. */
  readonly empty: ReactNode;
}

/** A list that is read page by page: as it is read, as it is, and why it could not be. */
export function Listed<Item>({ list, items = itemsOf(list), label, columns, keyOf, empty }: ListedProps<Item>) {
  const { error, isPending, isSuccess, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = list;
  return (
    <>
      {error !== null && <ErrorNote error={error} onRetry={() => void refetch()} />}
      {isPending && <p className="loading">{TEXTS.loading}</p>}
      {isSuccess && items.length === 0 && empty}
      {items.length > 0 && (
        <ListTable
          {...{ label, items, columns, keyOf }}
          onEnd={() => void (hasNextPage && !isFetchingNextPage && fetchNextPage())}
        />
      )}
    </>
  );
}
