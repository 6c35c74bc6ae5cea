import { Link, path } from '../navigation/link.js';
import { TEXTS } from '../texts.js';

interface GrantsLinkProps {
  readonly collection: 'endpoints' | 'templates' | 'apis' | 'migrations';
  readonly on: { readonly id: string; readonly actions: readonly string[] };
}

/** To who has another level on a resource, for those who may give one. */
export function GrantsLink({ collection, on: { id, actions } }: GrantsLinkProps) {
  if (!actions.includes('grant')) return null;
  return (
    <Link className="button" to={path('grants', collection, id)}>
      {TEXTS.grants.title}
    </Link>
  );
}
