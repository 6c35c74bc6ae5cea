import type { Connection } from '@eden/client';
import { answerOf } from '@eden/client';
import { useInfiniteQuery, useQuery, type UseInfiniteQueryResult, type UseQueryResult } from '@tanstack/react-query';
import { useConnection } from './connection.js';

/**
 * What a page shows, by what it is of: the first word is what live.ts is told of, `['migration', 'shop']`. What has changed
 * is read again while somebody looks at it.
 */
export type Key = readonly [kind: string, ...rest: (string | object | undefined)[]];

interface Reading<Data> {
  readonly key: Key;
  readonly read: (http: Connection, signal: AbortSignal) => Promise<{ data?: { data: Data }; response: Response }>;
  readonly enabled?: boolean;
  /** What changes without an event, such as progress, is read again so often; 0: not. */
  readonly everyMs?: (data: Data) => number;
}

/** One resource, by a route that answers `{data}`. */
export function useResource<Data>({ key, read, enabled = true, everyMs }: Reading<Data>): UseQueryResult<Data> {
  const http = useConnection();
  return useQuery({
    queryKey: key,
    queryFn: async ({ signal }) => (await answerOf(read(http, signal))).data,
    enabled,
    refetchInterval: ({ state: { data } }) => (data === undefined ? false : (everyMs?.(data) ?? 0) || false),
  });
}

export interface ListPage<Item> {
  readonly data: readonly Item[];
  readonly next_cursor: string | null;
}

export interface ListReading<Item, Page extends ListPage<Item>> {
  readonly key: Key;
  readonly page: (
    http: Connection,
    query: { limit: number; cursor?: string },
    signal: AbortSignal,
  ) => Promise<{ data?: Page; response: Response }>;
  /** What changes without an event is read again so often; 0: not. */
  readonly everyMs?: (items: readonly Item[]) => number;
}

export type ListResult<Page> = UseInfiniteQueryResult<{ pages: Page[] }>;

const PAGE_SIZE = 200;

/** A list that goes on: its next page is asked for when the reader comes near the end of it. */
export function useList<Item, Page extends ListPage<Item>>({
  key,
  page,
  everyMs,
}: ListReading<Item, Page>): ListResult<Page> {
  const http = useConnection();
  return useInfiniteQuery({
    queryKey: key,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => {
      const query = { limit: PAGE_SIZE, ...(pageParam === undefined ? {} : { cursor: pageParam }) };
      return answerOf(page(http, query, signal));
    },
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    refetchInterval: ({ state: { data } }) => everyMs?.(data?.pages.flatMap((known) => known.data) ?? []) || false,
  }) as ListResult<Page>;
}

export function itemsOf<Item>(list: ListResult<ListPage<Item>>): readonly Item[] {
  return list.data?.pages.flatMap(({ data }) => data) ?? [];
}
