import { Link } from '../navigation/link.js';

interface Tab {
  readonly id: string;
  readonly label: string;
  readonly to: string;
  readonly count?: number | undefined;
}

/** Parts of a page that have addresses of their own. */
export function Tabs({
  label,
  tabs,
  current,
}: {
  readonly label: string;
  readonly tabs: readonly Tab[];
  readonly current: string;
}) {
  return (
    <nav className="tabs" aria-label={label}>
      {tabs.map(({ id, label: name, to, count }) => (
        <Link key={id} to={to} aria-current={id === current ? 'page' : undefined}>
          {name}
          {count !== undefined && count > 0 && <span className="count">{count}</span>}
        </Link>
      ))}
    </nav>
  );
}
