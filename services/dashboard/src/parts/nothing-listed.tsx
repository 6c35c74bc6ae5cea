import type { ReactNode } from 'react';
import { useLocation } from 'wouter';
import { Link } from '../navigation/link.js';
import { TEXTS } from '../texts.js';
import { Empty } from './loaded.js';

interface NothingListedProps {
  /** Then there may be some, which do not fit. */
  readonly isFiltered: boolean;
  readonly title: string;
  /** What to do about it. */
  readonly children?: ReactNode;
}

/** In place of a list with nothing in it. */
export function NothingListed({ isFiltered, title, children }: NothingListedProps) {
  const [place] = useLocation();
  if (!isFiltered) return <Empty title={title}>{children}</Empty>;
  return (
    <Empty title={TEXTS.listing.noMatch}>
      <Link to={place}>{TEXTS.listing.showAll}</Link>
    </Empty>
  );
}
