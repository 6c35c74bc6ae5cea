export interface Page<Item> {
  readonly data: readonly Item[];
  readonly next_cursor: string | null;
}

/** The items of all pages, newest first; the next page is asked for only when somebody wants its items. */
export async function* pagesOf<Item>(page: (cursor: string | undefined) => Promise<Page<Item>>): AsyncGenerator<Item> {
  let cursor: string | undefined;
  do {
    const { data, next_cursor: next } = await page(cursor);
    yield* data;
    cursor = next ?? undefined;
  } while (cursor !== undefined);
}
