import { itemsOf, type ListPage, type ListResult } from '../data/use-resource.js';
import { Link, path } from '../navigation/link.js';
import { TEXTS } from '../texts.js';
import { ErrorNote } from './error-note.js';

interface UsedByProps<Item> {
  readonly title: string;
  readonly unused: string;
  /** Whole, as it is looked through here. */
  readonly list: ListResult<ListPage<Item>>;
  readonly uses: (item: Item) => boolean;
  /** Where each has its page. */
  readonly collection: string;
}

/** Who would be touched by a change. */
export function UsedBy<Item extends { readonly id: string; readonly uuid: string }>(props: UsedByProps<Item>) {
  const { title, unused, list, uses, collection } = props;
  const users = itemsOf(list).filter(uses);
  const isWhole = list.isSuccess && !list.hasNextPage;
  return (
    <section className="block">
      <h2>
        {title} {users.length > 0 && <span className="count">{users.length}</span>}
      </h2>
      {list.error !== null && <ErrorNote error={list.error} onRetry={() => void list.refetch()} />}
      {users.length === 0 && list.error === null && <p className="dim">{isWhole ? unused : TEXTS.loading}</p>}
      <ul className="words">
        {users.map(({ id, uuid }) => (
          <li key={uuid}>
            <Link to={path(collection, id)}>{id}</Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
