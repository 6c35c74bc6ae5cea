import { useEffect, type ReactNode } from 'react';
import { TEXTS } from '../texts.js';

interface PageHeadProps {
  readonly title: string;
  /** Where it belongs: a link. */
  readonly above?: ReactNode;
  readonly beside?: ReactNode;
  readonly actions?: ReactNode;
}

/** The head of a page; also names the window. */
export function PageHead({ title, above, beside, actions }: PageHeadProps) {
  useEffect(() => {
    document.title = `${title} · ${TEXTS.product}`;
  }, [title]);
  return (
    <header className="page-head">
      {above !== undefined && <p className="page-above">{above}</p>}
      <div className="page-title">
        <h1 tabIndex={-1}>{title}</h1>
        {beside}
        {actions !== undefined && <div className="page-actions">{actions}</div>}
      </div>
    </header>
  );
}
