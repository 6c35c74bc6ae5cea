import { named, useTemplates } from '../../data/definitions.js';
import { Link, path } from '../../navigation/link.js';

/** A template as people know it, where the reader may see it; else its uuid. */
export function TemplateName({ uuid }: { readonly uuid: string }) {
  const id = named(useTemplates(), uuid)?.id;
  return id === undefined ? <code className="dim">{uuid}</code> : <Link to={path('templates', id)}>{id}</Link>;
}
