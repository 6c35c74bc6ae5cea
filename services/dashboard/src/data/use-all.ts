import { useEffect } from 'react';
import { useList, type ListPage, type ListReading, type ListResult } from './use-resource.js';

/** A list that is wanted whole, as names are looked up in it and it is searched here: page after page, by itself. */
export function useAll<Item, Page extends ListPage<Item>>(reading: ListReading<Item, Page>): ListResult<Page> {
  const list = useList<Item, Page>(reading);
  const { hasNextPage, isFetching, error, fetchNextPage } = list;
  useEffect(() => {
    if (hasNextPage && !isFetching && error === null) void fetchNextPage();
  }, [hasNextPage, isFetching, error, fetchNextPage]);
  return list;
}
