import { named, useEndpoints } from '../../data/definitions.js';
import { Link, path } from '../../navigation/link.js';

/** An endpoint as people know it, where the reader may see it; else its uuid. */
export function EndpointName({ uuid }: { readonly uuid: string }) {
  const id = named(useEndpoints(), uuid)?.id;
  return id === undefined ? <code className="dim">{uuid}</code> : <Link to={path('endpoints', id)}>{id}</Link>;
}
