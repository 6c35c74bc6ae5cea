import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { TEXTS } from '../texts.js';
import { ErrorNote } from './error-note.js';
import { PageHead } from './page-head.js';

interface LoadedProps<Data> {
  readonly query: UseQueryResult<Data>;
  /** What the page is of, where this is the page: it has a head as long as nothing has been read. */
  readonly title?: string;
  readonly children: (data: Data) => ReactNode;
}

/** What has been read; while it is read, that it is; and why it could not be. What was read before stays in sight. */
export function Loaded<Data>({ query, title, children }: LoadedProps<Data>) {
  const { data, error, refetch } = query;
  return (
    <>
      {data === undefined && title !== undefined && <PageHead title={title} />}
      {error !== null && <ErrorNote error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <p className="loading">{TEXTS.loading}</p>}
      {data !== undefined && children(data)}
    </>
  );
}

/** A list with nothing in it: says why, and what comes next. */
export function Empty({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  return (
    <div className="empty">
      <p className="empty-title">{title}</p>
      {children}
    </div>
  );
}
