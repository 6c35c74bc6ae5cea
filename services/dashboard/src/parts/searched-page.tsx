import type { ReactNode } from 'react';
import { fits } from '../data/definitions.js';
import { itemsOf, type ListPage, type ListResult } from '../data/use-resource.js';
import { useFilters } from '../navigation/use-filters.js';
import { Choice, SearchField, type Option } from './filters.js';
import { Listed } from './listed.js';
import type { Column } from './list-table.js';
import { NothingListed } from './nothing-listed.js';
import { PageHead } from './page-head.js';

/** One more thing by which the list is narrowed. */
export interface Narrowing<Item> {
  /** In the address. */
  readonly name: string;
  readonly label: string;
  /** When nothing is chosen. */
  readonly all: string;
  readonly options: readonly Option[];
  /** Whether it stays when this is chosen; the empty text is: nothing. */
  readonly keeps: (item: Item, chosen: string) => boolean;
}

interface SearchedPageProps<Item> {
  readonly texts: {
    readonly title: string;
    /** Of the field, and of the list, for those who hear the page. */
    readonly search: string;
    readonly list: string;
    readonly empty: string;
    readonly emptyAdvice?: string;
  };
  readonly actions?: ReactNode;
  /** In place of the advice, where there is none in the list. */
  readonly advice?: ReactNode;
  /** Whole, as it is searched here. */
  readonly list: ListResult<ListPage<Item>>;
  /** What is looked for in one of them. */
  readonly wordsOf: (item: Item) => readonly (string | null)[];
  readonly narrowings?: readonly Narrowing<Item>[];
  readonly columns: readonly Column<Item>[];
  /** What is shown above the list, of those that fit. */
  readonly above?: (items: readonly Item[]) => ReactNode;
}

/** A page of one list that is searched by words, and narrowed by choices. */
export function SearchedPage<Item extends { readonly uuid: string }>(props: SearchedPageProps<Item>) {
  const { texts, actions, list, wordsOf, narrowings = [], columns, above } = props;
  const { advice = texts.emptyAdvice !== undefined && <p>{texts.emptyAdvice}</p> } = props;
  const [filters, change] = useFilters(['q', ...narrowings.map(({ name }) => name)]);
  const isKept = (item: Item): boolean =>
    fits(filters['q'], ...wordsOf(item)) && narrowings.every(({ name, keeps }) => keeps(item, filters[name] ?? ''));
  const items = itemsOf(list).filter(isKept);
  return (
    <>
      <PageHead title={texts.title} actions={actions} />
      <div className="filters">
        <SearchField label={texts.search} value={filters['q'] ?? ''} onChange={(q) => change({ q })} />
        {narrowings.map(({ name, keeps: _, ...choice }) => (
          <Choice
            key={name}
            {...choice}
            value={filters[name] ?? ''}
            onChange={(chosen) => change({ [name]: chosen })}
          />
        ))}
      </div>
      {above?.(items)}
      <Listed
        {...{ list, items, columns }}
        label={texts.list}
        keyOf={({ uuid }) => uuid}
        empty={
          <NothingListed isFiltered={Object.keys(filters).length > 0} title={texts.empty}>
            {advice}
          </NothingListed>
        }
      />
    </>
  );
}
